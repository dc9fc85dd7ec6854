"""Who is signed in: rows that begin, are looked up by a token's digest, and end."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app import site
from app.actor import Actor
from app.models import Company, Customer, Staff, WebSession

STAFF_IDLE: Final = timedelta(hours=12)
STAFF_ABSOLUTE: Final = timedelta(days=7)
NOTE_EVERY: Final = timedelta(minutes=5)
_AGENT_LENGTH: Final = 200


@dataclass(frozen=True)
class Visit:
    """One signed-in browser, as plain values that outlive the transaction they were read in."""

    actor: Actor
    company: Company  # detached: a rollback can't empty it
    seen_at: datetime
    keys_enabled: bool = True

    def is_stale(self, at: datetime) -> bool:
        """Return True when it is time to note that the person is still there."""
        return at - self.seen_at >= NOTE_EVERY


def begin(session: Session, person: Customer | Staff, *, agent: str, at: datetime) -> str:
    """Sign a person in and return the token for their cookie; only its digest is kept."""
    token = secrets.token_urlsafe(32)
    row = WebSession(
        token_digest=site.digest(token),
        email=person.email,
        created_at=at,
        seen_at=at,
        expires_at=at + _lifetime(session, person),
        agent=agent[:_AGENT_LENGTH],
    )
    if isinstance(person, Customer):
        row.customer_id = person.id
    else:
        row.staff_id = person.id
    session.add(row)
    return token


def find_staff(session: Session, token: str, *, at: datetime) -> Visit | None:
    """Return the staff visit of a token, None when it ended, in one statement."""
    statement = (
        select(WebSession, Staff, Company)
        .join(Staff, Staff.id == WebSession.staff_id)
        .join(Company, Company.id == WebSession.company_id)
        .where(WebSession.seen_at > at - STAFF_IDLE, *_live(token, at))
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    row, person, company = found
    if not person.is_active() or row.email != person.email or company.closed_at is not None:
        return None
    session.expunge(company)
    actor = Actor(
        "staff", person.id, company.id, person.role, person.name,
        person.language, person.email, row.id,
    )  # fmt: skip
    return Visit(actor, company, row.seen_at, person.keys_enabled)


def find_customer(session: Session, token: str, *, at: datetime) -> Visit | None:
    """Return the customer's visit of a token, None when it ended, in one statement."""
    statement = (
        select(WebSession, Customer, Company)
        .join(Customer, Customer.id == WebSession.customer_id)
        .join(Company, Company.id == WebSession.company_id)
        .where(*_live(token, at))
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    row, person, company = found
    if not person.can_sign_in() or row.email != person.email:
        return None
    session.expunge(company)
    actor = Actor(
        "customer", person.id, company.id, "customer", person.name,
        person.language, person.email, row.id,
    )  # fmt: skip
    return Visit(actor, company, row.seen_at)


def note_seen(session: Session, session_id: int, *, at: datetime) -> None:
    """Remember that the person was here; asked every few minutes, not at every page."""
    session.execute(update(WebSession).where(WebSession.id == session_id).values(seen_at=at))


def leave(session: Session, actor: Actor, *, everywhere: bool, at: datetime) -> None:
    """Sign a person out of the browser they act from, or of all."""
    if not everywhere:
        _end_where(session, WebSession.id == actor.session_id, at)
    elif actor.kind == "customer":
        _end_where(session, WebSession.customer_id == actor.id, at)
    else:
        _end_where(session, WebSession.staff_id == actor.id, at)


def end_all(session: Session, person: Customer | Staff, *, at: datetime) -> None:
    """Sign a person out everywhere."""
    if isinstance(person, Customer):
        _end_where(session, WebSession.customer_id == person.id, at)
    else:
        _end_where(session, WebSession.staff_id == person.id, at)


def end_all_customers(session: Session, *, at: datetime) -> None:
    """Sign every customer of the company out everywhere. Source: D4."""
    _end_where(session, WebSession.customer_id.is_not(None), at)


def _end_where(session: Session, which: ColumnElement[bool], at: datetime) -> None:
    statement = update(WebSession).where(which, WebSession.ended_at.is_(None))
    session.execute(statement.values(ended_at=at))


def _live(token: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        WebSession.token_digest == site.digest(token),
        WebSession.ended_at.is_(None),
        WebSession.expires_at > at,
    )


def _lifetime(session: Session, person: Customer | Staff) -> timedelta:
    if isinstance(person, Staff):
        return STAFF_ABSOLUTE
    # 0 is until the browser is closed, which the server can't see: a day at most. Source: C7.
    return timedelta(days=session.get_one(Company, person.company_id).customer_session_days or 1)
