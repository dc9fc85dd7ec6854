"""The Jobs dashboard: what is agreed on, one job, the form that makes a new one."""

from collections.abc import Mapping
from typing import Any, Final, cast

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from admin_views import cursors, steps
from admin_views.base import (
    PLANNERS,
    StaffPage,
    actor,
    clean_id,
    company,
    form_data,
    language,
    opens_to,
    see_other,
)
from admin_views.job_form import job_form
from admin_views.requests import is_drawn, waiting
from admin_views.wording import PRIORITIES, place_of, service_of, state_of, words
from app import clock
from app.db import db, transaction
from app.errors import Invalid
from app.models import Job
from app.services import history, jobs, moves, requests, visits
from app.web.answers import wants_json
from app.web.own_answers import own_answers
from app.web.words import in_words
from workflows import undo, versions
from workflows.effects import Step

PAGE_ROWS = 30
FIELD: Final = frozenset({"owner", "dispatcher", "technician"})
_CLOSED: Final = ("completed", "cancelled")


class JobsView(StaffPage):
    """Jobs for those who plan them, and a technician's own for the technician."""

    @expose("/")
    @opens_to(FIELD)
    def index(self) -> ResponseReturnValue:
        """Show the open jobs, or those of one state."""
        session, status = db.session(), request.args.get("status", "open")[:64]
        after = cursors.read(request.args.get("after"))
        wanted = jobs.OPEN_STATES if status == "open" else (status,)
        page = jobs.page(session, actor(), states=wanted, after=after, limit=PAGE_ROWS)
        return self.render(
            "staff/jobs.html", rows=[row_of(session, job) for job in page.rows], status=status,
            chips=_chips(session, status), next_page=cursors.write(page.next),
            waiting=waiting() if actor().may_review() else 0,
        )  # fmt: skip

    @expose("/new", methods=("GET", "POST"))
    @opens_to(PLANNERS)
    def new(self) -> ResponseReturnValue:
        """Show the Create Job form; POST makes the job."""
        if request.method == "POST" and "_find" not in request.form:
            return self._create()
        raw = form_data()
        if request.method == "GET":
            chosen = clean_id(request.args.get("customer"))
            raw = {**jobs.blank(company()), **({"customer": str(chosen)} if chosen else {})}
        return self._form(raw, {}), 200

    @expose("/<int:key>")
    @opens_to(FIELD)
    def show(self, key: int) -> ResponseReturnValue:
        """Show one job with its history and the steps it can take."""
        session, at = db.session(), clock.now()
        job = jobs.get(session, key, actor())
        options = [o for o in moves.options(session, job, actor(), at=at) if is_drawn(o)]
        return self.render(
            "staff/job.html", job=job, shown=state_of(session, job), place=place_of(job),
            service=service_of(job), priority=PRIORITIES[job.priority],
            options=[(o, steps.why(o)) for o in options], form_key=steps.form_key(),
            urls={o.trigger: url_for(".step", key=key, trigger=o.trigger) for o in options},
            history=history.of(session, job), undo=undo.offer(session, job, actor(), at=at),
            photos=requests.photos(session, job.request) if job.request else (),
            extra=list(own_answers(session, job.request, language())) if job.request else (),
            plan=visits.plan_of(session, job),
        )  # fmt: skip

    @expose("/<int:key>/<trigger>", methods=("GET", "POST"))
    @opens_to(FIELD)
    def step(self, key: int, trigger: str) -> ResponseReturnValue:
        """Show the form of one transition; POST takes the step."""
        return steps.step_page(self, DESK, key, trigger)

    def _create(self) -> ResponseReturnValue:
        raw = form_data()
        try:
            with transaction() as session:
                job = _made(session, raw)
        except Invalid as error:
            if wants_json():
                raise
            errors = {name: in_words(why) for name, why in error.fields.items()}
            return self._form(raw, errors), error.status
        flash(_("Job %(number)s was created.", number=job.number), "success")
        return see_other(url_for("jobs.show", key=job.id))

    def _form(self, raw: Mapping[str, Any], errors: Mapping[str, str]) -> str:
        form = job_form(db.session(), raw, errors)
        key = str(raw.get("form_key") or steps.form_key())
        return self.render("staff/job_new.html", form=form, form_key=key)


def row_of(session: Session, job: Job) -> dict[str, Any]:
    """Return what a list shows of a job."""
    return {
        "job": job, "state": state_of(session, job), "place": place_of(job),
        "service": service_of(job), "late": bool(
            job.sla_due_at and not job.is_decided() and job.sla_due_at < clock.now()
        ),
    }  # fmt: skip


def _made(session: Session, raw: Mapping[str, Any]) -> Job:
    at = clock.now()
    return jobs.create(session, actor(), jobs.clean(session, raw, company(), at=at), at=at)


def _chips(session: Session, status: str) -> list[tuple[str, str]]:
    definition = versions.current(session, company(), jobs.WORKFLOW)
    found = {"open": _("Open")}
    shown = [state for state in definition.states if state.name in (*_CLOSED, status)]
    return list({**found, **{state.name: words(state.label) for state in shown}}.items())


def _say(step: Step) -> None:
    job = cast("Job", step.subject)
    state = words(step.definition.state(job.state).label)
    flash(_("Job %(job)s is now: %(state)s.", job=job.number, state=state), "success")


DESK = steps.Desk(
    noun="job",
    plural=_l("Jobs"),
    find=jobs.get,
    option=moves.option,
    move=jobs.move,
    prefill=lambda _session, _job: {},
    summary=lambda session, job: {"state": state_of(session, job), "title": job.title},
    url=lambda row: url_for("jobs.show", key=row.id),
    list_url=lambda: url_for("jobs.index"),
    said=_say,
)
