"""Customers with their places, people, requests and jobs, and their way into the portal."""

from typing import Any, Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.contrib.sqla.filters import FilterEqual
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from admin_views import customer_page, formats
from admin_views.base import (
    OFFICE,
    PLANNERS,
    Doors,
    actor,
    form_data,
    opens_to,
    see_other,
)
from admin_views.lookups import Lookup
from admin_views.records import RecordView
from app import clock, languages
from app.db import transaction
from app.models import Customer
from app.services import access, customers, signups

ACCESS: Final = {
    "full": _l("Full: look and ask for work"),
    "read_only": _l("Look only"),
    "none": _l("No access"),
}
SHORT: Final = {"full": _l("Full"), "read_only": _l("Look only"), "none": _l("No access")}
REQUESTS: Final = {
    "inherit": _l("As the company's setting says"),
    "on": _l("May send requests, whatever the company’s setting says"),
    "off": _l("May not send requests"),
}
CHANNELS: Final = {"email": _l("By e-mail"), "sms": _l("By SMS")}


def _select(label: Any, options: dict[str, Any]) -> SelectField:
    return SelectField(label, choices=lambda: list(options.items()), validate_choice=False)


class CustomerForm(FlaskForm):
    """A customer's record; the service checks it."""

    name = StringField(_l("Name"), render_kw={"required": True, "autocomplete": "off"})
    email = StringField(
        _l("E-mail"), description=_l("Sign-in links and messages go here."),
        render_kw={"inputmode": "email", "autocomplete": "off"},
    )  # fmt: skip
    phone = StringField(_l("Phone"), render_kw={"inputmode": "tel", "autocomplete": "off"})
    language = _select(_l("Language"), languages.SHIPPED)
    channel = _select(_l("Told"), CHANNELS)
    sla_hours = IntegerField(
        _l("Default hours to finish a job"), [Optional()],
        description=_l("A job without a deadline of its own gets this one, from its approval."),
    )  # fmt: skip
    access = _select(_l("Portal access"), ACCESS)
    requests = _select(_l("Service requests"), REQUESTS)
    notes = TextAreaField(_l("Notes for the team"))


class NewCustomerForm(CustomerForm):
    """A new customer, with a first address."""

    street = StringField(_l("Street"), description=_l("The first location; more can follow."))
    postcode = StringField(_l("Postcode"))
    city = StringField(_l("Town"))


class CustomerView(RecordView):
    """The customers and each one's own page."""

    doors = Doors(list=OFFICE, read=OFFICE, create=OFFICE, edit=OFFICE, export=OFFICE)
    form_ajax_refs = {"customer": Lookup("customer", Customer, ("name", "email", "phone"))}
    column_list = ("name", "email", "phone", "language", "access", "archived_at")
    column_searchable_list = ("name", "email", "phone")
    column_sortable_list = ("name",)
    column_filters = (
        FilterEqual(Customer.access, _l("Portal access"), options=lambda: list(SHORT.items())),
    )
    column_order = (("name", False), ("id", False))
    column_labels = {
        "name": _l("Name"), "email": _l("E-mail"), "phone": _l("Phone"),
        "language": _l("Language"), "access": _l("Portal access"), "archived_at": _l("Archived"),
    }  # fmt: skip
    column_formatters = {
        "email": formats.bdi, "phone": formats.phone, "access": formats.chosen(SHORT),
        "language": formats.chosen(languages.SHIPPED),
    }  # fmt: skip
    one = _l("customer")
    empty_text = _l("Add the people you work for. Each can get a portal of their own.")

    def get_create_form(self) -> type[FlaskForm]:
        """Return the form of a new customer."""
        return NewCustomerForm

    def get_edit_form(self) -> type[FlaskForm]:
        """Return the form of a customer on record."""
        return CustomerForm

    def search_placeholder(self) -> str:
        """Return what the search box looks through."""
        return _("Name, e-mail or phone")

    def get_query(self) -> Any:
        """Leave out who has not proven the address of a new account: they do not count yet."""
        return super().get_query().filter(signups.counts())

    def get_count_query(self) -> Any:
        """Count what ``get_query`` lists."""
        return super().get_count_query().filter(signups.counts())

    def save(self, session: Session, form: FlaskForm, row: Any | None) -> Any:
        """Have the service write the record: a changed address has consequences. Source: D25."""
        raw, at = form_data(), clock.now()
        if row is None:
            return customers.create(session, actor(), raw, at=at)
        return customers.update(session, actor(), row.id, raw, at=at)

    def row_url(self, row: Any) -> str:
        """Return where a row of the list leads."""
        return url_for(".page", key=row.id)

    def saved_url(self, row: Any) -> str:
        """Return to the customer's page."""
        return self.row_url(row)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """Lead an address as Flask-Admin makes it to the customer's page."""
        return redirect(self.row_url(self.get_one(request.args.get("id"))))

    @expose("/<int:key>")
    @opens_to(OFFICE)
    def page(self, key: int) -> ResponseReturnValue:
        """Show everything about one customer. Source: feature 132."""
        row = self.get_one(key)
        return self.render("staff/customer.html", **customer_page.context(row, actor()))

    @expose("/<int:key>/portal/resend", methods=("POST",))
    @opens_to(OFFICE)
    def resend(self, key: int) -> ResponseReturnValue:
        """Mail a new link; the older one ends. Source: features 132-133."""
        with transaction() as session:
            access.resend(session, key, actor(), at=clock.now())
        flash(_("A new link is on its way. The older one no longer works."), "success")
        return see_other(url_for(".page", key=key))

    @expose("/<int:key>/portal/grant", methods=("POST",))
    @opens_to(OFFICE)
    def grant(self, key: int) -> ResponseReturnValue:
        """Open the portal to a customer by hand. Source: feature 138."""
        with transaction() as session:
            access.grant(session, key, actor(), at=clock.now())
        flash(_("Portal access is open, and the first link is on its way."), "success")
        return see_other(url_for(".page", key=key))

    @expose("/<int:key>/portal/withdraw", methods=("POST",))
    @opens_to(OFFICE)
    def withdraw(self, key: int) -> ResponseReturnValue:
        """Shut a customer out: links and sessions end at once."""
        with transaction() as session:
            row = customers.update(session, actor(), key, {"access": "none"}, at=clock.now())
            access.end_customer_access(session, row, at=clock.now())
        flash(_("Portal access is off. Open links and sessions have ended."), "success")
        return see_other(url_for(".page", key=key))

    @expose("/<int:key>/requests", methods=("POST",))
    @opens_to(PLANNERS)
    def requests_switch(self, key: int) -> ResponseReturnValue:
        """Set whether this customer may send requests, whatever the company's switch says."""
        chosen = {"requests": request.form.get("requests", "inherit")}
        with transaction() as session:
            customers.update(session, actor(), key, chosen, at=clock.now())
        flash(_("Saved."), "success")
        return see_other(url_for(".page", key=key))

    @expose("/<int:key>/onboarded", methods=("POST",))
    @opens_to(PLANNERS)
    def onboarded(self, key: int) -> ResponseReturnValue:
        """Mark a customer as set up, or take the mark back. Source: feature 31."""
        chosen = {"onboarded": request.form.get("onboarded", "")}
        with transaction() as session:
            customers.update(session, actor(), key, chosen, at=clock.now())
        flash(_("Saved."), "success")
        return see_other(url_for(".page", key=key))

    @expose("/<int:key>/archive", methods=("POST",))
    @opens_to(OFFICE)
    def archive(self, key: int) -> ResponseReturnValue:
        """Take a customer out of lists and the portal, or bring them back."""
        with transaction() as session:
            if request.form.get("archived") == "no":
                customers.restore(session, actor(), key)
            else:
                customers.archive(session, actor(), key, at=clock.now())
        return see_other(url_for(".page", key=key))
