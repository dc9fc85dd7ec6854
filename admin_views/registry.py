"""Every staff view there is, in the order of the menu."""

from typing import Any

from flask import Flask
from flask_admin import Admin, BaseView
from flask_admin.menu import MenuView
from flask_admin.theme import Bootstrap4Theme
from flask_babel import lazy_gettext as _l

from admin_views.bulk import BulkView
from admin_views.calendar import HolidayView, OpeningHoursView
from admin_views.catalogue import (
    AssetView,
    CategoryView,
    PartView,
    PlanView,
    ServiceView,
    SkillView,
)
from admin_views.companies import CompaniesView
from admin_views.customers import CustomerView
from admin_views.estimates import EstimatesView
from admin_views.home import HomeView
from admin_views.jobs import JobsView
from admin_views.leads import LeadsView
from admin_views.me import MeView
from admin_views.media import PhotosView
from admin_views.message_texts import MessageTextsView
from admin_views.messages import MessagesView
from admin_views.people import StaffView
from admin_views.places import ContactView, LocationView
from admin_views.preset_switch import PresetSwitchView
from admin_views.requests import RequestsView
from admin_views.settings import SettingsView
from admin_views.settings_bookable import BookableView
from admin_views.settings_notifications import NotificationsView
from admin_views.settings_requests import RequestSettingsView
from admin_views.signups import SignUpsView
from admin_views.undo import UndoView
from admin_views.workflow_parts import WorkflowPartsView
from admin_views.workflow_publishing import WorkflowPublishingView
from admin_views.workflows import WorkflowsView
from app import models
from app.web import headers

OFFICE = _l("Office")


def views() -> list[BaseView]:
    """Return fresh views, for one app."""
    return [
        RequestsView(_l("Requests"), "requests", icon="inbox"),
        JobsView(_l("Jobs"), "jobs", icon="wrench"),
        LeadsView(_l("Leads"), "leads", icon="money"),
        EstimatesView(_l("Estimates"), "estimates", icon="doc"),
        CustomerView(models.Customer, _l("Customers"), "customers", icon="people"),
        LocationView(models.Location, _l("Locations"), "locations", group="customers"),
        SignUpsView(_l("New accounts"), "signups", group="customers"),
        ContactView(models.Contact, _l("Contacts"), "contacts", group="customers"),
        PlanView(models.ClientService, _l("Plans"), "plans", group="customers"),
        AssetView(models.Asset, _l("Assets"), "assets", group="customers"),
        MessagesView(_l("Messages"), "messages", icon="mail", category=OFFICE),
        ServiceView(models.Service, _l("Services"), "services", icon="doc", category=OFFICE),
        CategoryView(models.ServiceCategory, _l("Categories"), "categories", group="services"),
        SkillView(models.Skill, _l("Skills"), "skills", group="services"),
        PartView(models.Part, _l("Parts"), "parts", group="services"),
        StaffView(models.Staff, _l("Team"), "staff", icon="people", category=OFFICE),
        WorkflowsView(_l("Workflows"), "workflows", icon="flow", category=OFFICE),
        WorkflowPartsView(_l("Workflows"), "workflow-parts", group="workflows"),
        WorkflowPublishingView(_l("Workflows"), "workflow-publishing", group="workflows"),
        MessageTextsView(_l("Message texts"), "message-texts", icon="edit", category=OFFICE),
        SettingsView(_l("Settings"), "settings", icon="gear", category=OFFICE),
        RequestSettingsView(_l("How requests work"), "request-settings", group="settings"),
        PresetSwitchView(_l("Ways of taking requests"), "preset-switch", group="settings"),
        NotificationsView(_l("Notifications"), "notifications", group="settings"),
        BookableView(_l("Bookable services"), "bookable", group="settings"),
        OpeningHoursView(
            models.OpeningHours, _l("Opening hours"), "opening-hours", group="settings"
        ),
        HolidayView(models.Holiday, _l("Holidays"), "holidays", group="settings"),
        BulkView(_l("Requests"), "bulk", group="requests"),
        UndoView(_l("Undo"), "undo"),
        MeView(_l("My settings"), "me"),
        PhotosView(_l("Photos"), "photos"),
        CompaniesView(_l("New company"), "companies"),
    ]


def register(app: Flask) -> None:
    """Hang every staff view into ``app``."""
    from admin_views import access

    app.register_blueprint(access.bp)
    home = HomeView(_l("Home"), "", icon="home")
    theme = Bootstrap4Theme(base_template="staff/base.html")
    admin = StaffAdmin(
        app, "Callout", index_view=home, theme=theme, csp_nonce_generator=headers.nonce
    )
    admin.add_views(*views())


class StaffAdmin(Admin):
    """Flask-Admin, with menu lines that stay lit on every page of their group."""

    def _add_view_to_menu(self, view: Any) -> None:
        self.add_menu_item(GroupItem(view.name, view), view.category)


class GroupItem(MenuView):
    """A line in the menu that stands for a group of views."""

    def is_active(self, view: Any) -> bool:
        """Return True on every page of the group."""
        return bool(view.group == self._view.group)
