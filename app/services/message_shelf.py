"""What a batch of messages speaks of, read in a few statements instead of many for each."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from app.models import (
    Customer,
    Estimate,
    Event,
    Job,
    OutboxMessage,
    Request,
    SignInLink,
    Staff,
)
from app.services import house_texts, links
from app.services.house_texts import Texts


class Shelf:
    """The rows behind a batch. While it is held, ``session.get`` finds them without asking."""

    def __init__(self, session: Session, rows: Sequence[OutboxMessage]) -> None:
        self.session = session
        about = {subject: _ids(rows, subject) for subject in ("request", "job", "estimate")}
        self._held = [
            *self._read(select(Customer), Customer.id, _recipients(rows, "customer")),
            *self._read(select(Staff), Staff.id, _recipients(rows, "staff")),
            *self._read(select(SignInLink), SignInLink.id, _named(rows, "link_id")),
            *self._read(_requests(), Request.id, about["request"]),
            *self._read(_jobs(), Job.id, about["job"]),
            *self._read(_estimates(), Estimate.id, about["estimate"]),
        ]
        self._answers = self._read_answers(rows)
        made = self._read(_jobs(), Job.request_id, about["request"])
        self.job_of = dict.fromkeys(about["request"]) | {job.request_id: job for job in made}
        sold = self._read(_jobs(), Job.estimate_id, about["estimate"])
        self.job_sold = {job.estimate_id: job for job in sold}
        priced = self._read(_estimates(), Estimate.request_id, about["request"])
        # The newest is the one that counts; what a message's own step made goes before it.
        self.estimate_of = {each.request_id: each for each in sorted(priced, key=_id)}
        self._events = self._read_events(rows)

    @cached_property
    def house_texts(self) -> Texts:
        """Return the company's own words for house messages, read once a batch, if at all."""
        return house_texts.newest(self.session)

    def event(self, row: OutboxMessage) -> Event | None:
        """Return the step a message comes from."""
        return self._events.get(_step_of(row))

    def answer(self, row: OutboxMessage, ref: str, trigger: str) -> SignInLink | None:
        """Return the link of a one-click answer that a message offers."""
        target = f"{row.subject}:{ref}:{trigger}:{row.payload.get('seq')}"
        return self._answers.get(target)

    def _read_answers(self, rows: Sequence[OutboxMessage]) -> dict[str, SignInLink]:
        refs = {row.id: row.ref for row in self._held if isinstance(row, Request)}
        wanted = [
            f"{row.subject}:{refs.get(row.subject_id or 0)}:{trigger}:{row.payload.get('seq')}"
            for row in rows
            for trigger in row.payload.get("actions", ())
        ]
        if not wanted:
            return {}
        statement = select(SignInLink).where(
            SignInLink.purpose == links.ANSWER, SignInLink.target.in_(wanted)
        )
        found = self._read(statement, SignInLink.customer_id, _recipients(rows, "customer"))
        return {each.target: each for each in found if each.target}

    def _read(self, statement: Any, column: Any, wanted: set[int]) -> Sequence[Any]:
        if not wanted:
            return []
        found: Sequence[Any] = self.session.scalars(statement.where(column.in_(wanted))).all()
        return found

    def _read_events(self, rows: Sequence[OutboxMessage]) -> dict[tuple[Any, ...], Event]:
        steps = [_step_of(row) for row in rows if row.payload.get("seq")]
        key = tuple_(Event.subject, Event.subject_id, Event.seq)
        found = self._read(select(Event), key, set(steps))  # type: ignore[arg-type]  # triples
        return {(each.subject, each.subject_id, each.seq): each for each in found}


def _step_of(row: OutboxMessage) -> tuple[Any, ...]:
    return row.subject, row.subject_id, row.payload.get("seq")


def _ids(rows: Iterable[OutboxMessage], subject: str) -> set[int]:
    return {row.subject_id for row in rows if row.subject == subject and row.subject_id}


def _named(rows: Iterable[OutboxMessage], key: str) -> set[int]:
    return {row.payload[key] for row in rows if row.payload.get(key)}


def _recipients(rows: Iterable[OutboxMessage], kind: str) -> set[int]:
    refs = ((row.recipient or "").partition(":") for row in rows)
    return {int(id_) for found, _, id_ in refs if found == kind and id_.isdigit()}


def _id(row: Estimate) -> int:
    return row.id


def _estimates() -> Any:
    return select(Estimate).options(
        joinedload(Estimate.customer), joinedload(Estimate.contact),
        joinedload(Estimate.location), joinedload(Estimate.request),
    )  # fmt: skip


def _requests() -> Any:
    return select(Request).options(
        joinedload(Request.customer), joinedload(Request.contact), joinedload(Request.location),
        joinedload(Request.service), joinedload(Request.category),
        selectinload(Request.preferred_dates),
    )  # fmt: skip


def _jobs() -> Any:
    return select(Job).options(
        joinedload(Job.customer), joinedload(Job.contact), joinedload(Job.location),
        joinedload(Job.service), joinedload(Job.category), joinedload(Job.technician),
    )  # fmt: skip
