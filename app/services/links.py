"""Single-use links: made, found and used up. What is stored of them opens nothing.

Token and code are derived from a random seed in the row and the installation's secret, so a
worker can write the same mail twice and a stolen table lets nobody in. Source: adversarial A12.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, or_, select, update
from sqlalchemy.orm import Session

from app import outbox, site
from app.errors import N_, Conflict
from app.models import Company, Customer, SignInLink, Staff

PORTAL: Final = "portal"
INVITE: Final = "invite"
RESET: Final = "reset"
ANSWER: Final = "answer"
SIGN_UP: Final = "sign_up"
ASKED_FOR: Final = timedelta(minutes=15)
SENT_BY_STAFF: Final = timedelta(hours=24)
INVITED: Final = timedelta(days=7)
CODE_TRIES: Final = 5
MESSAGES: Final = {
    PORTAL: "portal.sign_in_link",
    INVITE: "staff.invitation",
    RESET: "staff.password_reset",
    SIGN_UP: "portal.sign_up",
}


class SecretChanged(LookupError):
    """The secret a link was made with is gone, so what was mailed can't be made again."""


@dataclass(frozen=True)
class Offer:
    """What a new link is for; ``target`` is where it lands, ``browser`` who may type its code."""

    purpose: str
    lasts: timedelta
    target: str | None = None
    browser: str | None = None
    message: str = ""  # the mail's key, where it is not the usual one of the purpose


def issue(session: Session, person: Customer | Staff, offer: Offer, *, at: datetime) -> SignInLink:
    """Write a link for a person and promise the mail; older ones of the same purpose end.

    The caller holds the person's row locked, so that of two made at once the later one counts.
    """
    withdraw(session, person, at=at, purpose=offer.purpose)
    link = lay(session, person, offer, at=at)
    session.flush()  # for link.id, which the promised mail names
    _promise(session, link, person, offer.message or MESSAGES[offer.purpose], at)
    return link


def lay(session: Session, person: Customer | Staff, offer: Offer, *, at: datetime) -> SignInLink:
    """Write a link for a person without a mail of its own; no other link ends."""
    link = SignInLink(
        purpose=offer.purpose,
        customer_id=person.id if isinstance(person, Customer) else None,
        staff_id=person.id if isinstance(person, Staff) else None,
        nonce=secrets.token_urlsafe(24),
        target=offer.target,
        sent_to=person.email or person.phone or "",
        browser_digest=site.digest(offer.browser) if offer.browser else None,
        created_at=at,
        expires_at=at + offer.lasts,
    )
    token, code = _derive(link)[0]
    link.token_digest = site.digest(token)
    link.code_digest = _code_digest(token, code) if offer.browser else None
    session.add(link)
    return link


def withdraw(
    session: Session,
    person: Customer | Staff,
    *,
    at: datetime,
    purpose: str | None = None,
    about: str = "",
) -> None:
    """End a person's open links: all, those of one purpose, of one whose target begins so."""
    statement = update(SignInLink).where(_owner(person), *_unspent())
    if purpose is not None:
        statement = statement.where(SignInLink.purpose == purpose)
    if about:
        statement = statement.where(SignInLink.target.startswith(about, autoescape=True))
    session.execute(statement.values(replaced_at=at))


def end_answers(session: Session, abouts: Sequence[str], *, at: datetime) -> None:
    """End the open one-click answers whose target begins with one of ``abouts``."""
    mine = or_(*(SignInLink.target.startswith(about, autoescape=True) for about in abouts))
    statement = update(SignInLink).where(SignInLink.purpose == ANSWER, mine, *_unspent())
    session.execute(statement.values(replaced_at=at))


def find(session: Session, token: str, *purposes: str) -> SignInLink | None:
    """Return the company's link of that token, spent or not; looking spends nothing."""
    statement = select(SignInLink).where(
        SignInLink.token_digest == site.digest(token), SignInLink.purpose.in_(purposes)
    )
    return session.scalars(statement).one_or_none()


def find_asked(session: Session, browser: str, *, at: datetime) -> SignInLink | None:
    """Return the open link that this browser asked for, to be opened by its code."""
    statement = (
        select(SignInLink)
        .where(SignInLink.browser_digest == site.digest(browser), *_unspent())
        .where(SignInLink.purpose == PORTAL, SignInLink.expires_at > at)
        .order_by(SignInLink.id.desc())
    )
    return session.scalars(statement).first()


def spend(session: Session, link: SignInLink, *, at: datetime) -> None:
    """Use a link up: of many at once exactly one succeeds. Raises Conflict for the others."""
    statement = (
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.expires_at > at, *_unspent())
        .values(used_at=at)
    )
    if not _hits(session, statement):
        raise Conflict(N_("This link was used already, or is too old. Ask for a fresh one."))


def try_code(session: Session, link: SignInLink, code: str) -> bool:
    """Return True when the code fits; each try is counted, the sixth is refused unseen."""
    statement = (
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.code_tries < CODE_TRIES)
        .values(code_tries=SignInLink.code_tries + 1)
    )
    counted = _hits(session, statement)
    typed = "".join(letter for letter in code if letter.isdigit())
    fits = hmac.compare_digest(_code_digest(token_of(link), typed), link.code_digest or "")
    return counted and fits


def token_of(link: SignInLink) -> str:
    """Return the secret in the mailed address. Raises SecretChanged."""
    return _original(link)[0]


def code_of(link: SignInLink) -> str | None:
    """Return the six digits in the mail, None for a link that nobody waits for at a browser."""
    return _original(link)[1] if link.code_digest else None


def url_of(link: SignInLink, company: Company) -> str:
    """Return the address to mail: the public one, whatever host a request came in by."""
    page = {PORTAL: "enter", ANSWER: "answer", SIGN_UP: "signup"}.get(link.purpose)
    if page is not None:
        return f"{site.current().portal_url(company.slug)}/{page}/{token_of(link)}"
    return f"{site.current().public_url}/admin/{link.purpose}/{company.slug}/{token_of(link)}"


def _promise(
    session: Session, link: SignInLink, person: Customer | Staff, message: str, at: datetime
) -> None:
    kind = "customer" if isinstance(person, Customer) else "staff"
    promise = outbox.Promise(
        key=f"link-{link.id}",
        topic="message",
        payload={"message": message, "link_id": link.id},
        subject=kind,
        subject_id=person.id,
        recipient=f"{kind}:{person.id}",
    )
    outbox.post(session, promise, at=at)


def _derive(link: SignInLink) -> list[tuple[str, str]]:
    """Return token and code for each of our secrets, the newest first."""
    keys = site.current().derive("sign-in link", f"{link.purpose}.{link.nonce}")
    return [
        (
            urlsafe_b64encode(key[:24]).decode(),
            f"{int.from_bytes(key[24:]) % 1_000_000:06}",
        )
        for key in keys
    ]


def _original(link: SignInLink) -> tuple[str, str]:
    for token, code in _derive(link):
        if hmac.compare_digest(site.digest(token), link.token_digest):
            return token, code
    raise SecretChanged("the secret this link was made with is gone")


def _code_digest(token: str, code: str) -> str:
    # Salted with the token, which is stored nowhere: a million tries on a stolen table find
    # nothing.
    return site.digest(f"{token}.{code}")


def _owner(person: Customer | Staff) -> ColumnElement[bool]:
    if isinstance(person, Customer):
        return SignInLink.customer_id == person.id
    return SignInLink.staff_id == person.id


def _unspent() -> tuple[ColumnElement[bool], ...]:
    return SignInLink.used_at.is_(None), SignInLink.replaced_at.is_(None)


def _hits(session: Session, statement: object) -> bool:
    result: CursorResult[object] = session.execute(statement)  # type: ignore[call-overload]
    return result.rowcount == 1
