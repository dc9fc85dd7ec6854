"""What steps do to jobs: the functions behind the effects a definition may name."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.models import Job, Request
from app.services import job_forms, jobs
from workflows import engine
from workflows.effects import Step
from workflows.facts import Moment
from workflows.registry import effect, fact


@effect("create_job")
def create_job(step: Step, params: Any) -> None:
    """Make the job a request asks for: from the form, or at a time already agreed."""
    request = step.subject
    assert isinstance(request, Request)
    at: datetime | None = step.look_up(params.at) if params.at else None
    checked = step.look_up(params.source) if params.source else None
    wanted = jobs.input_of(checked) if checked else job_forms.of_request(request, step.company, at)
    actor = step.actor if step.actor.kind == "staff" else jobs.as_system(step.actor)
    step.made["job"] = jobs.create(step.session, actor, wanted, at=step.at, request=request)


@effect("cancel_job")
def cancel_job(step: Step, params: Any) -> None:
    """Cancel the job this request became, unless it has ended already."""
    statement = select(Job).where(Job.request_id == step.subject.id)
    job = step.session.scalars(statement).one_or_none()
    if job is not None and not job.is_decided():
        order = engine.Order("cancel", jobs.as_system(step.actor))
        engine.apply(step.session, job, order, at=step.at)


@effect("assign_technician")
def assign_technician(step: Step, params: Any) -> None:
    """Give the job to a technician."""
    _job(step).technician_id = step.look_up(params.technician)


@effect("clear_technician")
def clear_technician(step: Step, params: Any) -> None:
    """Take the job back from its technician."""
    _job(step).technician_id = None


@effect("mark_time")
def mark_time(step: Step, params: Any) -> None:
    """Remember when the work was completed; the other moments stand in the history."""
    if params.moment == "completed":
        _job(step).completed_at = step.at


@fact("job_open")
def job_open(moment: Moment) -> bool:
    """Return True while the request's job, if there is one, has not ended."""
    statement = select(Job.outcome).where(Job.request_id == moment.subject.id)
    row = moment.session.execute(statement).first()
    return row is not None and row.outcome is None


def _job(step: Step) -> Job:
    assert isinstance(step.subject, Job)
    return step.subject
