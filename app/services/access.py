"""How customers get into the portal: links asked for, sent by staff, opened, and shut again.

For the worker that writes the mail: ``link_url`` and ``link_code`` give what stands in it. The
promise holds ``{"message": "portal.sign_in_link" | "staff.invitation" | "staff.password_reset",
"link_id": ID}``; a link that was used or replaced meanwhile needs no mail any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import outbox
from app.actor import Actor
from app.db import locked
from app.errors import N_, Conflict, DomainError, Invalid, NotFound
from app.models import Company, Customer, SignInLink
from app.services import links, sessions
from app.services.form import clean_email
from app.services.links import code_of as link_code
from app.services.links import url_of as link_url
from app.services.staff_access import end_staff_access, invite_staff

__all__ = [
    "Glance",
    "Way",
    "ask",
    "change_address",
    "check_code",
    "end_customer_access",
    "end_staff_access",
    "enter",
    "fresh",
    "grant",
    "invite_staff",
    "link_code",
    "link_url",
    "look",
    "mask",
    "resend",
    "send",
]

MAILS_AN_HOUR: Final = 10
_STALE: Final = N_("This link was used already, or is too old. Ask for a fresh one.")


@dataclass(frozen=True)
class Glance:
    """What a mailed link shows before anybody presses Continue."""

    is_open: bool
    name: str = ""
    sent_to: str = ""  # masked
    customer_id: int | None = None
    target: str | None = None


@dataclass(frozen=True)
class Way:
    """A door that has opened: the token for the cookie, and where the person wanted to go."""

    token: str
    target: str | None


def ask(session: Session, email: str, browser: str, *, at: datetime, target: str | None) -> None:
    """Mail a link to the customer of that address, if there is one who may come in.

    Says nothing either way, so that nobody learns who is a customer. Where several records share
    the address the one that has had the portal for the shortest time is meant. Raises Invalid
    for what can't be an address.
    """
    typed = _read_email(email)
    for customer in _with_email(session, typed):
        if customer.can_sign_in():
            send(session, customer, browser, target, at)
            return


def fresh(session: Session, token: str, browser: str, *, at: datetime) -> None:
    """Mail another link to whom an old one was sent, for the same page. Source: D2."""
    link = links.find(session, token, links.PORTAL)
    customer = _let_in(session, link) if link else None
    if link and customer:
        send(session, customer, browser, link.target, at)


def send(
    session: Session, customer: Customer, browser: str, target: str | None, at: datetime
) -> None:
    """Mail a customer a link, unless they had too many in this hour; ``target`` is its page."""
    customer = _locked(session, customer.id)
    if _mails_lately(session, customer, at) < MAILS_AN_HOUR:
        offer = links.Offer(links.PORTAL, links.ASKED_FOR, target, browser)
        links.issue(session, customer, offer, at=at)


def look(session: Session, token: str, *, at: datetime) -> Glance:
    """Return what stands on the page of a mailed link; looking uses nothing up. Source: D1."""
    link = links.find(session, token, links.PORTAL)
    customer = _let_in(session, link) if link else None
    if link is None or customer is None:
        return Glance(is_open=False)
    return Glance(link.is_open(at), customer.name, mask(link.sent_to), customer.id, link.target)


def enter(session: Session, token: str, *, agent: str, at: datetime) -> Way:
    """Use a link up and sign its customer in; of many at once exactly one gets in.

    Raises Conflict when the link is spent, replaced, too old or not ours.
    """
    link = links.find(session, token, links.PORTAL)
    customer = _let_in(session, link) if link else None
    if link is None or customer is None:
        raise Conflict(_STALE)
    links.spend(session, link, at=at)
    customer.portal_since = customer.portal_since or at
    return Way(sessions.begin(session, customer, agent=agent, at=at), link.target)


def check_code(session: Session, browser: str, code: str, *, at: datetime) -> str | None:
    """Return the token of the link this browser asked for, None when the code isn't its own.

    Every try counts, so the caller commits before going on. Source: adversarial A11.
    """
    link = links.find_asked(session, browser, at=at)
    if link is None or not links.try_code(session, link, code):
        return None
    return links.token_of(link)


def resend(session: Session, customer_id: int, actor: Actor, *, at: datetime) -> SignInLink:
    """Mail a customer a link at a member of staff's wish; the older one ends.

    Source: features 132-133, 137. Raises NotFound, Invalid without an address, Conflict when the
    portal is shut for this customer.
    """
    customer = _locked(session, customer_id)
    _check_reachable(session, customer)
    customer.portal_since = customer.portal_since or at
    offer = links.Offer(links.PORTAL, links.SENT_BY_STAFF)
    return links.issue(session, customer, offer, at=at)


def grant(session: Session, customer_id: int, actor: Actor, *, at: datetime) -> SignInLink:
    """Open the portal to a customer and mail the first link. Source: feature 138.

    Raises NotFound, Invalid without an address, Conflict when the company's portal is shut.
    """
    customer = _locked(session, customer_id)
    if customer.access == "none":
        customer.access = "full"
    return resend(session, customer_id, actor, at=at)


def change_address(
    session: Session, customer: Customer, old_email: str | None, *, at: datetime
) -> None:
    """Follow a customer to a new mail address: old links and sessions end, both are told.

    Source: D25. The caller has put the new address on the row.
    """
    end_customer_access(session, customer, at=at)
    if old_email:
        _tell_old_address(session, customer, old_email, at)
    company = session.get_one(Company, customer.company_id)
    if customer.portal_since and customer.can_sign_in() and _is_portal_on(company):
        links.issue(session, customer, links.Offer(links.PORTAL, links.SENT_BY_STAFF), at=at)


def end_customer_access(session: Session, customer: Customer, *, at: datetime) -> None:
    """Sign a customer out everywhere and end their open links."""
    session.flush()
    _locked(session, customer.id)
    links.withdraw(session, customer, at=at)
    sessions.end_all(session, customer, at=at)


def mask(email: str) -> str:
    """Return an address so that its owner knows it and nobody else learns it."""
    name, _, host = email.partition("@")
    return f"{name[:1]}•••@{host}"


def _read_email(email: str) -> str:
    try:
        return clean_email(email)
    except DomainError as error:
        raise Invalid({"email": error}) from error


def _with_email(session: Session, email: str) -> list[Customer]:
    statement = (
        select(Customer)
        .where(Customer.email == email)
        .order_by(Customer.portal_since.desc().nulls_last(), Customer.id.desc())
    )
    return list(session.scalars(locked(statement)))


def _mails_lately(session: Session, customer: Customer, at: datetime) -> int:
    statement = select(func.count(SignInLink.id)).where(
        SignInLink.customer_id == customer.id,
        SignInLink.purpose == links.PORTAL,
        SignInLink.browser_digest.is_not(None),
        SignInLink.created_at > at - timedelta(hours=1),
    )
    return session.scalars(statement).one()


def _let_in(session: Session, link: SignInLink) -> Customer | None:
    customer = session.get(Customer, link.customer_id)
    if customer is None or not customer.can_sign_in() or customer.email != link.sent_to:
        return None
    return customer


def _locked(session: Session, customer_id: int) -> Customer:
    statement = locked(select(Customer).where(Customer.id == customer_id))
    customer: Customer | None = session.scalars(statement).one_or_none()
    if customer is None:
        raise NotFound("customer", customer_id)
    return customer


def _check_reachable(session: Session, customer: Customer) -> None:
    if customer.archived_at is not None:
        raise Conflict(N_("%(name)s is in the archive. Restore them first."), name=customer.name)
    if not customer.email:
        raise Invalid(
            {"email": N_("There is no e-mail address on record, so no link can be sent. Add one.")}
        )
    if customer.access == "none":
        raise Conflict(N_("Portal access is off for %(name)s."), name=customer.name)
    if not _is_portal_on(session.get_one(Company, customer.company_id)):
        raise Conflict(N_("The customer portal is switched off, so links would not work."))


def _is_portal_on(company: Company) -> bool:
    return company.portal_enabled and company.has_portal_feature() and company.closed_at is None


def _tell_old_address(session: Session, customer: Customer, old_email: str, at: datetime) -> None:
    promise = outbox.Promise(
        key=f"address-{customer.id}-{at.timestamp():.6f}",
        topic="message",
        payload={"message": "portal.address_changed", "to": old_email},
        subject="customer",
        subject_id=customer.id,
        recipient=f"customer:{customer.id}",
    )
    outbox.post(session, promise, at=at)
