"""What a message may speak of while it is tried: an example nobody has, or a real record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.numbers import format_currency
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.actor import Actor
from app.errors import N_, Invalid
from app.models import (
    Company,
    Customer,
    Estimate,
    Event,
    Job,
    Location,
    OutboxMessage,
    PreferredDate,
    Request,
    Service,
    SignInLink,
    Staff,
    Subject,
)
from app.services.addressees import Addressee
from app.services.house_words import Tongue
from app.services.message_about import About, Trial
from app.services.message_shelf import Shelf
from app.services.message_sources import Source
from workflows import registry
from workflows.schema import Definition, FormField, Transition

SHOWN: Final = 8  # records to choose from
_NUMBER: Final = 1042
_RECORDS: Final = (Request, Job, Estimate)
_GONE: Final = N_("This record is not there any more. Choose another one.")
_KINDS: Final[Mapping[str, type[Any]]] = {
    "request": Request, "job": Job, "estimate": Estimate,
    "customer": Customer, "portal": Customer, "staff": Staff,
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """How a message is to be tried: in which language, by which channel, about which record."""

    channel: str
    language: str
    record: int | None = None  # none: the example


def records(session: Session, source: Source, company: Company) -> list[tuple[int, str]]:
    """Return the last records a message could be about: id and what people call each."""
    model = _KINDS.get(source.subject)
    if model is None:
        return []
    statement = select(model).where(model.company_id == company.id)
    if model in _RECORDS:
        statement = statement.options(joinedload(model.customer))
    found = session.scalars(statement.order_by(model.id.desc()).limit(SHOWN))
    return [(row.id, _called(row)) for row in found]


def about(
    session: Session, source: Source, wanted: Wanted, company: Company, reader: Actor, at: datetime
) -> About:
    """Return what a tried message speaks of. Raises Invalid when the record is not there."""
    tongue = Tongue(wanted.language, company.timezone)
    if wanted.record is None:
        return _example(session, source, tongue, company, reader, at)
    model = _KINDS.get(source.subject)
    row = session.get(model, wanted.record) if model else None
    if row is None:
        raise Invalid({"record": _GONE})
    return _real(session, source, tongue, company, row, at)


def _real(
    session: Session, source: Source, tongue: Tongue, company: Company, row: Any, at: datetime
) -> About:
    is_record = isinstance(row, _RECORDS)
    customer = row.customer if is_record else row
    event = _event_of(session, source, row) if is_record else None
    promise = _promise(source, company, at)
    if is_record:
        promise.subject, promise.subject_id = source.subject, row.id
        promise.payload = {**promise.payload, "seq": event.seq if event else None}
    person = _person(customer, tongue, source)
    found = About(session, promise, company, person, tongue, Shelf(session, [promise]), Trial())
    return _primed(found, definition=source.definition, way_in=_way_in(source, at))


def _example(
    session: Session, source: Source, tongue: Tongue, company: Company, reader: Actor, at: datetime
) -> About:
    customer = Customer(name=reader.name, email=reader.email, language=tongue.language)
    shelf = Shelf(session, [])
    step = _step_of(source)
    request = _request(customer, tongue, at)
    job = _job(customer, tongue, at)
    is_won = _is_won(source, step)
    estimate = _estimate(company, customer, tongue, at)
    records: dict[str, Any] = {"request": request, "job": job, "estimate": estimate}
    found = About(
        session, _promise(source, company, at), company, _person(customer, tongue, source), tongue,
        shelf, Trial(_facts(company, tongue, at)),
    )  # fmt: skip
    return _primed(
        found,
        record=records.get(source.subject),
        request=request if source.subject == "request" else None,
        job=job if source.subject == "job" or is_won else None,
        estimate=estimate if _speaks_of(source, "estimate") else None,
        event=_event(step, source.definition, tongue, reader, at),
        definition=source.definition,
        way_in=_way_in(source, at),
    )


def _primed(found: About, **known: Any) -> About:
    """Put values where the message would look them up: a cached property asks only once."""
    found.__dict__.update(known)
    return found


def _promise(source: Source, company: Company, at: datetime) -> OutboxMessage:
    """Return a promise that is written nowhere."""
    actions = [name for one in source.sendings() for name in one.params.actions]
    return OutboxMessage(
        company_id=company.id, key="example", topic="message", created_at=at,
        subject=source.subject, payload={"message": source.key, "actions": actions},
    )  # fmt: skip


def _person(row: Customer | Staff, tongue: Tongue, source: Source) -> Addressee:
    return Addressee(
        name=row.name,
        first_name=row.first_name,
        language=tongue.language,
        email=row.email or "",
        phone=row.phone,
        is_staff=source.is_for_staff,
    )


def _called(row: Any) -> str:
    name = row.customer.name if isinstance(row, _RECORDS) else ""
    return f"{row.number} {name}" if name else str(row.name)


def _event_of(session: Session, source: Source, row: Subject) -> Event | None:
    """Return the record's step that sent the message, else its last one."""
    statement = (
        select(Event)
        .where(Event.subject == row.subject_name, Event.subject_id == row.id)
        .order_by(Event.seq.desc())
    )
    events = session.scalars(statement).all()
    sent = f"send_message:{source.key}"
    return next((each for each in events if sent in each.effects), events[0] if events else None)


def _step_of(source: Source) -> Transition | None:
    """Return the first transition that sends the message."""
    for one in source.sendings():
        if one.path[0] == "transitions" and source.definition:
            return source.definition.transitions[int(one.path[1])]
    return None


def _is_won(source: Source, step: Transition | None) -> bool:
    definition = source.definition
    if definition is None:
        return False
    after = step.dest if step else definition.initial
    return bool(after and definition.has_state(after) and definition.state(after).outcome == "won")


def _event(
    step: Transition | None, definition: Definition | None, tongue: Tongue, reader: Actor,
    at: datetime,
) -> Event:  # fmt: skip
    initial = definition.initial if definition else None
    return Event(
        seq=2 if step else 1, trigger=step.trigger if step else "submit",
        to_state=step.dest if step else initial or "", actor_name=reader.name,
        actor_role=reader.role, input=_answers(step, tongue, at) if step else {}, at=at,
    )  # fmt: skip


def _answers(step: Transition, tongue: Tongue, at: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {each.name: _answer(each, tongue, at) for each in step.fields}
    form = registry.forms().get(step.form) if step.form else None
    if form is not None:
        dates = [each for each in form.fields if each.type in ("datetime", "date")]
        found[form.key] = {each.name: _soon(at, tongue).isoformat() for each in dates}
    return found


def _answer(asked: FormField, tongue: Tongue, at: datetime) -> Any:
    if asked.choices:
        return asked.choices[0].value
    if asked.type in ("datetime", "date"):
        return _soon(at, tongue).isoformat()
    samples: dict[str, Any] = {"number": 3, "money": 11900, "bool": True}
    return samples.get(asked.type) or tongue.word("example_answer")


def _request(customer: Customer, tongue: Tongue, at: datetime) -> Request:
    row = Request(
        id=_NUMBER, ref="example", kind="one_time", urgency="normal", submitted_at=at, extra={},
        description=tongue.word("example_description"), proposal_rounds=1,
        proposed_at=_soon(at, tongue),
        customer=customer, location=_location(tongue), service=_service(tongue),
    )  # fmt: skip
    row.preferred_dates = [PreferredDate(rank=1, day=_soon(at, tongue).date(), day_part="morning")]
    return row


def _job(customer: Customer, tongue: Tongue, at: datetime) -> Job:
    begin = _soon(at, tongue)
    return Job(
        id=_NUMBER, ref="example", title=tongue.word("example_service"), priority="normal",
        description=tongue.word("example_description"), starts_at=begin,
        ends_at=begin + timedelta(hours=2), customer=customer, location=_location(tongue),
        service=_service(tongue), technician=Staff(name=customer.name), completed_at=at,
    )  # fmt: skip


def _estimate(company: Company, customer: Customer, tongue: Tongue, at: datetime) -> Estimate:
    return Estimate(
        id=_NUMBER, ref="example", serial=42, title=tongue.word("example_service"),
        currency=company.currency, subtotal_cents=11900, total_cents=11900, sent_at=at,
        valid_until=(at + timedelta(days=14)).date(), customer=customer, location=_location(tongue),
    )  # fmt: skip


def _speaks_of(source: Source, noun: str) -> bool:
    """Return True for a message about such a record, or with a placeholder of one."""
    said = (part for text in source.texts.values() for part in (text.subject, text.body))
    return source.subject == noun or any(f"{noun}." in part for part in said)


def _location(tongue: Tongue) -> Location:
    return Location(street=tongue.word("example_street"), city=tongue.word("example_city"))


def _service(tongue: Tongue) -> Service:
    return Service(name={tongue.language: tongue.word("example_service")})


def _way_in(source: Source, at: datetime) -> SignInLink | None:
    """Return a link that opens nothing, for a message that carries one."""
    return SignInLink(expires_at=at + timedelta(minutes=15)) if source.has_button else None


def _facts(company: Company, tongue: Tongue, at: datetime) -> dict[str, dict[str, Any]]:
    """Return what stands in for records that have no example row."""
    day: date = (at + timedelta(days=14)).date()
    total = format_currency(119, company.currency, locale=tongue.language)
    return {
        "invoice": {"number": "2026-0042", "total": total, "due": total, "due_at": day, "lines": 1},
    }  # fmt: skip


def _soon(at: datetime, tongue: Tongue) -> datetime:
    """Return nine in the morning, in three days, on the company's clock."""
    local = (at + timedelta(days=3)).astimezone(ZoneInfo(tongue.timezone))
    return local.replace(hour=9, minute=0, second=0, microsecond=0)
