"""What a customer's page shows: the portal's state first, then what was asked and done."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from admin_views.base import company
from admin_views.cards import card_of
from admin_views.jobs import row_of
from admin_views.wording import Shown, state_of
from app import clock
from app.actor import Actor
from app.db import db
from app.errors import DomainError
from app.models import (
    Asset,
    ClientService,
    Contact,
    Customer,
    Estimate,
    Job,
    Location,
    SignInLink,
    WebSession,
)
from app.services import customers, requests
from app.web.words import in_words

_MOST = 10


@dataclass(frozen=True)
class Portal:
    """How a customer stands with the portal. Source: features 132-138."""

    state: Shown
    link: SignInLink | None
    last_seen: Any
    refused: str | None  # why no link can be sent, in words
    is_open: bool
    requests_refused: str | None


def context(customer: Customer, who: Actor) -> dict[str, Any]:
    """Return what the page draws; requests are left out for those who don't see them."""
    session = db.session()
    found: dict[str, Any] = {
        "customer": customer,
        "portal": portal_of(session, customer),
        "locations": _own(session, Location, customer),
        "contacts": _own(session, Contact, customer),
        "plans": _plans(session, customer),
        "assets": _assets(session, customer),
        "estimates": _estimates(session, customer),
        "cards": [],
        "jobs": [],
    }
    if who.may_review():
        rows = requests.for_customer(session, customer.id, limit=_MOST)
        found["cards"] = [card_of(session, row, who.role) for row in rows]
        found["jobs"] = [row_of(session, job) for job in _jobs(session, customer)]
    return found


def portal_of(session: Session, customer: Customer) -> Portal:
    """Return how the customer stands with the portal."""
    link = _newest_link(session, customer)
    seen = session.scalar(
        select(func.max(WebSession.seen_at)).where(WebSession.customer_id == customer.id)
    )
    refusal = customers.may_request(customer, company())
    return Portal(
        state=_state(customer, link, seen),
        link=link,
        last_seen=seen,
        refused=_why_no_link(customer),
        is_open=customer.portal_since is not None and customer.access != "none",
        requests_refused=in_words(DomainError(refusal.msgid, **refusal.params))
        if refusal
        else None,
    )


def _state(customer: Customer, link: SignInLink | None, seen: Any) -> Shown:
    if customer.archived_at or customer.access == "none" or not customer.email:
        return Shown(_("No access"), "neutral")
    if seen is not None:
        return Shown(_("Active"), "won")
    if link is not None:
        return Shown(_("Invited"), "customer")
    return Shown(_("Not invited yet"), "neutral")


def _why_no_link(customer: Customer) -> str | None:
    """Return why no link can be sent. Source: feature 137."""
    if customer.archived_at:
        return _("This customer is in the archive. Bring them back first.")
    if not customer.email:
        return _("There is no e-mail address on record, so no sign-in link can be sent. Add one.")
    ours = company()
    if not (ours.portal_enabled and ours.has_portal_feature()):
        return _("The customer portal is switched off, so links would not work.")
    return None


def _newest_link(session: Session, customer: Customer) -> SignInLink | None:
    statement = (
        select(SignInLink)
        .where(SignInLink.customer_id == customer.id, SignInLink.purpose == "portal")
        .order_by(SignInLink.id.desc())
        .limit(1)
    )
    link = session.scalars(statement).one_or_none()
    return link if link is not None and link.is_open(clock.now()) else None


def _own(session: Session, model: Any, customer: Customer) -> list[Any]:
    statement = select(model).where(model.customer_id == customer.id, model.archived_at.is_(None))
    return list(session.scalars(statement.order_by(model.id)))


def _plans(session: Session, customer: Customer) -> list[ClientService]:
    statement = (
        select(ClientService)
        .where(ClientService.customer_id == customer.id, ClientService.ended_at.is_(None))
        .options(joinedload(ClientService.service))
        .order_by(ClientService.id)
    )
    return list(session.scalars(statement))


def _assets(session: Session, customer: Customer) -> list[Asset]:
    statement = (
        select(Asset)
        .join(Location, Location.id == Asset.location_id)
        .where(Location.customer_id == customer.id)
        .order_by(Asset.id)
    )
    return list(session.scalars(statement))


def _estimates(session: Session, customer: Customer) -> list[dict[str, Any]]:
    statement = (
        select(Estimate)
        .where(Estimate.customer_id == customer.id)
        .order_by(Estimate.state_since.desc(), Estimate.id.desc())
        .limit(_MOST)
    )
    return [{"row": row, "state": state_of(session, row)} for row in session.scalars(statement)]


def _jobs(session: Session, customer: Customer) -> list[Job]:
    statement = (
        select(Job)
        .where(Job.customer_id == customer.id)
        .options(joinedload(Job.location), joinedload(Job.service), joinedload(Job.category),
                 joinedload(Job.technician), joinedload(Job.request))
        .order_by(Job.state_since.desc(), Job.id.desc())
        .limit(_MOST)
    )  # fmt: skip
    return list(session.scalars(statement))
