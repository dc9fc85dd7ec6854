"""Home: what needs somebody now, and today's jobs."""

from datetime import datetime, timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from admin_views.base import EVERYBODY, StaffPage, actor, company, opens_to
from admin_views.cards import card_of
from admin_views.jobs import row_of
from admin_views.messages import failed
from admin_views.requests import waiting
from app import clock
from app.actor import Actor
from app.db import db
from app.models import Job
from app.services import jobs, queue
from app.web.words import localtime

_MOST = 50


class HomeView(StaffPage):
    """The page everybody begins on; each sees what their role may."""

    @expose("/")
    @opens_to(EVERYBODY)
    def index(self) -> ResponseReturnValue:
        """Show what waits, today's jobs, and messages that did not arrive."""
        session, who = db.session(), actor()
        today = _todays_jobs(session, who)
        context: dict[str, Any] = {
            "jobs": [row_of(session, job) for job in today],
            "nobody": [job for job in today if not job.technician_id and not job.is_decided()],
            "failed": failed() if who.role != "technician" else 0,
            "waiting": 0, "oldest": None,
        }  # fmt: skip
        if who.may_review():
            context["waiting"] = waiting()
            oldest = queue.page(session, who, limit=1).rows
            context["oldest"] = card_of(session, oldest[0], who.role) if oldest else None
        return self.render("staff/home.html", company_name=company().name, **context)


def _todays_jobs(session: Session, who: Actor) -> list[Job]:
    if who.role == "office":
        return []
    begin = localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    statement = (
        select(Job)
        .where(Job.starts_at >= begin, Job.starts_at < _tomorrow(begin))
        .where(Job.state.in_((*jobs.OPEN_STATES, "completed")))
        .options(joinedload(Job.customer), joinedload(Job.location), joinedload(Job.technician),
                 joinedload(Job.service), joinedload(Job.category), joinedload(Job.request))
        .order_by(Job.starts_at, Job.id)
        .limit(_MOST)
    )  # fmt: skip
    if who.role == "technician":
        statement = statement.where(Job.technician_id == who.id)
    return list(session.scalars(statement))


def _tomorrow(begin: datetime) -> datetime:
    # By the calendar, not by 24 hours: twice a year a day has another length.
    return (begin.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=begin.tzinfo)
