"""What steps do to jobs: the functions behind the effects a definition may name."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import select

from app.actor import Actor
from app.errors import N_, Invalid
from app.models import Job, Request
from app.services import job_forms, jobs, references
from workflows import engine, undo
from workflows.effects import Step
from workflows.facts import Moment
from workflows.registry import effect, fact


@effect("create_job")
def create_job(step: Step, params: Any) -> None:
    """Make the job a request asks for: from the form, or at a time already agreed."""
    request = cast("Request", step.subject)
    at: datetime | None = step.look_up(params.at) if params.at else None
    checked = step.look_up(params.source) if params.source else None
    wanted = (
        jobs.input_of(checked)
        if checked
        else job_forms.of_request(request, step.company, at, at=step.at)
    )
    actor = _on_behalf_of(step.actor)
    step.made["job"] = jobs.create(step.session, actor, wanted, at=step.at, request=request)


@effect("cancel_job")
def cancel_job(step: Step, params: Any) -> None:
    """Cancel the job this request became, unless it has ended already."""
    statement = select(Job).where(Job.request_id == step.subject.id)
    job = step.session.scalars(statement).one_or_none()
    if job is not None and not job.is_decided():
        order = engine.Order("cancel", _on_behalf_of(step.actor))
        engine.apply(step.session, job, order, at=step.at)
        if step.event.trigger == undo.UNDONE:
            job.request_id = None  # the request may become another job


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
