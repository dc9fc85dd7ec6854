"""Estimates: opened, priced, moved by the engine, listed for those concerned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from app.actor import Actor
from app.db import locked
from app.errors import N_, Conflict, Forbidden, NotFound
from app.models import Company, Estimate, EstimateLine, Event, Job, Request
from app.services import job_forms, moves, news, numbers
from app.services.estimate_forms import EstimateInput, Whom
from app.services.estimate_totals import totals
from app.services.job_forms import JobInput
from app.services.moves import Option, Submission, option, options
from workflows import engine, library, versions
from workflows.effects import Step
from workflows.schema import Definition

__all__ = ["Option", "Submission", "option", "options"]

WORKFLOW: Final = "estimate"
UNDECIDED: Final = "undecided"
ALL: Final = "all"
ROLES: Final = ("owner", "dispatcher", "office")
_GLANCE: Final = 6


@dataclass(frozen=True)
class EstimatePage:
    """Some estimates in order; ``next`` goes back in as ``after`` for those that follow."""

    rows: Sequence[Estimate]
    next: tuple[datetime, int] | None


def create(
    session: Session,
    actor: Actor,
    whom: Whom,
    wanted: EstimateInput,
    *,
    at: datetime,
    key: str | None = None,
) -> Estimate:
    """Open an estimate with the company's next number. A key seen before gives the same one.

    Raises Forbidden by its definition, and Conflict for a form sent twice at once.
    """
    known = _by_key(session, key)
    if known is not None:
        return known
    company = provide(session, actor.company_id, at=at)
    serial = numbers.take(session, WORKFLOW)  # whoever sends the same form at once waits here
    if _by_key(session, key) is not None:
        raise Conflict(N_("This form was sent already."))
    estimate = Estimate(
        customer_id=whom.customer,
        location_id=whom.location,
        contact_id=whom.contact,
        request_id=whom.request,
        serial=serial,
        currency=company.currency,
        created_at=at,
    )
    write(estimate, wanted)
    order = engine.Order(engine.SUBMIT, actor, key=key)
    engine.start(session, estimate, WORKFLOW, order, at=at)
    return estimate


def write(estimate: Estimate, wanted: EstimateInput) -> None:
    """Put a checked form's words, lines and totals into an estimate."""
    estimate.title, estimate.note = wanted.title, wanted.note
    estimate.valid_until = wanted.valid_until
    estimate.lines = [
        EstimateLine(
            position=position,
            service_id=line.service,
            name=line.name,
            quantity_milli=line.quantity_milli,
            unit_cents=line.unit_cents,
            tax_bp=line.tax_bp,
        )
        for position, line in enumerate(wanted.lines, start=1)
    ]
    found = totals(wanted.lines)
    estimate.subtotal_cents, estimate.tax_cents = found.subtotal_cents, found.tax_cents
    estimate.total_cents = found.total_cents


def of_request(request: Request) -> Whom:
    """Return whose estimate a request asks for."""
    return Whom(request.customer_id, request.location_id, request.contact_id, request.id)


def job_of(estimate: Estimate, company: Company, *, at: datetime) -> JobInput:
    """Return the job an accepted estimate becomes: its request's, under the estimate's title."""
    if estimate.request is not None:
        asked = job_forms.of_request(estimate.request, company, None, at=at)
        description = asked.description or _work(estimate)
        return replace(asked, title=estimate.title, description=description)
    return JobInput(
        customer=estimate.customer_id,
        title=estimate.title,
        description=_work(estimate),
        location=estimate.location_id,
        contact=estimate.contact_id,
        service=next((line.service_id for line in estimate.lines if line.service_id), None),
        sla_due_at=job_forms.deadline(estimate.customer.sla_hours, at),
    )


def provide(session: Session, company_id: int, *, at: datetime) -> Company:
    """Return the company, with a definition for its estimates: older companies have none yet."""
    company = session.get_one(Company, company_id)
    if WORKFLOW not in company.versions:
        statement = locked(select(Company).where(Company.id == company_id))
        company = session.scalars(statement.execution_options(populate_existing=True)).one()
    if WORKFLOW not in company.versions:
        versions.publish(session, company, library.definition(WORKFLOW), author="Callout", at=at)
    return company


def current(session: Session, company: Company) -> Definition:
    """Return the definition that new estimates begin under, also before there are any."""
    if WORKFLOW in company.versions:
        return versions.current(session, company, WORKFLOW)
    return library.definition(WORKFLOW)


def get(session: Session, estimate_id: int, actor: Actor) -> Estimate:
    """Return one estimate with what its page shows. Raises NotFound, Forbidden."""
    _check_role(actor)
    return _one(session, Estimate.id == estimate_id)


def get_by_ref(session: Session, ref: str, customer_id: int) -> Estimate:
    """Return a customer's own estimate. Raises NotFound, for anybody else's too."""
    return _one(session, Estimate.ref == ref, *_shown_to(customer_id))


def page(
    session: Session,
    actor: Actor,
    *,
    status: str = UNDECIDED,
    after: tuple[datetime, int] | None = None,
    limit: int = 30,
) -> EstimatePage:
    """Return estimates by status, what moved last first, for staff. Raises Forbidden."""
    _check_role(actor)
    statement = select(Estimate).options(joinedload(Estimate.customer))
    if status == UNDECIDED:
        statement = statement.where(Estimate.outcome.is_(None))
    elif status != ALL:
        statement = statement.where(Estimate.state == status)
    if after:
        statement = statement.where(tuple_(Estimate.state_since, Estimate.id) < after)
    newest = (Estimate.state_since.desc(), Estimate.id.desc())
    rows = session.scalars(statement.order_by(*newest).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return EstimatePage(rows[:limit], (last.state_since, last.id) if last else None)


def for_customer(session: Session, customer_id: int, *, limit: int = 100) -> Sequence[Estimate]:
    """Return a customer's estimates, those that wait for an answer first. Source: feature 169."""
    waits = Estimate.waiting_on.is_not_distinct_from("customer")
    statement = (
        select(Estimate)
        .where(*_shown_to(customer_id))
        .order_by(waits.desc(), Estimate.state_since.desc(), Estimate.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()


def glance(session: Session, customer_id: int) -> Sequence[Estimate]:
    """Return a few of a customer's estimates, those that wait for an answer first."""
    return for_customer(session, customer_id, limit=_GLANCE)


def of(session: Session, request: Request) -> Sequence[Estimate]:
    """Return the estimates of a request, the newest first."""
    statement = select(Estimate).where(Estimate.request_id == request.id)
    return session.scalars(statement.order_by(Estimate.id.desc())).all()


def job(session: Session, estimate: Estimate) -> Job | None:
    """Return the job an estimate became, None while there is none."""
    return session.scalars(select(Job).where(Job.estimate_id == estimate.id)).one_or_none()


def move(
    session: Session,
    estimate_id: int,
    trigger: str,
    actor: Actor,
    submission: Submission,
    *,
    at: datetime,
) -> Step:
    """Take one step of an estimate as staff.

    Raises NotFound, Forbidden, Invalid and TransitionBlocked (late; ``event`` says who came
    first).
    """
    _check_role(actor)
    estimate = lock(session, Estimate.id == estimate_id)
    submission = news.catch_up(session, estimate, submission)
    return moves.move(session, estimate, trigger, actor, submission, at=at)


def move_own(
    session: Session, ref: str, trigger: str, actor: Actor, submission: Submission, *, at: datetime
) -> Step:
    """Take one step of a customer's own estimate, as that customer. Raises as ``move``."""
    estimate = lock(session, Estimate.ref == ref, *_shown_to(actor.id or 0))
    submission = news.catch_up(session, estimate, submission)
    return moves.move(session, estimate, trigger, actor, submission, at=at)


def lock(session: Session, *which: ColumnElement[bool]) -> Estimate:
    """Return one estimate, locked until the transaction ends. Raises NotFound.

    Its request is locked before it, as in every step of the request: taken the other way round,
    an acceptance and a decision would wait for each other for ever.
    """
    request_id = session.scalar(select(Estimate.request_id).where(*which))
    if request_id is not None:
        statement = select(Request).where(Request.id == request_id)
        engine.lock(session, statement.options(joinedload(Request.customer)), Request)
    return engine.lock(session, _with_names(select(Estimate).where(*which)), Estimate)


def _by_key(session: Session, key: str | None) -> Estimate | None:
    if key is None:
        return None
    statement = (
        select(Estimate)
        .join(Event, and_(Event.subject_id == Estimate.id, Event.subject == WORKFLOW))
        .where(Event.key == key)
    )
    return session.scalars(statement).one_or_none()


def _shown_to(customer_id: int) -> tuple[ColumnElement[bool], ...]:
    """A draft is the team's own, unless the customer asked for it and knows its number."""
    known = or_(Estimate.sent_at.is_not(None), Estimate.request_id.is_not(None))
    return Estimate.customer_id == customer_id, known


def _check_role(actor: Actor) -> None:
    if actor.kind == "staff" and actor.role not in ROLES:
        raise Forbidden(N_("Your role may not see estimates."))


def _work(estimate: Estimate) -> str:
    """Return what was priced, for the technician: a line each."""
    return "\n".join(f"{line.quantity_milli / 1000:g} × {line.name}" for line in estimate.lines)


def _with_names(statement: Select[Estimate]) -> Select[Estimate]:
    options: list[Any] = [
        joinedload(Estimate.customer),
        joinedload(Estimate.location),
        joinedload(Estimate.contact),
        joinedload(Estimate.request).joinedload(Request.customer),
        selectinload(Estimate.lines),
    ]
    return statement.options(*options)


def _one(session: Session, *which: ColumnElement[bool]) -> Estimate:
    estimate = session.scalars(_with_names(select(Estimate).where(*which))).one_or_none()
    if estimate is None:
        raise NotFound("estimate")
    return estimate
