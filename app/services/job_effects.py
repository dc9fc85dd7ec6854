"""What steps do to jobs: the functions behind the effects a definition may name."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import select

from app.actor import Actor
from app.errors import N_, Invalid
from app.models import Estimate, Job, Request
from app.services import estimates, job_forms, jobs, references
from workflows import engine, undo
from workflows.effects import Step
from workflows.facts import Moment
from workflows.registry import effect, fact


@effect("create_job")
def create_job(step: Step, params: Any) -> None:
    """Make the job a request asks for, or the one an estimate was accepted for."""
    of_subject = _of_estimate if isinstance(step.subject, Estimate) else _of_request
    step.made["job"] = of_subject(step, params)


def _of_request(step: Step, params: Any) -> Job:
    """Make a job from the form, or at a time already agreed."""
    request = cast("Request", step.subject)
    jobs.check_has_none(step.session, request)
    at: datetime | None = step.look_up(params.at) if params.at else None
    checked = step.look_up(params.source) if params.source else None
    wanted = (
        jobs.input_of(checked)
        if checked
        else job_forms.of_request(request, step.company, at, at=step.at)
    )
    actor = _on_behalf_of(step.actor)
    return jobs.create(step.session, actor, wanted, at=step.at, request=request)


def _of_estimate(step: Step, params: Any) -> Job:
    """Make the job of an estimate; its request becomes it too, unless it became one already."""
    estimate = cast("Estimate", step.subject)
    request = estimate.request
    if request is not None and jobs.of_request(step.session, request) is not None:
        request = None
    actor = step.actor if step.actor.may_review() else jobs.as_system(step.actor)
    wanted = estimates.job_of(estimate, step.company, at=step.at)
    return jobs.create(step.session, actor, wanted, at=step.at, request=request, estimate=estimate)


@effect("cancel_job")
def cancel_job(step: Step, params: Any) -> None:
    """Cancel the job this request or estimate became, unless it has ended already."""
    parent = Job.estimate_id if isinstance(step.subject, Estimate) else Job.request_id
    statement = select(Job).where(parent == step.subject.id)
    job = step.session.scalars(statement).one_or_none()
    if job is not None and not job.is_decided():
        order = engine.Order("cancel", _on_behalf_of(step.actor))
        engine.apply(step.session, job, order, at=step.at)
        if step.event.trigger == undo.UNDONE:
            job.request_id = job.estimate_id = None  # either may become another job


@effect("assign_technician")
def assign_technician(step: Step, params: Any) -> None:
    """Give the job to a technician. Raises Invalid when nobody of the company is meant."""
    id_: int = step.look_up(params.technician)
    if ("technician", id_) not in references.find(
        step.session, step.company.id, [("technician", id_)]
    ):
        raise Invalid({"technician": N_("Please choose one from the list.")})
    _job(step).technician_id = id_


@effect("clear_technician")
def clear_technician(step: Step, params: Any) -> None:
    """Take the job back from its technician."""
    _job(step).technician_id = None


@effect("set_job_time")
def set_job_time(step: Step, params: Any) -> None:
    """Give the job a time; without an end it takes as long as it did before."""
    job, starts_at = _job(step), step.look_up(params.at)
    ends_at: datetime | None = step.look_up(params.until) if params.until else None
    if ends_at is None and job.starts_at and job.ends_at:
        ends_at = starts_at + (job.ends_at - job.starts_at)
    job.starts_at, job.ends_at = starts_at, ends_at


@effect("mark_time")
def mark_time(step: Step, params: Any) -> None:
    """Remember when the work was completed; the other moments stand in the history.

    Where the company says so, the first completed job sets its customer up. Source: presets.md.
    """
    if params.moment != "completed":
        return
    job = _job(step)
    job.completed_at = step.at
    if step.company.onboards_with_first_job:
        job.customer.onboarded_at = job.customer.onboarded_at or step.at


@fact("is_my_job")
def is_my_job(moment: Moment) -> bool:
    """Return True for the technician whose job it is."""
    job = cast("Job", moment.subject)
    return moment.actor.kind == "staff" and job.technician_id == moment.actor.id


def _on_behalf_of(actor: Actor) -> Actor:
    """Return who makes or cancels a job: staff themselves, for others the company's rules."""
    return actor if actor.kind == "staff" else jobs.as_system(actor)


def _job(step: Step) -> Job:
    return cast("Job", step.subject)
