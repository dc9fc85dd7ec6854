"""How staff get in: password, invitation, reset, and being shut out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import locked
from app.errors import N_, Conflict, Forbidden
from app.models import Company, SignInLink, Staff
from app.services import links, passwords, sessions
from app.tenancy import all_companies, company_scope, enter_company

RESETS_AN_HOUR: Final = 5
RESET_LASTS: Final = timedelta(hours=1)
_STALE: Final = N_("This link was used already, or is too old.")


@dataclass(frozen=True)
class Place:
    """One company a person works at."""

    staff_id: int
    company_id: int
    company_name: str


@dataclass(frozen=True)
class Welcome:
    """What the page of an invitation or a reset shows; ``is_open`` while it still works."""

    is_open: bool
    name: str = ""
    email: str = ""


def places(session: Session, email: str, password: str) -> list[Place]:
    """Return the companies where address and password let a person in, by name.

    Takes as long for an address nobody has. One person may have a different password at each.
    """
    rows = _with_email(session, email)
    fitting = [
        (person, company)
        for person, company in rows
        if passwords.fits(person.password_hash, password)
    ]
    if not rows:
        passwords.fits(None, password)
    return [
        Place(person.id, company.id, company.name)
        for person, company in fitting
        if person.is_active() and company.closed_at is None
    ]


def sign_in(session: Session, place: Place, *, agent: str, at: datetime) -> str:
    """Begin a session at a company and return the cookie's token. Raises Forbidden."""
    enter_company(session, place.company_id)
    person = session.get(Staff, place.staff_id)
    if person is None or not person.is_active():
        raise Forbidden(N_("You can't sign in here any more. Ask the owner of the company."))
    return sessions.begin(session, person, agent=agent, at=at)


def invite_staff(session: Session, person: Staff, *, at: datetime) -> SignInLink:
    """Mail a person a link to choose their password; an older invitation ends."""
    _lock(session, person.id)
    return links.issue(session, person, links.Offer(links.INVITE, links.INVITED), at=at)


def ask_reset(session: Session, email: str, *, at: datetime) -> None:
    """Mail a link to choose a new password, from each company the person works at.

    Says nothing either way, so that nobody learns who works where.
    """
    for person, company in _with_email(session, email):
        if person.is_active() and company.closed_at is None:
            with company_scope(session, company.id):
                _send_reset(session, person.id, at)


def look(session: Session, purpose: str, token: str, *, at: datetime) -> Welcome:
    """Return what the page of a mailed link shows; looking uses nothing up."""
    link = links.find(session, token, purpose)
    person = session.get(Staff, link.staff_id) if link else None
    if link is None or person is None or not _still_fits(link, person):
        return Welcome(is_open=False)
    return Welcome(link.is_open(at), person.name, person.email)


def choose_password(
    session: Session, purpose: str, token: str, password_hash: str, *, at: datetime
) -> Staff:
    """Use a link up and set its person's password; they are signed out everywhere.

    The caller has checked and hashed the password: hashing takes too long for a write
    transaction. Raises Conflict when the link is spent, replaced, too old or not ours.
    """
    link = links.find(session, token, purpose)
    person = session.get(Staff, link.staff_id) if link else None
    if link is None or person is None or not _still_fits(link, person):
        raise Conflict(_STALE)
    links.spend(session, link, at=at)
    links.withdraw(session, person, at=at)
    sessions.end_all(session, person, at=at)
    person.password_hash = password_hash
    return person


def end_staff_access(session: Session, person: Staff, *, at: datetime) -> None:
    """Sign a person out everywhere and end their open links."""
    session.flush()
    links.withdraw(session, person, at=at)
    sessions.end_all(session, person, at=at)


def _with_email(session: Session, email: str) -> Sequence[tuple[Staff, Company]]:
    statement = (
        select(Staff, Company)
        .join(Company, Company.id == Staff.company_id)
        .where(Staff.email == email.strip().lower())
        .order_by(Company.name, Company.id)
    )
    with all_companies(session):
        return [(person, company) for person, company in session.execute(statement)]


def _send_reset(session: Session, staff_id: int, at: datetime) -> None:
    person = _lock(session, staff_id)
    if _resets_lately(session, staff_id, at) < RESETS_AN_HOUR:
        links.issue(session, person, links.Offer(links.RESET, RESET_LASTS), at=at)


def _resets_lately(session: Session, staff_id: int, at: datetime) -> int:
    statement = select(func.count(SignInLink.id)).where(
        SignInLink.staff_id == staff_id,
        SignInLink.purpose == links.RESET,
        SignInLink.created_at > at - timedelta(hours=1),
    )
    return session.scalars(statement).one()


def _lock(session: Session, staff_id: int) -> Staff:
    person: Staff = session.scalars(locked(select(Staff).where(Staff.id == staff_id))).one()
    return person


def _still_fits(link: SignInLink, person: Staff) -> bool:
    return person.is_active() and person.email == link.sent_to
