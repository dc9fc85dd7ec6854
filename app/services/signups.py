"""New customers who sign up themselves: verified by mail, then let in or looked at by staff.

Until the mailed link is used nothing of a sign-up counts: its customer lies in the archive,
marked as unverified. Source: features 174-175 and preset C8.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app import outbox
from app.actor import Actor
from app.errors import N_, Conflict, Forbidden, NotFound
from app.models import Company, Customer, Location, SignInLink
from app.services import customers, links, sessions
from app.services.form import FormReader, Raw

UNVERIFIED: Final = "unverified"
WON: Final = "won"
LOST: Final = "lost"
_STALE: Final = N_("This link was used already, or is too old. Create your account once more.")
_DECIDED: Final = N_("Somebody has decided about this account already.")


@dataclass(frozen=True)
class Arrival:
    """A verified sign-up; ``token`` begins a session, None while staff has to agree first."""

    customer_id: int
    token: str | None


def is_open(company: Company) -> bool:
    """Return True while strangers may sign up."""
    return company.signup in ("approval_needed", "open") and company.closed_at is None


def ask(session: Session, raw: Raw, *, language: str, at: datetime) -> None:
    """Note a sign-up and mail the link that verifies it; a known customer gets a way in instead.

    Says nothing either way, so that nobody learns who is a customer. Raises Invalid.
    """
    typed = check(raw)
    known = _with_email(session, typed["email"] or "")
    for customer in known:
        if customer.can_sign_in():
            links.issue(session, customer, links.Offer(links.PORTAL, links.ASKED_FOR), at=at)
            return
    waiting = [one for one in known if one.lead_outcome == UNVERIFIED]
    if known and not waiting:
        return  # a closed account, or one that staff has yet to answer
    customer = _put(session, waiting[0] if waiting else None, typed, language, at)
    links.issue(session, customer, links.Offer(links.SIGN_UP, links.SENT_BY_STAFF), at=at)


def check(raw: Raw) -> dict[str, str | None]:
    """Return what was typed, cleaned. Raises Invalid."""
    form = FormReader(raw)
    typed = {
        "name": form.text("name", required=True),
        "email": form.email("email", required=True),
        "phone": form.phone("phone"),
        "street": form.text("street", required=True),
        "postcode": form.text("postcode", limit=20),
        "city": form.text("city"),
    }
    form.check()
    return typed


def look(session: Session, token: str, *, at: datetime) -> bool:
    """Return True while a mailed link can still verify its sign-up; looking uses nothing up."""
    link = links.find(session, token, links.SIGN_UP)
    return link is not None and link.is_open(at)


def verify(session: Session, token: str, *, agent: str, at: datetime) -> Arrival:
    """Let a sign-up count: its address has been proven. Raises Conflict for a stale link."""
    link = links.find(session, token, links.SIGN_UP)
    customer = _behind(session, link)
    if link is None or customer is None:
        raise Conflict(_STALE)
    links.spend(session, link, at=at)
    company = session.get_one(Company, customer.company_id)
    if not is_open(company):
        raise Conflict(N_("New accounts are switched off at the moment. Please call us."))
    known = next((one for one in _with_email(session, link.sent_to) if one.can_sign_in()), None)
    if known is not None:  # somebody made their record meanwhile: this one never counted
        return Arrival(known.id, sessions.begin(session, known, agent=agent, at=at))
    customer.archived_at, customer.lead_outcome = None, None
    customer.signed_up_at = customer.created_at = at
    _tell_company(session, customer, at)
    if company.signup == "approval_needed":
        return Arrival(customer.id, None)
    customer.access, customer.portal_since = "full", at
    session.flush()
    return Arrival(customer.id, sessions.begin(session, customer, agent=agent, at=at))


def accept(session: Session, actor: Actor, customer_id: int, *, at: datetime) -> Customer:
    """Let somebody in who signed up, and mail them a link. Raises as ``refuse`` does."""
    customer = _undecided(session, actor, customer_id)
    customer.access, customer.lead_outcome = "full", WON
    customer.portal_since = customer.portal_since or at
    offer = links.Offer(links.PORTAL, links.SENT_BY_STAFF, message="portal.sign_up_accepted")
    links.issue(session, customer, offer, at=at)
    return customer


def refuse(session: Session, actor: Actor, customer_id: int, *, at: datetime) -> Customer:
    """Turn somebody down who signed up, and tell them.

    Raises Forbidden, NotFound, and Conflict when somebody has answered already.
    """
    customer = _undecided(session, actor, customer_id)
    customer.lead_outcome = LOST
    customers.archive(session, actor, customer_id, at=at)
    _tell(session, customer, f"customer:{customer.id}", "portal.sign_up_refused", at)
    return customer


def counts() -> ColumnElement[bool]:
    """Return the condition for customers who are more than an unverified wish."""
    return or_(Customer.lead_outcome.is_(None), Customer.lead_outcome != UNVERIFIED)


def waits(customer: Customer) -> bool:
    """Return True while staff has to answer a sign-up."""
    return (
        customer.signed_up_at is not None
        and customer.lead_outcome is None
        and customer.access == "none"
        and customer.archived_at is None
    )


def _put(
    session: Session,
    customer: Customer | None,
    typed: dict[str, str | None],
    language: str,
    at: datetime,
) -> Customer:
    """Store what was typed, over an older try that was never verified."""
    if customer is None:
        customer = Customer(name="", created_at=at, access="none", lead_outcome=UNVERIFIED)
        customer.archived_at = at
        session.add(customer)
    customer.name, customer.email = typed["name"] or "", typed["email"]
    customer.phone, customer.language = typed["phone"], language
    session.flush()  # for customer.id, which the place and the link name
    place = customer.locations[0] if customer.locations else Location(customer_id=customer.id)
    place.street, place.postcode, place.city = (
        typed["street"] or "", typed["postcode"], typed["city"],
    )  # fmt: skip
    session.add(place)
    return customer


def _with_email(session: Session, email: str) -> list[Customer]:
    statement = select(Customer).where(Customer.email == email).order_by(Customer.id.desc())
    return list(session.scalars(statement))


def _behind(session: Session, link: SignInLink | None) -> Customer | None:
    customer = session.get(Customer, link.customer_id) if link else None
    fits = customer is not None and customer.lead_outcome == UNVERIFIED
    return customer if fits and link and customer and customer.email == link.sent_to else None


def _undecided(session: Session, actor: Actor, customer_id: int) -> Customer:
    if actor.role not in ("owner", "dispatcher"):
        raise Forbidden(N_("Your role may not decide about new accounts."))
    customer = session.get(Customer, customer_id)
    if customer is None or customer.signed_up_at is None:
        raise NotFound("sign-up", customer_id)
    if not waits(customer):
        raise Conflict(_DECIDED)
    return customer


def _tell_company(session: Session, customer: Customer, at: datetime) -> None:
    _tell(session, customer, f"company:{customer.company_id}", "portal.signed_up", at)


def _tell(session: Session, customer: Customer, to: str, message: str, at: datetime) -> None:
    promise = outbox.Promise(
        key=f"{message}-{customer.id}",
        topic="message",
        payload={"message": message},
        subject="customer",
        subject_id=customer.id,
        recipient=to,
    )
    outbox.post(session, promise, at=at)
