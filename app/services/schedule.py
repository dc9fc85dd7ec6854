"""A customer's schedule: the work agreed on that is still to come. Source: features 72 and 98."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.models import Job
from app.services.jobs import OPEN_STATES

UNDER_WAY = ("on_the_way", "arrived", "in_progress")
MOST = 200


def coming(session: Session, customer_id: int, *, since: datetime) -> Sequence[Job]:
    """Return a customer's open jobs from ``since`` on, the next first, those without a time last.

    What is under way counts whenever it began.
    """
    statement = (
        select(Job)
        .where(Job.customer_id == customer_id, Job.state.in_(OPEN_STATES))
        .where(or_(Job.starts_at.is_(None), Job.starts_at >= since, Job.state.in_(UNDER_WAY)))
        .options(joinedload(Job.location), joinedload(Job.technician), joinedload(Job.request))
        .order_by(Job.starts_at.is_(None), Job.starts_at, Job.id)
        .limit(MOST)
    )
    return session.scalars(statement).all()
