"""Loads the demo companies: the same every time, and only those that are not there yet."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import outbox
from app.demo.cast import FOUNDED, Data, gather
from app.demo.moments import Moments
from app.demo.stories import tell
from app.errors import NotFound
from app.letters import Letter
from app.models import Company, OutboxMessage, SignInLink, Staff
from app.services import companies, messages, passwords
from app.services.media import Store
from app.tenancy import company_scope

SLUGS: Final = ("callout", "navigator", "visits", "booking", "bridge")
_FOLDER: Final = Path(__file__).parent / "data"
_CARD: Final = ("sender_name", "currency", "brand", "email", "phone", "address")


@dataclass(frozen=True)
class Circumstances:
    """What the entrance brings: the staff's password, the media store, and the time."""

    password: str
    password_hash: str  # everybody's: hashing takes a while
    store: Store
    now: datetime


def load(session: Session, slug: str, circumstances: Circumstances) -> bool:
    """Load one demo company unless it is there; return whether it was loaded.

    Its staff can sign in with the given password either way. Nothing it did in its past is
    mailed to anybody.
    """
    try:
        company = companies.find(session, slug)
    except NotFound:
        _found(session, _read(slug), circumstances)
        return True
    with company_scope(session, company.id):
        if not _fits(session, circumstances.password):
            _set_passwords(session, circumstances.password_hash)
    return False


def _found(session: Session, data: Data, circumstances: Circumstances) -> Company:
    moments = Moments(circumstances.now, data["timezone"])
    founded = circumstances.now - FOUNDED
    company = companies.create(session, _founding_form(data), at=founded)
    with company_scope(session, company.id):
        for name in _CARD:
            setattr(company, name, data.get(name))
        company.decline_instructions = data["decline_instructions"]
        company.tax_bp = data["tax"]
        cast = gather(session, company, data, moments)
        tell(session, cast, data, circumstances.store)
        _set_passwords(session, circumstances.password_hash)
        session.flush()
        _mark_told(session)
    outbox.take_bell(session)  # there is nothing to ring for
    return company


def _read(slug: str) -> Data:
    data: Data = YAML(typ="safe", pure=True).load(_FOLDER / f"{slug}.yaml")
    return data


def _founding_form(data: Data) -> dict[str, str]:
    return {
        **{name: data[name] for name in ("name", "slug", "language", "timezone")},
        "preset": data["preset"],
        "owner_name": data["staff"]["owner"],
        "owner_email": f"owner@{data['slug']}.example",
    }


def _fits(session: Session, password: str) -> bool:
    members = session.scalars(select(Staff).order_by(Staff.id)).all()
    return passwords.fits(members[0].password_hash, password)


def _set_passwords(session: Session, password_hash: str) -> None:
    for member in session.scalars(select(Staff)):
        member.password_hash = password_hash


def _mark_told(session: Session) -> None:
    """Take the company's past as told: its mails went out when they were due.

    They are written and kept, so that timelines and the demo's inbox show them, and not sent.
    """
    ended = update(SignInLink).where(SignInLink.used_at.is_(None))
    session.execute(ended.values(used_at=SignInLink.created_at))
    waiting = select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))
    for row in session.scalars(waiting.order_by(OutboxMessage.id)).all():
        row.attempts = 1
        if "link_id" in row.payload:
            row.sent_at = row.due_at
            continue
        written = messages.write(session, row, sms_works=False)
        if isinstance(written, messages.Unwritten):
            row.gave_up_at, row.reason = row.due_at, written.reason
        else:
            _mark_sent(session, row, written)


def _mark_sent(session: Session, row: OutboxMessage, written: messages.Written) -> None:
    said = written.said
    row.sent_at, row.channel, row.sent_to = row.due_at, said.channel, said.to
    row.sent_language, row.sent_subject, row.sent_text = said.language, said.subject, said.text
    if isinstance(written.paper, Letter):
        messages.keep(session, written.paper)
