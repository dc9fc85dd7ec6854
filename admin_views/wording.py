"""How staff pages word a record: its state with a tone, its service, who it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from admin_views.base import language
from app.models import Job, Request, Subject, pick
from workflows import versions
from workflows.tones import tone_of

PRIORITIES = {
    "low": _l("Low"), "normal": _l("Normal"), "high": _l("High"), "urgent": _l("Urgent"),
}  # fmt: skip
DAY_PARTS = {
    "morning": _l("morning"), "afternoon": _l("afternoon"), "flexible": _l("flexible"),
}  # fmt: skip
KINDS = {
    "one_time": _l("One-time visit"), "recurring": _l("Recurring service"),
    "issue": _l("Issue report"), "service_change": _l("Service change"),
}  # fmt: skip
ROLES = {
    "owner": _l("Owner"), "dispatcher": _l("Dispatcher"), "technician": _l("Technician"),
    "office": _l("Office"),
}  # fmt: skip

_TITLE = 100


@dataclass(frozen=True)
class Shown:
    """A state as a pill: the word of its definition and the tone that goes with it."""

    label: str
    tone: str


def state_of(session: Session, subject: Subject) -> Shown:
    """Return a record's state in the reader's language."""
    state = versions.load(session, subject.workflow_version_id).state(subject.state)
    tone = tone_of(subject.subject_name, state)
    if isinstance(subject, Job) and subject.state == "scheduled" and not subject.technician_id:
        tone = "waiting"  # somebody has to be found first
    return Shown(words(state.label), tone)


def words(texts: Mapping[str, str] | None) -> str:
    """Return an owner's words in the reader's language."""
    return pick(dict(texts or {}), language())


def service_of(record: Request | Job) -> str:
    """Return what is to be done, in a word or two."""
    if record.service is not None:
        return words(record.service.name)
    if isinstance(record, Request) and record.service_text:
        return record.service_text
    return words(record.category.label) if record.category is not None else ""


def place_of(record: Request | Job) -> str:
    """Return where it is to be done, also when the address was typed for this once."""
    if record.location is not None:
        return str(record.location)
    asked = record.request if isinstance(record, Job) else record
    once: Mapping[str, Any] = (asked.address_once if asked else None) or {}
    town = " ".join(str(once[part]) for part in ("postcode", "city") if once.get(part))
    return ", ".join(part for part in (str(once.get("street") or ""), town) if part)


def title_of(request: Request) -> str:
    """Return a request's heading: the first line of what was asked, else its service."""
    first = request.description.strip().partition("\n")[0]
    if len(first) > _TITLE:
        return first[: _TITLE - 1].rstrip() + "…"
    return first or service_of(request) or request.number


def body_of(request: Request) -> str:
    """Return what was asked, without what the heading says already."""
    text = request.description.strip()
    return (
        text.removeprefix(title_of(request)).strip() if len(text) > _TITLE or "\n" in text else ""
    )
