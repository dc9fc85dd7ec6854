"""What steps do to estimates, and what an estimate's steps do to the request it came from."""

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from app.db import locked
from app.errors import N_, TransitionBlocked
from app.models import Estimate, Event, Request, Subject
from app.services import estimate_forms, estimates, job_forms, jobs
from app.services.estimate_forms import EstimateInput
from workflows import engine, versions
from workflows.effects import Step
from workflows.registry import effect
from workflows.schema import Definition

# The system's own steps of an estimate, by how a request's step ends it.
_ENDS: Final = {
    "accepted": "accepted_with_request",
    "declined": "closed_with_request",
    "expired": "expire",
}
_SENT: Final = "sent_with_request"


@effect("create_estimate")
def create_estimate(step: Step, params: Any) -> None:
    """Open an estimate for the request; it takes the place of one that is out already.

    Source: features 27 and 170.
    """
    _end_open(step, "declined")
    _open_new(step)


@effect("send_estimate")
def send_estimate(step: Step, params: Any) -> None:
    """Complete the request's open estimate from the form, and send it."""
    estimate = step.made.get("estimate") or _not_sent(step) or _open_new(step)
    if params.source:
        estimates.write(estimate, estimate_forms.input_of(step.look_up(params.source) or {}))
    # Where the work is may have been typed, and taken into the customer's record just now.
    request = cast("Request", step.subject)
    estimate.location_id, estimate.contact_id = request.location_id, request.contact_id
    step.session.flush()  # the estimate must be there before its next step is counted
    _take(step, estimate, _SENT)
    step.made["estimate"] = estimate


@effect("close_estimate")
def close_estimate(step: Step, params: Any) -> None:
    """End whatever estimate of the request is still open or out."""
    _end_open(step, params.outcome)


@effect("keep_estimate_closed")
def keep_estimate_closed(step: Step, params: Any) -> None:
    """Let a step be taken back only if it ended no estimate: what has ended stays so.

    Raises TransitionBlocked.
    """
    undone = and_(
        Event.subject == step.event.subject,
        Event.subject_id == step.event.subject_id,
        Event.seq == step.event.seq - 1,
        Event.at == Estimate.state_since,
    )
    ended = select(Estimate.id).where(Estimate.request_id == step.subject.id)
    ended = ended.where(Estimate.outcome.is_not(None)).join(Event, undone)
    if step.session.scalars(ended).first() is not None:
        raise TransitionBlocked(N_("It closed an estimate, so it can't be taken back."))


@effect("revise_estimate")
def revise_estimate(step: Step, params: Any) -> None:
    """Write the estimate anew from the form."""
    if params.source:
        wanted = estimate_forms.input_of(step.look_up(params.source) or {})
        estimates.write(cast("Estimate", step.subject), wanted)


@effect("mark_sent")
def mark_sent(step: Step, params: Any) -> None:
    """Remember when the customer was given the estimate; from then on they see it."""
    cast("Estimate", step.subject).sent_at = step.at


@effect("answer_request")
def answer_request(step: Step, params: Any) -> None:
    """Take a step of the request this record came from, if it waits for it.

    One that is decided, or whose definition has no such step there, stays as it is.
    """
    request_id = getattr(step.subject, "request_id", None)
    if request_id is None:
        return
    statement = select(Request).where(Request.id == request_id)
    request = engine.lock(step.session, statement.options(joinedload(Request.customer)), Request)
    _take(step, request, params.trigger)


def _open_new(step: Step) -> Estimate:
    request = cast("Request", step.subject)
    title = request.service_text or job_forms.title_of(request, step.company)
    estimate = estimates.create(
        step.session,
        jobs.as_system(step.actor),
        estimates.of_request(request),
        EstimateInput(title),
        at=step.at,
    )
    step.made["estimate"] = estimate
    return estimate


def _not_sent(step: Step) -> Estimate | None:
    """Return the newest estimate that can still be completed; what is out makes place."""
    kept = next((each for each in reversed(_open(step)) if _takes(step, each, _SENT)), None)
    if kept is None:
        _end_open(step, "declined")
    return kept


def _end_open(step: Step, outcome: str) -> None:
    for estimate in _open(step):
        _take(step, estimate, _ENDS[outcome])


def _opens_one(definition: Definition) -> bool:
    return any(use.name == "create_estimate" for use in definition.submit.effects)


def _open(step: Step) -> Sequence[Estimate]:
    """Return the request's undecided estimates, locked, the oldest first."""
    before = step.event.seq - 1
    if before == 0 or (before == 1 and not _opens_one(step.definition)):
        return ()  # nothing has happened yet that could have made one: not worth a query
    statement = (
        select(Estimate)
        .where(Estimate.request_id == step.subject.id, Estimate.outcome.is_(None))
        .options(joinedload(Estimate.customer))
        .order_by(Estimate.id)
    )
    statement = locked(statement, Estimate).execution_options(populate_existing=True)
    return step.session.scalars(statement).all()


def _take(step: Step, subject: Subject, trigger: str) -> None:
    """Take the system's step of another record, in the name of whoever takes this one."""
    if _takes(step, subject, trigger):
        order = engine.Order(trigger, jobs.as_system(step.actor))
        engine.apply(step.session, subject, order, at=step.at)


def _takes(step: Step, subject: Subject, trigger: str) -> bool:
    definition = versions.load(step.session, subject.workflow_version_id)
    known = definition.candidates(subject.state, trigger)
    return not subject.is_decided() and any("system" in each.roles for each in known)
