"""The facts of one record at one moment, each read only when a condition asks for it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.numbers import format_currency, get_currency_precision
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import (
    Company,
    Customer,
    Estimate,
    Job,
    MediaFile,
    Request,
    Staff,
    Subject,
    pick,
)
from workflows import registry

Readers = Mapping[str, Callable[[], Any]]


class Lazy(Mapping[str, Any]):
    """A mapping of names to readers; a reader runs when its name is looked up."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def __getitem__(self, name: str) -> Any:
        return self._readers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def __len__(self) -> int:
        return len(self._readers)


@dataclass(frozen=True)
class Moment:
    """What facts are asked about: a record, seen by an actor, at a time."""

    session: Session
    subject: Subject
    company: Company
    actor: Actor
    at: datetime


FactsOf = Callable[[Moment], Readers]
_readers: dict[str, FactsOf] = {}


def describes(subject_name: str) -> Callable[[FactsOf], FactsOf]:
    """Register the readers of one kind of record, under the definition's ``subject``."""

    def register(readers: FactsOf) -> FactsOf:
        _readers[subject_name] = readers
        return readers

    return register


def facts_at(moment: Moment) -> dict[str, Any]:
    """Return the roots a condition may name: request (or job, …), customer, company, actor."""
    name = moment.subject.subject_name
    customer: Customer | None = getattr(moment.subject, "customer", None)
    return {
        name: Lazy(_readers[name](moment)),
        "customer": Lazy(_customer(customer)) if customer else {},
        "company": Lazy(_company(moment.company, moment.actor)),
        "actor": _actor(moment.actor),
        "facts": Lazy({name: _registered(name, moment) for name in registry.facts()}),
        "now": moment.at,
    }


def _registered(name: str, moment: Moment) -> Callable[[], Any]:
    return lambda: registry.fact_function(name)(moment)


def _customer(customer: Customer) -> Readers:
    return {
        "name": lambda: customer.name,
        "first_name": lambda: customer.first_name,
        "language": lambda: customer.language,
        "email": lambda: customer.email,
        "phone": lambda: customer.phone,
        "onboarded": lambda: customer.onboarded_at is not None,
        "portal_access": lambda: customer.access,
        "sla_hours": lambda: customer.sla_hours,
    }


def about_customer(customer: Customer) -> dict[str, Any]:
    """Return what is known of a customer before there is any record."""
    return {"customer": Lazy(_customer(customer))}


def _company(company: Company, actor: Actor) -> Readers:
    plain = ("name", "slug", "currency", "language", "timezone", "email", "phone")
    return {
        **_columns(company, plain),
        "decline_instructions": lambda: pick(
            company.decline_instructions, actor.language, company.language
        ),
    }


def _actor(actor: Actor) -> dict[str, Any]:
    return {
        "role": actor.role,
        "kind": actor.kind,
        "name": actor.name,
        "language": actor.language,
    }


@describes("request")
def _request(moment: Moment) -> Readers:
    request = cast("Request", moment.subject)
    plain = ("number", "state", "kind", "urgency", "description", "notes", "submitted_at")
    return {
        **_columns(request, plain),
        "service": lambda: request.service_text or _name_of(request.service, moment),
        "category": lambda: request.category.key if request.category else None,
        "location": lambda: request.location.line if request.location else None,
        "contact_name": lambda: _contact(request, "name"),
        "contact_email": lambda: _contact(request, "email"),
        "contact_phone": lambda: _contact(request, "phone"),
        "preferred_at": lambda: _wish_begins(request, moment),
        "preferred_times": lambda: _first(request.preferred_dates, "day_part"),
        "proposed_at": lambda: request.proposed_at,
        "proposal_rounds": lambda: request.proposal_rounds,
        "photos": lambda: _count_photos(moment.session, request),
        "extra": lambda: request.extra,
    }


@describes("job")
def _job(moment: Moment) -> Readers:
    job = cast("Job", moment.subject)
    plain = ("number", "state", "title", "description", "priority", "starts_at", "ends_at")
    return {
        **_columns(job, plain),
        "sla_due_at": lambda: job.sla_due_at,
        "completed_at": lambda: job.completed_at,
        "service": lambda: _name_of(job.service, moment),
        "location": lambda: job.location.line if job.location else None,
        "technician": lambda: _shown(job.technician, moment.company),
        "has_technician": lambda: job.technician_id is not None,
        "is_visit": lambda: job.client_service_id is not None,
    }


def _shown(technician: Staff | None, company: Company) -> str | None:
    """Return as much of a technician's name as customers may read. Source: D22, C25."""
    return company.shown_name(technician.first_name, technician.name) if technician else None


@describes("estimate")
def _estimate(moment: Moment) -> Readers:
    estimate = cast("Estimate", moment.subject)
    return {
        **_columns(estimate, ("number", "state", "title", "total_cents")),
        "total": lambda: _amount(estimate.total_cents, estimate.currency, moment),
        "valid_until": lambda: _end_of(estimate.valid_until, moment.company.timezone),
        "lines": lambda: len(estimate.lines),
        "has_request": lambda: estimate.request_id is not None,
        "location": lambda: estimate.location.line if estimate.location else None,
    }


def _amount(cents: int, currency: str, moment: Moment) -> str:
    amount = Decimal(cents).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=moment.actor.language.replace("-", "_"))


def _end_of(day: date | None, zone: str) -> datetime | None:
    """Return the moment a day is over in a company's zone."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def _columns(row: object, names: Iterable[str]) -> Readers:
    return {name: partial(getattr, row, name) for name in names}


def _name_of(service: Any, moment: Moment) -> str | None:
    return pick(service.name, moment.actor.language, moment.company.language) if service else None


def _contact(request: Request, part: str) -> str | None:
    """Return whom to reach about a request: the person named for it, else the customer."""
    once = request.contact_once
    found: str | None = (
        once.get(part) if once else getattr(request.contact or request.customer, part)
    )
    return found


def _first(rows: list[Any], name: str) -> Any:
    return getattr(rows[0], name) if rows else None


def _wish_begins(request: Request, moment: Moment) -> datetime | None:
    wishes = request.preferred_dates
    return wishes[0].begins_at(moment.company.timezone) if wishes else None


def _count_photos(session: Session, request: Request) -> int:
    statement = select(func.count(MediaFile.id)).where(MediaFile.request_id == request.id)
    return session.scalar(statement) or 0
