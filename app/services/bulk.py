"""One step for many requests: who can take it, said before; who took it, said after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import N_, DomainError
from app.models import Event, Request
from app.services import moves, requests
from app.services.moves import Option
from workflows.schema import Definition, Transition

MOST: Final = 100  # in one go
_ONE_BY_ONE: Final = N_("This step is taken one by one.")
_OTHER_FORM: Final = N_("It is asked other questions: take this step on its own page.")


@dataclass(frozen=True)
class Line:
    """One request of those chosen: ``refusal`` says why it can't take the step."""

    request: Request
    refusal: DomainError | None = None


@dataclass(frozen=True)
class Partition:
    """What would happen: ``option`` is the form that all who are ready share."""

    option: Option | None
    ready: Sequence[Line]
    refused: Sequence[Line]


@dataclass(frozen=True)
class Outcome:
    """What happened to one request; without ``event`` nothing did, and ``refusal`` says why."""

    request: Request
    event: Event | None
    refusal: DomainError | None


def triggers(definition: Definition, actor: Actor) -> dict[str, Transition]:
    """Return the steps that may be taken for many at once."""
    mine = [t for t in definition.transitions if t.bulk and not t.form and actor.role in t.roles]
    return {transition.trigger: transition for transition in reversed(mine)}


def partition(
    session: Session, actor: Actor, ids: Sequence[int], trigger: str, *, at: datetime
) -> Partition:
    """Return which of the requests can take a step, and why the others can't.

    Ids of nobody's are left out, and so is what comes after the first MOST. Raises Forbidden.
    """
    option: Option | None = None
    ready, refused = [], []
    for request in _chosen(session, actor, ids):
        found = _option(session, request, actor, trigger, at)
        if isinstance(found, Option) and option and not _same_form(found, option):
            found = DomainError(_OTHER_FORM)
        if isinstance(found, DomainError):
            refused.append(Line(request, found))
        else:
            option = option or found
            ready.append(Line(request))
    return Partition(option, ready, refused)


def outcomes(
    session: Session, actor: Actor, keys: Mapping[int, str], trigger: str, *, at: datetime
) -> list[Outcome]:
    """Return what became of each request; ``keys`` holds the key its step was ordered with."""
    statement = select(Event).where(Event.key.in_(keys.values()), Event.subject == "request")
    events = {event.subject_id: event for event in session.scalars(statement)}
    found = []
    for request in _chosen(session, actor, list(keys)):
        event = events.get(request.id)
        why = None if event else _option(session, request, actor, trigger, at)
        found.append(Outcome(request, event, why if isinstance(why, DomainError) else None))
    return found


def languages_of(lines: Sequence[Line]) -> list[str]:
    """Return the languages the customers read, each once."""
    return sorted({line.request.customer.language for line in lines})


def _chosen(session: Session, actor: Actor, ids: Sequence[int]) -> Sequence[Request]:
    requests.check_may_review(actor)
    statement = requests.with_names(select(Request).where(Request.id.in_(ids[:MOST])))
    ordered = statement.order_by(Request.submitted_at, Request.id)
    return session.scalars(ordered).unique().all()


def _option(
    session: Session, request: Request, actor: Actor, trigger: str, at: datetime
) -> Option | DomainError:
    try:
        option = moves.option(session, request, trigger, actor, at=at)
    except DomainError as error:
        return error
    if option.refusal is not None:
        why = option.refusal
        return DomainError(why.msgid, texts=why.texts, **why.params)
    return option if option.bulk and not option.form else DomainError(_ONE_BY_ONE)


def _same_form(one: Option, other: Option) -> bool:
    return (one.label, one.fields, one.confirm) == (other.label, other.fields, other.confirm)
