"""What a customer reads about a job: plain words from its definition, first names only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Final

from sqlalchemy.orm import Session

from app.models import ClientService, Company, Estimate, Job, Location, pick
from workflows import versions
from workflows.schema import Definition
from workflows.tones import tone_of

# A job that pauses or is called off leaves this line; its card then shows no bar.
_WAY: Final = ("scheduled", "assigned", "on_the_way", "arrived", "in_progress", "completed")
_SHORT: Final = 160


@dataclass(frozen=True)
class Mark:
    """One part of the progress bar: its words, and whether it is past, present or to come."""

    label: str
    phase: str


@dataclass(frozen=True)
class Card:
    """A job as its customer sees it."""

    ref: str
    number: str
    state: str
    label: str
    tone: str
    title: str
    description: str
    place: str
    address: str
    technician: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    updated_at: datetime
    completed_at: datetime | None
    marks: Sequence[Mark]
    price_cents: int | None = None  # where the company shows it and it is agreed on

    @property
    def ended_at(self) -> datetime:
        """Return when the work was done."""
        return self.completed_at or self.updated_at

    @property
    def summary(self) -> str:
        """Return the description without what the title says already, short enough for a card."""
        rest = self.description.removeprefix(self.title).strip()
        return rest if len(rest) <= _SHORT else rest[: _SHORT - 1].rstrip() + "…"


def card_of(session: Session, job: Job, language: str) -> Card:
    """Return the card of one job. Source: features 145-149, 151 and 154."""
    definition = versions.load(session, job.workflow_version_id)
    state = definition.state(job.state)
    return Card(
        ref=job.ref,
        number=job.number,
        state=job.state,
        label=pick(state.customer_label, language),
        tone=tone_of("job", state),
        title=job.title,
        description=job.description,
        place=_short(job.location) or _typed(job),
        address=str(job.location or _typed(job)),
        technician=_technician(session, job),
        starts_at=job.starts_at,
        ends_at=job.ends_at,
        updated_at=job.state_since,
        completed_at=job.completed_at,
        marks=_marks(definition, job.state, language),
        price_cents=_price(session, job),
    )


def _technician(session: Session, job: Job) -> str | None:
    """Return as much of the technician's name as the company shows. Source: D22, C25."""
    if job.technician is None:
        return None
    company = session.get_one(Company, job.company_id)
    return company.shown_name(job.technician.first_name, job.technician.name)


def _price(session: Session, job: Job) -> int | None:
    """Return the price agreed on: of the estimate, else of the plan. Source: C25."""
    if not session.get_one(Company, job.company_id).shows_part("cost"):
        return None
    if job.estimate_id is not None:
        return session.get_one(Estimate, job.estimate_id).total_cents
    if job.client_service_id is not None:
        return session.get_one(ClientService, job.client_service_id).price_cents
    return None


def _short(location: Location | None) -> str:
    """Return a place without its town, as people speak of it."""
    if location is None:
        return ""
    return ", ".join(part for part in (location.name, location.street) if part)


def _typed(job: Job) -> str:
    """Return an address typed for this work alone, while it is nobody's place on record."""
    once = (job.request.address_once if job.request else None) or {}
    town = " ".join(once[name] for name in ("postcode", "city") if once.get(name))
    return ", ".join(part for part in (once.get("street"), town) if part)


def _marks(definition: Definition, present: str, language: str) -> list[Mark]:
    way = [name for name in _WAY if definition.has_state(name)]
    if present not in way:
        return []
    past = list(takewhile(lambda name: name != present, way))
    phases = {**dict.fromkeys(past, "done"), present: "now"}
    return [
        Mark(pick(definition.state(name).customer_label, language), phases.get(name, "to_come"))
        for name in way
    ]
