"""Locations and contacts: the places and people that belong to a customer."""

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from admin_views import formats
from admin_views.base import OFFICE, Doors, clean_id
from admin_views.catalogue import Archivable
from admin_views.fields import RowField, tidy
from admin_views.lookups import Lookup
from admin_views.records import RecordView
from app.models import Customer

_CUSTOMERS = Lookup("customer", Customer, ("name", "email"))


class LocationForm(Archivable):
    """A place where work is done."""

    customer_id = RowField(_l("Customer"), Customer, lookup="customer")
    name = StringField(
        _l("Name"), [Length(max=200)], filters=[tidy],
        description=_l("What people call it, such as “Holiday flat”."),
    )  # fmt: skip
    street = StringField(_l("Street"), [InputRequired(), Length(max=200)], filters=[tidy])
    postcode = StringField(_l("Postcode"), [Length(max=20)], filters=[tidy])
    city = StringField(_l("Town"), [Length(max=200)], filters=[tidy])
    country = StringField(_l("Country"), [Length(max=2)], filters=[tidy],
                          description=_l("Two letters, such as DE."))  # fmt: skip
    notes = TextAreaField(_l("Notes for the technician"), [Length(max=5000)], filters=[tidy])


class ContactForm(Archivable):
    """A person at a customer's."""

    customer_id = RowField(_l("Customer"), Customer, lookup="customer")
    name = StringField(_l("Name"), [InputRequired(), Length(max=200)], filters=[tidy])
    email = StringField(
        _l("E-mail"), [Optional(), Email(), Length(max=200)],
        filters=[tidy, lambda text: text.lower() if text else None],
    )  # fmt: skip
    phone = StringField(_l("Phone"), [Length(max=40)], filters=[tidy])


class _OfCustomer(RecordView):
    """A row that belongs to a customer, whose page one comes from and goes back to."""

    doors = Doors(list=OFFICE, create=OFFICE, edit=OFFICE, export=OFFICE)
    form_ajax_refs = {"customer": _CUSTOMERS}

    def create_form(self, obj: Any = None) -> FlaskForm:
        """Return the form, for the customer whose page led here."""
        form = super().create_form(obj)
        chosen = clean_id(request.args.get("customer"))
        if request.method == "GET" and chosen:
            form.customer_id.data = chosen
        return form

    def saved_url(self, row: Any) -> str:
        """Return to the customer's page."""
        return url_for("customers.page", key=row.customer_id)


class LocationView(_OfCustomer):
    """All places, to search through."""

    form = LocationForm
    column_list = ("street", "postcode", "city", "name", "customer", "archived_at")
    column_searchable_list = ("street", "city", "name")
    column_sortable_list = ("street", "city")
    column_labels = {
        "street": _l("Street"), "postcode": _l("Postcode"), "city": _l("Town"),
        "name": _l("Name"), "customer": _l("Customer"), "archived_at": _l("Archived"),
    }  # fmt: skip
    one = _l("location")


class ContactView(_OfCustomer):
    """All people at customers', to search through."""

    form = ContactForm
    column_list = ("name", "email", "phone", "customer", "archived_at")
    column_searchable_list = ("name", "email", "phone")
    column_sortable_list = ("name",)
    column_labels = {
        "name": _l("Name"), "email": _l("E-mail"), "phone": _l("Phone"),
        "customer": _l("Customer"), "archived_at": _l("Archived"),
    }  # fmt: skip
    column_formatters = {"email": formats.bdi, "phone": formats.phone}
    one = _l("contact")
