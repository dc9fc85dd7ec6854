"""What one message is about: the record, its step, its people, each read when it is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from sqlalchemy.orm import Session

from app.models import (
    Company,
    Estimate,
    Event,
    Job,
    OutboxMessage,
    PreferredDate,
    Request,
    SignInLink,
)
from app.services.addressees import Addressee
from app.services.house_words import Tongue, pick
from app.services.message_shelf import Shelf
from workflows import versions
from workflows.schema import Definition

Record = Request | Job | Estimate
_MODELS: Final[Mapping[str, type[Any]]] = {"request": Request, "job": Job, "estimate": Estimate}


@dataclass(frozen=True)
class Trial:
    """Marks a message that is only tried: its links lead nowhere.

    ``facts`` stands in, by noun, for records nobody has.
    """

    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class About:
    """Everything one message speaks of; rows belong to the session they were read in."""

    session: Session
    row: OutboxMessage
    company: Company
    person: Addressee
    tongue: Tongue
    shelf: Shelf
    trial: Trial | None = None

    @cached_property
    def record(self) -> Record | None:
        """Return the record whose step this message comes from."""
        model = _MODELS.get(self.row.subject or "")
        return self.session.get(model, self.row.subject_id) if model else None

    @cached_property
    def request(self) -> Request | None:
        """Return the request in question."""
        if isinstance(self.record, Job | Estimate):
            id_ = self.record.request_id
            return self.session.get(Request, id_) if id_ else None
        return self.record

    @cached_property
    def job(self) -> Job | None:
        """Return the job in question: the record, or what its request or estimate became."""
        if self.record is None or isinstance(self.record, Job):
            return self.record
        jobs = self.shelf.job_sold if isinstance(self.record, Estimate) else self.shelf.job_of
        return jobs.get(self.record.id)

    @cached_property
    def estimate(self) -> Estimate | None:
        """Return the estimate in question: the record, what the step made, the newest."""
        if isinstance(self.record, Estimate):
            return self.record
        made = (self.row.payload.get("made") or {}).get("estimate")
        if made:
            return self.session.get(Estimate, made)
        known = isinstance(self.record, Request)
        return self.shelf.estimate_of.get(self.record.id) if known else None  # type: ignore[union-attr]  # known says so

    @cached_property
    def event(self) -> Event | None:
        """Return the step."""
        return self.shelf.event(self.row)

    @cached_property
    def definition(self) -> Definition | None:
        """Return the definition the step was taken by."""
        id_ = self.row.payload.get("version_id")
        return versions.load(self.session, id_) if id_ else None

    @cached_property
    def way_in(self) -> SignInLink | None:
        """Return the single-use link that this message carries."""
        id_ = self.row.payload.get("link_id")
        return self.session.get(SignInLink, id_) if id_ else None

    def pick(self, words: Any) -> str:
        """Return one of several languages: the reader's, the company's, English, any."""
        return str(pick(words or {}, self.tongue.language, self.company.language))


def number_of(about: About) -> str | None:
    """Return the number people say on the phone."""
    return about.record.number if about.record else None


def address_of(about: About) -> str | None:
    """Return where the work is: a place on file, or one typed for this request alone."""
    record = about.job or about.request or about.estimate
    if record is not None and record.location is not None:
        return record.location.line
    once = (about.request.address_once if about.request else None) or {}
    town = " ".join(filter(None, (once.get("postcode"), once.get("city"))))
    return ", ".join(filter(None, (once.get("street"), town))) or None


def service_of(about: About) -> str | None:
    """Return what is to be done, in the reader's language."""
    record = about.job or about.request
    if record is not None and record.service:
        return about.pick(record.service.name)
    if about.request is not None and about.request.service_text:
        return about.request.service_text
    return about.pick(record.category.label) if record is not None and record.category else None


def category_of(about: About) -> str | None:
    """Return the kind of work, in the reader's language."""
    category = about.request.category if about.request else None
    return about.pick(category.label) if category else None


def price_of(about: About) -> str | None:
    """Return what the estimate comes to; nothing while it is open: nobody has worked it out."""
    estimate = about.estimate
    if estimate is None or not (estimate.sent_at or estimate.total_cents):
        return None
    return about.tongue.money(estimate.total_cents, estimate.currency)


def validity_of(about: About) -> str | None:
    """Return the last day on which the estimate can be accepted."""
    day = about.estimate.valid_until if about.estimate else None
    return about.tongue.day(day) if day else None


def wishes_of(about: About) -> str | None:
    """Return the days a customer would like best, first to third."""
    dates = about.request.preferred_dates if about.request else []
    return f" {about.tongue.word('or')} ".join(_wish(each, about.tongue) for each in dates) or None


def state_of(about: About) -> str | None:
    """Return the state the step led to, in the words meant for this reader."""
    if about.definition is None or about.event is None:
        return None
    state = about.definition.state(about.event.to_state)
    return about.pick(state.label if about.person.is_staff else state.customer_label or state.label)


def author_of(about: About) -> str | None:
    """Return who took the step. Source: D22, of a technician customers read the first name."""
    event = about.event
    if event is None:
        return None
    hide = event.actor_role == "technician" and not about.person.is_staff
    return event.actor_name.split(" ", 1)[0] if hide else event.actor_name


def _wish(wish: PreferredDate, tongue: Tongue) -> str:
    said = tongue.day(wish.day)
    if wish.last_day and wish.last_day != wish.day:
        said = f"{said} {tongue.word('to')} {tongue.day(wish.last_day)}"
    if wish.at_time:
        said = f"{said}, {wish.at_time:%H:%M}"
    return f"{said}, {tongue.word(wish.day_part)}" if wish.day_part else said
