"""Customers: their records, places and contacts, and whether they may ask for work."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import languages
from app.actor import Actor
from app.errors import N_, Forbidden, NotFound
from app.models import Company, Contact, Customer, Location
from app.services import access
from app.services.form import FormReader, Raw
from workflows.rules import Refusal

ACCESS_LEVELS: Final = ("full", "read_only", "none")
REQUESTS: Final = ("inherit", "on", "off")
CHANNELS: Final = ("email", "sms")
_MAX_SLA_HOURS: Final = 24 * 365
_KEEPERS: Final = ("owner", "dispatcher", "office", "system")


def get(session: Session, customer_id: int) -> Customer:
    """Return a customer, archived ones too. Raises NotFound."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFound("customer", customer_id)
    return customer


def create(session: Session, actor: Actor, raw: Raw, *, at: datetime) -> Customer:
    """Add a customer, with a first location when ``raw`` has a street.

    Raises Forbidden and Invalid.
    """
    _only_keepers(actor)
    form = FormReader(raw)
    customer = Customer(name=form.text("name", required=True) or "", created_at=at)
    _read_onto(customer, form, actor, at)
    form.check()
    session.add(customer)
    session.flush()  # for customer.id, which the location names
    if form.text("street"):
        session.add(_read_location(Location(customer_id=customer.id), form))
        form.check()
    return customer


def update(session: Session, actor: Actor, customer_id: int, raw: Raw, *, at: datetime) -> Customer:
    """Change a customer's record; only the fields that ``raw`` has.

    A new mail address ends links and sessions, and both addresses are told (Source: D25).
    Raises Forbidden, NotFound and Invalid.
    """
    _only_keepers(actor)
    customer = get(session, customer_id)
    old_email = customer.email
    form = FormReader(raw)
    with session.no_autoflush:
        _read_onto(customer, form, actor, at)
    form.check()
    if customer.email != old_email:
        access.change_address(session, customer, old_email, at=at)
    return customer


def choose_contact(session: Session, actor: Actor, raw: Raw) -> Customer:
    """Set how a customer wishes to be told, and in which language; nothing else of the record.

    Source: features 106 and 185. Raises Forbidden for anybody but the customer, and Invalid.
    """
    if actor.kind != "customer" or actor.id is None:
        raise Forbidden(N_("Customers choose this for themselves."))
    customer, form = get(session, actor.id), FormReader(raw)
    channel = form.choice("channel", CHANNELS, default=customer.channel)
    language = form.choice("language", languages.SHIPPED, default=customer.language)
    if channel == "sms" and not customer.phone:
        form.complain("channel", N_("There is no phone number on record. Call us to add one."))
    form.check()
    customer.channel, customer.language = channel, language
    return customer


def archive(session: Session, actor: Actor, customer_id: int, *, at: datetime) -> Customer:
    """Take a customer out of lists and the portal; what was done for them stays.

    Raises Forbidden and NotFound.
    """
    _only_keepers(actor)
    customer = get(session, customer_id)
    customer.archived_at = customer.archived_at or at
    access.end_customer_access(session, customer, at=at)
    return customer


def restore(session: Session, actor: Actor, customer_id: int) -> Customer:
    """Bring an archived customer back. Raises Forbidden and NotFound."""
    _only_keepers(actor)
    customer = get(session, customer_id)
    customer.archived_at = None
    return customer


def add_location(session: Session, actor: Actor, customer_id: int, raw: Raw) -> Location:
    """Add a place of a customer's. Raises Forbidden, NotFound and Invalid."""
    _only_keepers(actor)
    form = FormReader(raw)
    location = _read_location(Location(customer_id=get(session, customer_id).id), form)
    form.check()
    session.add(location)
    return location


def add_contact(session: Session, actor: Actor, customer_id: int, raw: Raw) -> Contact:
    """Add a person at a customer's. Raises Forbidden, NotFound and Invalid."""
    _only_keepers(actor)
    form = FormReader(raw)
    contact = Contact(
        customer_id=get(session, customer_id).id,
        name=form.text("name", required=True) or "",
        email=form.email("email"),
        phone=form.phone("phone"),
    )
    form.check()
    session.add(contact)
    return contact


def with_email(session: Session, email: str) -> list[Customer]:
    """Return those of the company who may sign in under a mail address, oldest first."""
    statement = select(Customer).where(Customer.email == email).order_by(Customer.id)
    return [customer for customer in session.scalars(statement) if customer.can_sign_in()]


def may_request(customer: Customer, company: Company) -> Refusal | None:
    """Return why a customer may not hand in a new request, None when they may.

    The button, the form and the step ask here alike. Source: features 29-31, 112-118, 123, 125.
    """
    if not company.has_portal_feature():
        return _refusal(N_("Requests are not part of this company's plan."))
    if not company.portal_enabled:
        return _refusal(N_("The portal is currently unavailable."))
    if not _is_switched_on(customer, company):
        return _refusal(N_("New requests are switched off at the moment. Please call us."))
    if customer.archived_at is not None or customer.access == "none":
        return _refusal(N_("Your account is closed. Please call us."))
    return _eligibility(customer, company)


def _is_switched_on(customer: Customer, company: Company) -> bool:
    # Source: preset C10, the company's switch is the default and each customer's own word stands
    # over it. Features 114 and 116 speak of the default: switched off, nobody may ask but those
    # for whom staff have said so by name.
    if customer.requests == "inherit":
        return company.requests_enabled
    return customer.requests == "on"


def _eligibility(customer: Customer, company: Company) -> Refusal | None:
    if company.eligibility != "any_account" and customer.access != "full":
        return _refusal(N_("Your account can look but not ask for work. Please call us."))
    # Said by name, a customer needs no onboarding either. Source: feature 123.
    is_set_up = customer.onboarded_at is not None or customer.requests == "on"
    if company.eligibility == "onboarded" and not is_set_up:
        return _refusal(N_("You can ask for work here once we have set you up. Please call us."))
    return None


def _refusal(msgid: str) -> Refusal:
    return Refusal("condition", msgid)


def _only_keepers(actor: Actor) -> None:
    if actor.role not in _KEEPERS:
        raise Forbidden(N_("Your role may not change customers."))


def _read_onto(customer: Customer, form: FormReader, actor: Actor, at: datetime) -> None:
    if form.has("name"):
        customer.name = form.text("name", required=True) or customer.name
    if form.has("email"):
        customer.email = form.email("email")
    if form.has("phone"):
        customer.phone = form.phone("phone")
    if form.has("sla_hours"):
        customer.sla_hours = form.number("sla_hours", low=1, high=_MAX_SLA_HOURS)
    if form.has("notes"):
        customer.notes = form.long_text("notes")
    if form.has("onboarded"):
        customer.onboarded_at = (customer.onboarded_at or at) if form.flag("onboarded") else None
    _read_choices(customer, form, actor)


def _read_choices(customer: Customer, form: FormReader, actor: Actor) -> None:
    choices = (
        ("language", languages.SHIPPED, actor.language),
        ("channel", CHANNELS, "email"),
        ("access", ACCESS_LEVELS, "full"),
        ("requests", REQUESTS, "inherit"),
    )
    for name, allowed, default in choices:
        now = getattr(customer, name) or default
        setattr(customer, name, form.choice(name, allowed, default=now))


def _read_location(location: Location, form: FormReader) -> Location:
    location.name = form.text("location_name")
    location.street = form.text("street", required=True) or ""
    location.postcode = form.text("postcode", limit=20)
    location.city = form.text("city")
    location.country = form.text("country", limit=2)
    location.notes = form.long_text("location_notes")
    return location
