"""Passwords of customers, where their company allows them beside the mailed link. Source: C6."""

from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import N_, Conflict
from app.models import Company, Customer
from app.services import customers, passwords, sessions
from app.services.form import clean_email

_OFF: Final = N_("Passwords are switched off here. Use the link we mail you.")


def check(session: Session, email: str, password: str, *, agent: str, at: datetime) -> str | None:
    """Return the token of a session that begins, None when the two do not belong together.

    Takes as long for an address nobody has. Raises DomainError for what can't be an address.
    """
    known = customers.with_email(session, clean_email(email))
    for customer in known:
        if passwords.fits(customer.password_hash, password):
            customer.portal_since = customer.portal_since or at
            return sessions.begin(session, customer, agent=agent, at=at)
    if not known:
        passwords.fits(None, password)  # which takes as long
    return None


def choose(session: Session, actor: Actor, password: str, *, agent: str, at: datetime) -> str:
    """Keep a customer's new password and end every session; return the token of a fresh one.

    Raises Invalid for one that is easy to guess, Conflict where passwords are not allowed.
    """
    customer = customers.get(session, actor.id or 0)
    statement = select(Company.passwords_allowed).where(Company.id == customer.company_id)
    if not session.scalar(statement):
        raise Conflict(_OFF)
    passwords.check_new(password, email=customer.email or "")
    customer.password_hash = passwords.hash_password(password)
    sessions.end_all(session, customer, at=at)
    return sessions.begin(session, customer, agent=agent, at=at)


def remove(session: Session, actor: Actor) -> None:
    """Forget a customer's password; the mailed link is the way in again."""
    customers.get(session, actor.id or 0).password_hash = None


def forget_all(session: Session) -> None:
    """Forget the passwords of all of a company's customers: none is kept where none counts."""
    statement = update(Customer).where(Customer.password_hash.is_not(None))
    session.execute(statement.values(password_hash=None))
