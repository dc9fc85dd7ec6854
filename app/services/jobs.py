"""Jobs: made in one place for every way in, moved by the engine, listed for those concerned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from app.actor import Actor
from app.errors import N_, Forbidden, NotFound, TransitionBlocked
from app.models import Estimate, Job, JobNeed, Request
from app.services import moves
from app.services.job_forms import JobInput, blank, clean, prefill
from app.services.moves import Option, Submission, options
from workflows import engine
from workflows.effects import Step

__all__ = ["Option", "Submission", "blank", "clean", "options", "prefill"]

WORKFLOW = "job"
OPEN_STATES = ("scheduled", "assigned", "on_the_way", "arrived", "in_progress", "on_hold")
# Source: feature 150, what is under way first.
_UNDER_WAY = case(
    (Job.state.in_(("in_progress", "arrived")), 0),
    (Job.state == "on_the_way", 1),
    else_=2,
)


@dataclass(frozen=True)
class JobPage:
    """Some jobs in order; ``next`` goes back in as ``after`` for those that follow."""

    rows: Sequence[Job]
    next: tuple[datetime, int] | None


def create(
    session: Session,
    actor: Actor,
    wanted: JobInput,
    *,
    at: datetime,
    request: Request | None = None,
    estimate: Estimate | None = None,
) -> Job:
    """Make a job, from scratch, a request or an estimate: one function for all. Source: feature 63.

    Raises Forbidden by the job's definition.
    """
    job = Job(
        customer_id=wanted.customer,
        contact_id=wanted.contact,
        location_id=wanted.location,
        category_id=wanted.category,
        service_id=wanted.service,
        client_service_id=wanted.client_service,
        request_id=request.id if request else None,
        estimate_id=estimate.id if estimate else None,
        title=wanted.title,
        description=wanted.description,
        priority=wanted.priority,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        sla_due_at=wanted.sla_due_at,
        created_at=at,
        needs=_needs(wanted),
    )
    step = engine.start(session, job, WORKFLOW, engine.Order(engine.SUBMIT, actor), at=at)
    if wanted.technician:
        session.flush()  # the new job must be there before its first step is counted
        order = engine.Order("assign", actor, {"technician": wanted.technician})
        engine.apply(session, step.subject, order, at=at)
    return job


def get(session: Session, job_id: int, actor: Actor) -> Job:
    """Return one job with what its page shows. Raises NotFound.

    A technician is shown only the jobs that are theirs.
    """
    statement = _with_everything(select(Job).where(Job.id == job_id, *_visible_to(actor)))
    return _one(session, statement)


def get_by_ref(session: Session, ref: str, customer_id: int) -> Job:
    """Return a customer's own job. Raises NotFound, for anybody else's too."""
    statement = select(Job).where(Job.ref == ref, Job.customer_id == customer_id)
    return _one(session, _with_everything(statement))


def of_request(session: Session, request: Request) -> Job | None:
    """Return the job a request became, None while there is none."""
    return session.scalars(select(Job).where(Job.request_id == request.id)).one_or_none()


def check_has_none(session: Session, request: Request) -> None:
    """Raise TransitionBlocked when a request became a job before: it becomes one only once."""
    job = of_request(session, request)
    if job is not None:
        raise TransitionBlocked(
            N_("This request has become job %(number)s already."), number=job.number
        )


def move(
    session: Session,
    job_id: int,
    trigger: str,
    actor: Actor,
    submission: Submission,
    *,
    at: datetime,
) -> Step:
    """Take one step of a job. Raises NotFound, Forbidden, Invalid and TransitionBlocked."""
    statement = select(Job).options(joinedload(Job.customer), joinedload(Job.location))
    statement = statement.where(Job.id == job_id, *_visible_to(actor))
    job = engine.lock(session, statement, Job)
    return moves.move(session, job, trigger, actor, submission, at=at)


def page(
    session: Session,
    actor: Actor,
    *,
    states: Sequence[str] = OPEN_STATES,
    after: tuple[datetime, int] | None = None,
    limit: int = 30,
) -> JobPage:
    """Return jobs in these states, newest first, for staff."""
    statement = select(Job).where(Job.state.in_(states), *_visible_to(actor))
    return _page(session, statement, after, limit)


def active_for_customer(session: Session, customer_id: int) -> Sequence[Job]:
    """Return a customer's open jobs, those under way first. Source: features 144 and 150."""
    statement = select(Job).where(Job.customer_id == customer_id, Job.state.in_(OPEN_STATES))
    order = (_UNDER_WAY, Job.starts_at.is_(None), Job.starts_at, Job.id)
    ordered = _with_names(statement).order_by(*order).limit(200)
    return session.scalars(ordered).all()


def history_for_customer(
    session: Session,
    customer_id: int,
    *,
    before: tuple[datetime, int] | None = None,
    limit: int = 10,
) -> JobPage:
    """Return a customer's completed jobs, newest first. Source: features 153-155."""
    statement = select(Job).where(Job.customer_id == customer_id, Job.state == "completed")
    return _page(session, statement, before, limit)


def _page(
    session: Session, statement: Select[Job], after: tuple[datetime, int] | None, limit: int
) -> JobPage:
    if after:
        statement = statement.where(tuple_(Job.state_since, Job.id) < after)
    statement = statement.order_by(Job.state_since.desc(), Job.id.desc()).limit(limit + 1)
    rows = session.scalars(_with_names(statement)).all()
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return JobPage(rows[:limit], (last.state_since, last.id) if last else None)


def _visible_to(actor: Actor) -> list[ColumnElement[bool]]:
    if actor.role == "technician":
        return [Job.technician_id == actor.id]
    if actor.kind == "staff" and actor.role not in ("owner", "dispatcher"):
        raise Forbidden(N_("Your role may not see jobs."))
    return []


def _needs(wanted: JobInput) -> list[JobNeed]:
    needs = [JobNeed(skill_id=id_, quantity=1) for id_ in wanted.skills]
    needs += [JobNeed(part_id=id_, quantity=count) for id_, count in wanted.parts]
    return needs + [JobNeed(asset_id=id_, quantity=1) for id_ in wanted.assets]


def _with_names(statement: Select[Job]) -> Select[Job]:
    return statement.options(
        joinedload(Job.customer),
        joinedload(Job.location),
        joinedload(Job.technician),
        joinedload(Job.service),
        joinedload(Job.category),
        joinedload(Job.request),  # an address typed for this work alone
    )


def _with_everything(statement: Select[Job]) -> Select[Job]:
    needs = selectinload(Job.needs)
    return _with_names(statement).options(
        joinedload(Job.contact),
        needs.joinedload(JobNeed.skill),
        needs.joinedload(JobNeed.part),
        needs.joinedload(JobNeed.asset),
    )


def _one(session: Session, statement: Select[Job]) -> Job:
    job = session.scalars(statement).unique().one_or_none()
    if job is None:
        raise NotFound("job")
    return job


def as_system(actor: Actor) -> Actor:
    """Return the same person acting through a rule of the company, not in their own right."""
    return replace(actor, role="system")


def input_of(facts: dict[str, Any]) -> JobInput:
    """Return the form's values as an effect got them from a definition's ``input.job``."""
    known = JobInput.__dataclass_fields__
    values = {name: value for name, value in facts.items() if name in known}
    parts = tuple((each["part"], each["quantity"]) for each in values.pop("parts", ()))
    return JobInput(**values, parts=parts)
