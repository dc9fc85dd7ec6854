"""What a customer reads about a request: its state in plain words, and what was said to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final, cast

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.models import Company, Event, PreferredDate, Request, pick
from app.services import answer_times, history
from app.services.history import Entry
from workflows import versions
from workflows.effects import Step
from workflows.tones import tone_of

_WORD: Final = 24


@dataclass(frozen=True)
class Told:
    """A request as its customer sees it; ``said`` are the words of the team to them."""

    ref: str
    number: str
    label: str
    meaning: str
    tone: str
    state: str
    is_decided: bool
    awaits_answer: bool
    may_get_another_time: bool
    what: str
    description: str
    notes: str
    is_urgent: bool
    place: str
    proposed_at: datetime | None
    dates: Sequence[PreferredDate]
    submitted_at: datetime
    changed_at: datetime
    said: Sequence[str]
    instructions: str

    @property
    def title(self) -> str:
        """Return the line a list shows: what was written, or the kind of work."""
        first = self.description.strip().partition("\n")[0]
        return (first if len(first) <= 100 else first[:99].rstrip() + "…") or self.what


@dataclass(frozen=True)
class Line:
    """One line of a customer's timeline."""

    at: datetime
    is_first: bool
    by_customer: bool
    text: str
    said: Sequence[str]


@dataclass(frozen=True)
class Deed:
    """What somebody did, in words for the customer; ``who`` is blank when nobody in person."""

    who: str
    by_customer: bool
    state: str
    at: datetime


def did(session: Session, event: Event, language: str) -> Deed:
    """Return a step as its customer is told of it: staff by their first names."""
    definition = versions.load(session, event.workflow_version_id)
    kind = event.actor_ref.partition(":")[0]
    state = definition.state(event.to_state)
    return Deed(
        who=event.actor_name.split(" ", 1)[0] if kind == "staff" else "",
        by_customer=kind == "customer",
        state=_in_two(pick(state.customer_label, language))[0],
        at=event.at,
    )


def news_of(step: Step) -> str:
    """Return what a customer should read at once about a step of theirs, blank when nothing.

    Source: D13, a time accepted after it has gone.
    """
    request = cast("Request", step.subject)
    if step.event.trigger != "accept" or request.is_decided():
        return ""
    return str(_("We are sorry: that time has just gone. We look for another and write to you."))


def told(session: Session, request: Request, company: Company, language: str) -> Told:
    """Return one request in its customer's words. Source: features 93-95 and 100-101."""
    definition = versions.load(session, request.workflow_version_id)
    state = definition.state(request.state)
    label, meaning = _in_two(pick(state.customer_label, language, company.language))
    is_declined = request.state == "declined"
    return Told(
        ref=request.ref,
        number=request.number,
        label=label,
        meaning=meaning,
        tone=tone_of("request", state),
        state=request.state,
        is_decided=request.is_decided(),
        awaits_answer=request.waiting_on == "customer",
        may_get_another_time=definition.has_state("counter_proposed"),
        what=_what(request, company, language),
        description=request.description,
        notes=request.notes or "",
        is_urgent=request.urgency == "urgent",
        place=place_of(request),
        proposed_at=request.proposed_at if request.waiting_on == "customer" else None,
        dates=request.preferred_dates,
        submitted_at=request.submitted_at,
        changed_at=request.state_since,
        said=_sentences(request.said),
        instructions=pick(company.decline_instructions, language, company.language)
        if is_declined
        else "",
    )


def usual_wait(session: Session) -> str:
    """Return how long an answer usually takes, in words; nothing while too few were given."""
    wait = answer_times.usual(session)
    if wait is None:
        return ""
    hours = max(1, ceil(wait / timedelta(hours=1)))
    if hours < 48:
        return str(ngettext("%(num)s hour", "%(num)s hours", hours))
    return str(ngettext("%(num)s day", "%(num)s days", ceil(hours / 24)))


def timeline(session: Session, request: Request, language: str) -> list[Line]:
    """Return what happened, newest first, without what concerns the team alone."""
    found: list[Line] = []
    for entry in history.steps(session, request):
        line = _line(entry, language)
        # A step the customer reads no new word of is not news to them.
        is_news = entry.kind == "submitted" or not found or line.text != found[-1].text
        if entry.kind not in ("reminder", "kept") and (is_news or line.said):
            found.append(line)
    return found[::-1]


def _in_two(words: str) -> tuple[str, str]:
    """Return the word for the mark and the sentence beside it: «Pending. We have not …»."""
    word, stop, sentence = words.partition(". ")
    return (word, sentence) if stop and len(word) <= _WORD else (words, "")


def contact_of(session: Session, request: Request) -> str:
    """Return whom we may call; nothing where the form doesn't ask. Source: feature 28."""
    if request.contact:
        return str(request.contact)
    once = request.contact_once or {}
    if not once and _asks_for_contact(session, request):
        person = request.customer
        once = {"name": person.name, "phone": person.phone, "email": person.email}
    return ", ".join(once[name] for name in ("name", "phone", "email") if once.get(name))


def _asks_for_contact(session: Session, request: Request) -> bool:
    definition = versions.load(session, request.workflow_version_id)
    return any(getattr(rule, "field", "") == "contact" for rule in definition.request_form)


def _line(entry: Entry, language: str) -> Line:
    return Line(
        at=entry.at,
        is_first=entry.kind == "submitted",
        by_customer=entry.actor_kind == "customer",
        text=_in_two(pick(dict(entry.customer_state), language))[0],
        said=_sentences(entry.said),
    )


def _what(request: Request, company: Company, language: str) -> str:
    if request.service_text:
        return request.service_text
    if request.service:
        return pick(request.service.name, language, company.language)
    return pick(request.category.label, language, company.language) if request.category else ""


def place_of(request: Request) -> str:
    """Return where the work is: a place on file, or the address typed for it."""
    if request.location:
        return str(request.location)
    once = request.address_once or {}
    town = " ".join(once[name] for name in ("postcode", "city") if once.get(name))
    return ", ".join(part for part in (once.get("street"), town) if part)


def _sentences(said: Mapping[str, Any]) -> list[str]:
    return [words for words in said.values() if isinstance(words, str) and words.strip()]
