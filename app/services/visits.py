"""Visits: jobs of a plan, found by what was asked for, or made for this once."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.errors import N_, Invalid
from app.models import ClientService, Company, Job, Request
from app.services import jobs
from app.services.job_forms import JobInput
from workflows import timers
from workflows.calendars import Calendar
from workflows.effects import Step
from workflows.facts import Moment
from workflows.registry import effect, fact


def matching(session: Session, request: Request) -> Sequence[ClientService]:
    """Return the customer's active plans for the service asked for, the best first.

    One at the place asked for goes before others, then the newest. Source: features 66-67, D9.
    """
    statement = _active(request.customer_id)
    found = session.scalars(statement.where(ClientService.service_id == request.service_id)).all()
    return sorted(found, key=lambda plan: plan.location_id != request.location_id)


def of_customer(session: Session, customer_id: int) -> Sequence[ClientService]:
    """Return a customer's active plans, the newest first."""
    return session.scalars(_active(customer_id)).all()


def plan_of(session: Session, job: Job) -> ClientService | None:
    """Return the plan a visit comes under, None for a job without one. Source: feature 70."""
    return session.get(ClientService, job.client_service_id) if job.client_service_id else None


def first_day(
    session: Session, company: Company, request: Request, *, since: date | None = None
) -> date | None:
    """Return the first day of the customer's wishes, from ``since`` on, on which the company works.

    None when there is none: somebody must choose. Source: D10.
    """
    calendar = timers.calendar(session, company.timezone)
    for wish in request.preferred_dates:
        first = max(wish.day, since) if since else wish.day
        day = _open_day(calendar, first, wish.last_day or wish.day)
        if day is not None:
            return day
    return None


def _active(customer_id: int) -> Select[ClientService]:
    return (
        select(ClientService)
        .where(
            ClientService.customer_id == customer_id,
            ClientService.ended_at.is_(None),
            ClientService.is_proposal.is_(False),
        )
        .options(joinedload(ClientService.service), joinedload(ClientService.location))
        .order_by(ClientService.id.desc())
    )


def _open_day(calendar: Calendar, day: date, last: date) -> date | None:
    while day <= last:
        if calendar.opens_on(day):
            return day
        day += timedelta(days=1)
    return None


@effect("create_visit")
def create_visit(step: Step, params: Any) -> None:
    """Schedule a visit of the plan chosen in the form, or of a new one for this once."""
    request = cast("Request", step.subject)
    jobs.check_has_none(step.session, request)
    wanted = jobs.input_of(step.look_up(params.source))
    if wanted.client_service is None:
        plan = _once(step.session, request, wanted)
        wanted = JobInput(**{**wanted.__dict__, "client_service": plan.id})
    step.made["job"] = jobs.create(step.session, step.actor, wanted, at=step.at, request=request)


@effect("propose_plan")
def propose_plan(step: Step, params: Any) -> None:
    """Lay a plan before the staff; nothing is scheduled until they agree on it. Source: D12.

    A change of a service starts from the plan it speaks of.
    """
    request = cast("Request", step.subject)
    if request.service_id is None:
        raise Invalid({"service": N_("A plan needs a service from the catalogue.")})
    changed = _changed_plan(step.session, request)
    plan = ClientService(
        customer_id=request.customer_id,
        location_id=request.location_id,
        service_id=request.service_id,
        price_cents=request.service.price_cents if request.service else None,
        is_proposal=True,
        created_at=step.at,
    )
    if changed is not None:
        plan.price_cents, plan.every_months = changed.price_cents, changed.every_months
    step.session.add(plan)


def proposal_of(session: Session, request: Request) -> ClientService | None:
    """Return the plan that approving a request laid before the staff, None when there is none."""
    statement = select(ClientService).where(
        ClientService.customer_id == request.customer_id,
        ClientService.service_id == request.service_id,
        ClientService.created_at == request.state_since,
    )
    statement = statement.options(joinedload(ClientService.service))
    return session.scalars(statement.order_by(ClientService.id.desc())).first()


def _changed_plan(session: Session, request: Request) -> ClientService | None:
    if request.kind != "service_change":
        return None
    return next(iter(matching(session, request)), None)


@fact("plan_matches")
def plan_matches(moment: Moment) -> int:
    """Return how many active plans fit the service asked for."""
    return len(matching(moment.session, cast("Request", moment.subject)))


@fact("has_active_plan")
def has_active_plan(moment: Moment) -> bool:
    """Return True when an active plan fits the service asked for."""
    return plan_matches(moment) > 0


def _once(session: Session, request: Request, wanted: JobInput) -> ClientService:
    """Return a plan for one visit, so that the visit has a parent. Source: feature 68."""
    if wanted.service is None:
        raise Invalid({"service": N_("A visit needs a service from the catalogue.")})
    service = request.service if request.service_id == wanted.service else None
    plan = ClientService(
        customer_id=wanted.customer,
        location_id=wanted.location,
        service_id=wanted.service,
        price_cents=service.price_cents if service else None,
        created_at=request.submitted_at,
    )
    session.add(plan)
    session.flush()  # for plan.id, which the visit names
    return plan
