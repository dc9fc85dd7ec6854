"""What a company offers and works with: categories, services, skills, parts, assets, plans."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin_views.base import OFFICE, OWNER, PLANNERS, Doors
from admin_views.fields import CentsField, RowField, WordsField, tidy, zero
from admin_views.lookups import Lookup
from admin_views.records import RecordView
from app import clock
from app.models import (
    ClientService,
    Customer,
    Location,
    Service,
    ServiceCategory,
)

_PLACE = NumberRange(0, 10_000)


class Archivable(FlaskForm):
    """A form whose last box takes the row out of lists without losing what points at it."""

    archived = BooleanField(_l("Archived: kept, but no longer offered"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields["archived"] = self._fields.pop("archived")  # last, whatever comes before
        stored = kwargs.get("obj")
        if stored is not None and not self.is_submitted():
            self.archived.data = stored.archived_at is not None

    def populate_obj(self, obj: Any) -> None:
        """Write the fields and the moment of archiving."""
        archived = self.archived.data
        for name, field in self._fields.items():
            if name not in ("archived", "csrf_token"):
                field.populate_obj(obj, name)
        obj.archived_at = (obj.archived_at or clock.now()) if archived else None


class CategoryForm(Archivable):
    """One of the kinds of work the request form offers."""

    label = WordsField(_l("Name"), required=True)
    position = IntegerField(_l("Place in the list"), [Optional(), _PLACE], filters=[zero])


class CategoryView(RecordView):
    """The service categories; a new company begins with six. Source: feature 6."""

    form = CategoryForm
    doors = Doors(list=PLANNERS, create=OWNER, edit=OWNER, export=OWNER)
    column_list = ("label", "key", "position", "archived_at")
    column_labels = {
        "label": _l("Name"), "key": _l("Key"), "position": _l("Place"),
        "archived_at": _l("Archived"),
    }  # fmt: skip
    column_order = (("position", False), ("id", False))
    one = _l("category")

    def new_row(self, session: Session, form: FlaskForm) -> ServiceCategory:
        """Return a category with the key that definitions may name it by."""
        return ServiceCategory(key=_free_key(session, form["label"].data))


class ServiceForm(Archivable):
    """Something the company does at a price."""

    name = WordsField(_l("Name"), required=True)
    description = WordsField(_l("What customers read about it"), limit=1000)
    category_id = RowField(_l("Category"), ServiceCategory, optional=True)
    price_cents = CentsField(_l("Price"))
    duration_min = IntegerField(_l("Usual length in minutes"), [Optional(), NumberRange(1, 10_000)])
    bookable = BooleanField(_l("Customers may ask for it"), default=True)
    position = IntegerField(_l("Place in the list"), [Optional(), _PLACE], filters=[zero])


class ServiceView(RecordView):
    """The service catalogue."""

    form = ServiceForm
    doors = Doors(list=OFFICE, create=OWNER, edit=OWNER, export=OFFICE)
    column_list = ("name", "category", "price_cents", "duration_min", "bookable", "archived_at")
    column_labels = {
        "name": _l("Name"), "category": _l("Category"), "price_cents": _l("Price"),
        "duration_min": _l("Minutes"), "bookable": _l("Customers may ask"),
        "archived_at": _l("Archived"),
    }  # fmt: skip
    column_end = ("price_cents", "duration_min")
    column_order = (("position", False), ("id", False))
    one = _l("service")
    empty_text = _l("Add what you do, so that customers can pick it instead of describing it.")


class SkillForm(FlaskForm):
    """Something a technician can do."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=200)], filters=[tidy])


class SkillView(RecordView):
    """Skills a job may need."""

    form = SkillForm
    doors = Doors(list=PLANNERS, create=PLANNERS, edit=PLANNERS, delete=OWNER, export=OWNER)
    column_list = ("name",)
    column_labels = {"name": _l("Name")}
    column_order = (("name", False),)
    one = _l("skill")
    empty_text = _l("Skills such as “gas licence” can be asked for on a job.")


class PartForm(FlaskForm):
    """Something from the store."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=200)], filters=[tidy])
    number = StringField(_l("Part number"), [Length(max=64)], filters=[tidy])
    price_cents = CentsField(_l("Price"))
    stock = IntegerField(_l("In stock"), [Optional(), NumberRange(-(10**6), 10**6)], filters=[zero])


class PartView(RecordView):
    """Parts a job may use up."""

    form = PartForm
    doors = Doors(list=OFFICE, create=OFFICE, edit=OFFICE, delete=OWNER, export=OFFICE)
    column_list = ("name", "number", "price_cents", "stock")
    column_searchable_list = ("name", "number")
    column_labels = {
        "name": _l("Name"), "number": _l("Part number"), "price_cents": _l("Price"),
        "stock": _l("In stock"),
    }  # fmt: skip
    column_sortable_list = ("name", "stock")
    column_end = ("price_cents", "stock")
    one = _l("part")
    empty_text = _l("Parts can be put on a job with a quantity.")


class AssetForm(FlaskForm):
    """A thing that stands at a place and is looked after."""

    location_id = RowField(_l("Location"), Location, lookup="location")
    name = StringField(_l("Name"), [InputRequired(), Length(max=200)], filters=[tidy])
    serial = StringField(_l("Serial number"), [Length(max=200)], filters=[tidy])


class AssetView(RecordView):
    """Assets such as boilers and lifts."""

    form = AssetForm
    doors = Doors(list=PLANNERS, create=PLANNERS, edit=PLANNERS, delete=OWNER, export=PLANNERS)
    form_ajax_refs = {"location": Lookup("location", Location, ("street", "city", "name"))}
    column_list = ("name", "location", "serial")
    column_searchable_list = ("name", "serial")
    column_labels = {"name": _l("Name"), "location": _l("Location"), "serial": _l("Serial number")}
    one = _l("asset")
    empty_text = _l("Assets belong to a location, so that a job can say which boiler is meant.")


class PlanForm(FlaskForm):
    """A service that one customer has agreed on at one price."""

    customer_id = RowField(_l("Customer"), Customer, lookup="customer")
    location_id = RowField(_l("Location"), Location, lookup="location", optional=True)
    service_id = RowField(_l("Service"), Service)
    price_cents = CentsField(_l("Price agreed"))
    every_months = IntegerField(
        _l("Every so many months"), [Optional(), NumberRange(1, 240)],
        description=_l("Leave blank for a service that is done once."),
    )  # fmt: skip
    is_proposal = BooleanField(
        _l("Only proposed"),
        description=_l("A customer asked for it. Nothing is scheduled until you untick this."),
    )
    ended = BooleanField(_l("Ended"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = kwargs.get("obj")
        if stored is not None and not self.is_submitted():
            self.ended.data = stored.ended_at is not None

    def populate_obj(self, obj: Any) -> None:
        """Write the fields and the moment the plan ended."""
        names = (
            "customer_id", "location_id", "service_id", "price_cents", "every_months",
            "is_proposal",
        )  # fmt: skip
        for name in names:
            self._fields[name].populate_obj(obj, name)
        obj.ended_at = (obj.ended_at or clock.now()) if self.ended.data else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a location of another customer."""
        if not super().validate(extra_validators):
            return False
        location = self.location_id.data and self.location_id.row()
        if location and location.customer_id != self.customer_id.data:
            self.location_id.errors = [_l("This location belongs to another customer.")]
            return False
        return True


class PlanView(RecordView):
    """Client services: what a customer has agreed on."""

    form = PlanForm
    doors = Doors(list=OFFICE, create=OFFICE, edit=OFFICE, export=OFFICE)
    form_ajax_refs = {
        "customer": Lookup("customer", Customer, ("name", "email")),
        "location": Lookup("location", Location, ("street", "city", "name")),
    }
    column_list = (
        "customer", "service", "location", "price_cents", "every_months", "is_proposal", "ended_at",
    )  # fmt: skip
    column_labels = {
        "customer": _l("Customer"), "service": _l("Service"), "location": _l("Location"),
        "price_cents": _l("Price agreed"), "every_months": _l("Every months"),
        "is_proposal": _l("Only proposed"), "ended_at": _l("Ended"),
    }  # fmt: skip
    column_end = ("price_cents", "every_months")
    one = _l("plan")
    empty_text = _l("A plan says what a customer has agreed on, and at which price.")

    def new_row(self, session: Session, form: FlaskForm) -> ClientService:
        """Return a plan that begins now."""
        return ClientService(created_at=clock.now())


def _free_key(session: Session, words: dict[str, str]) -> str:
    base = "".join(c if c.isascii() and c.isalnum() else "_" for c in _first(words).lower())
    base = base.strip("_")[:40] or "category"
    taken = set(session.scalars(select(ServiceCategory.key)))
    numbered = (f"{base}_{n}" for n in range(2, 10_000))
    return base if base not in taken else next(key for key in numbered if key not in taken)


def _first(words: dict[str, str]) -> str:
    return words.get("en") or next(iter(words.values()), "")
