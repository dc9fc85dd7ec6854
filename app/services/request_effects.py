"""What steps do to requests, and the facts conditions ask about them."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import and_, func, or_, select

from app.models import Customer, Job, Request, Staff
from app.services.jobs import OPEN_STATES
from workflows import timers
from workflows.effects import Step
from workflows.facts import Moment
from workflows.registry import effect, fact

# How long a visit is taken to last when nobody said.
VISIT = timedelta(hours=2)


@effect("create_lead")
def create_lead(step: Step, params: Any) -> None:
    """Show the request among the leads, by the way it came in. Source: feature 48."""
    _request(step).lead_source = "portal" if step.actor.kind == "customer" else "staff"


@effect("propose_time")
def propose_time(step: Step, params: Any) -> None:
    """Offer the customer a time; only the newest offer stands. Source: D15."""
    request = _request(step)
    request.proposed_at = step.look_up(params.at)
    request.proposal_rounds += 1


@effect("withdraw_time")
def withdraw_time(step: Step, params: Any) -> None:
    """Take the offered time back."""
    _request(step).proposed_at = None


@fact("slot_free")
def slot_free(moment: Moment) -> bool:
    """Return True while somebody could come at the proposed time. Source: D13.

    As many visits fit at once as the company has technicians.
    """
    at = cast("Request", moment.subject).proposed_at
    if at is None or at <= moment.at:
        return False
    busy = moment.session.scalar(_overlapping(at, moment)) or 0
    technicians = select(func.count(Staff.id)).where(
        Staff.role == "technician", Staff.disabled_at.is_(None)
    )
    return busy < max(1, moment.session.scalar(technicians) or 0)


@fact("customer_reachable")
def customer_reachable(moment: Moment) -> bool:
    """Return True when the customer has any address to write to. Source: D16."""
    customer: Customer = cast("Any", moment.subject).customer
    return customer.can_be_told()


@fact("inside_opening_hours")
def inside_opening_hours(moment: Moment) -> bool:
    """Return True while the company is open."""
    return timers.calendar(moment.session, moment.company.timezone).is_open(moment.at)


def _overlapping(at: datetime, moment: Moment) -> Any:
    return select(func.count(Job.id)).where(
        Job.company_id == moment.company.id,
        Job.state.in_(OPEN_STATES),
        Job.starts_at < at + VISIT,
        or_(Job.ends_at > at, and_(Job.ends_at.is_(None), Job.starts_at > at - VISIT)),
    )


def _request(step: Step) -> Request:
    return cast("Request", step.subject)
