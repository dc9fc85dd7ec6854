"""The Service Requests tab: what waits for an answer, one request, and the steps it can take."""

from typing import Any, cast
from zlib import crc32

from flask import flash, g, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_views import cursors, queue_filters, steps
from admin_views.base import PLANNERS, StaffPage, actor, company, language, opens_to, see_other
from admin_views.cards import card_of, kind_of, wish_of
from admin_views.messages import late_messages
from admin_views.transition_form import no_way_to_tell
from admin_views.visit_words import visit_asked
from admin_views.wording import Shown, body_of, place_of, service_of, state_of, title_of, words
from app import clock
from app.db import db, transaction
from app.models import Estimate, Job, Request
from app.services import (
    bulk,
    estimates,
    history,
    moves,
    own_fields,
    queue,
    requests,
    typed_data,
    visits,
)
from app.services.moves import Option
from app.web.own_answers import own_answers
from app.web.words import today
from workflows import undo, versions
from workflows.effects import Step
from workflows.schema import Definition

PAGE_ROWS = 30
# Forms that have a page of their own; a step that asks for another can't be taken here yet.
_DRAWN_FORMS = (None, "create_job", "create_visit", "send_estimate")
_WHEN = ("date", "start_time", "end_time")


class RequestsView(StaffPage):
    """The queue and its requests, for owners and dispatchers. Source: features 35-46, 186-187."""

    @expose("/")
    @opens_to(PLANNERS)
    def index(self) -> ResponseReturnValue:
        """Show the queue by status: what waits first, unless something else is asked for."""
        return self.render("staff/queue.html", **self._list(), opened=None)

    @expose("/waiting-count")
    @opens_to(PLANNERS)
    def waiting_count(self) -> ResponseReturnValue:
        """Return the number on the badge, for pages that stay open; unchanged costs a 304.

        Whether messages are late is asked here too: a page itself need not wait for it.
        """
        count, late = queue.waiting_count(db.session(), actor()), late_messages()
        answer = make_response({"waiting": count, "label": self.badge(count), "late": late})
        answer.set_etag(f"{actor().company_id}-{count}-{crc32((late or '').encode()):x}")
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer.make_conditional(request)

    @expose("/<int:key>")
    @opens_to(PLANNERS)
    def show(self, key: int) -> ResponseReturnValue:
        """Show one request beside the queue it stands in."""
        session, at = db.session(), clock.now()
        row = requests.get(session, key, actor())
        opened = opened_request(session, row)
        options = [o for o in moves.options(session, row, actor(), at=at) if is_drawn(o)]
        return self.render(
            "staff/queue.html", **self._list(), opened=opened, form_key=steps.form_key(),
            options=[(o, steps.why(o)) for o in options if not o.when_opened],
            urls={o.trigger: url_for(".step", key=key, trigger=o.trigger) for o in options},
            on_opening=next((o for o in options if o.when_opened and not o.refusal), None),
            visit_asked=visit_asked(session, row, options),
            can_approve=any(o.trigger == "approve" and not o.refusal for o in options),
            neighbours=queue.neighbours(session, row, actor()),
            undo=undo.offer(session, row, actor(), at=at),
        )  # fmt: skip

    @expose("/<int:key>/<trigger>", methods=("GET", "POST"))
    @opens_to(PLANNERS)
    def step(self, key: int, trigger: str) -> ResponseReturnValue:
        """Show the form of one transition; POST takes the step."""
        return steps.step_page(self, DESK, key, trigger)

    @expose("/<int:key>/record/keep", methods=("POST",))
    @opens_to(PLANNERS)
    def keep(self, key: int) -> ResponseReturnValue:
        """Take what was typed into the request over into the customer's record. Source: D21."""
        what = request.form.getlist("what")
        with transaction() as session:
            typed_data.keep(session, key, actor(), what, at=clock.now())
        flash(_("It stands in the customer’s record now."), "success")
        return see_other(url_for(".show", key=key))

    @property
    def menu_count(self) -> int:
        """Return what the badge in the menu and on the tab says. Source: feature 37."""
        return waiting()

    @staticmethod
    def badge(count: int) -> str:
        """Return the count as the badge shows it."""
        return "99+" if count >= queue.COUNT_CAP else str(count)

    def _list(self) -> dict[str, Any]:
        session, status = db.session(), request.args.get("status", queue.WAITING)[:64]
        after = cursors.read(request.args.get("after"))
        definition = versions.current(session, company(), company().request_workflow)
        answers = own_fields.conditions(definition, queue_filters.chosen())
        page = queue.page(
            session, actor(), status=status, after=after, limit=PAGE_ROWS, answers=answers
        )
        chips = self._chips(session, status)
        return {
            "cards": [card_of(session, row, actor().role) for row in page.rows],
            "status": status, "chips": chips, "after": request.args.get("after"),
            "next_page": cursors.write(page.next),
            "filters": queue_filters.offered(definition), "kept": queue_filters.kept(),
            "bulk": _bulk(definition), "selecting": bool(request.args.get("select")),
        }  # fmt: skip

    def _chips(self, session: Session, status: str) -> list[tuple[str, str, int | None]]:
        """Return the filters as (status, label, count). Source: feature 45."""
        labels = _statuses(session)
        if status not in labels:
            labels[status] = status.replace("_", " ").capitalize()
        counted = queue.counts(session, actor(), [name for name in labels if name != queue.ALL])
        g.waiting_count = counted.get(queue.WAITING, 0)
        return [(name, label, counted.get(name)) for name, label in labels.items()]


def _bulk(definition: Definition) -> list[tuple[str, str]]:
    """Return the steps that can be taken for many at once, as (trigger, label)."""
    found = bulk.triggers(definition, actor())
    return [(trigger, words(transition.label)) for trigger, transition in found.items()]


def waiting() -> int:
    """Return how many requests wait for the team, asked once a page."""
    if "waiting_count" not in g:
        g.waiting_count = queue.waiting_count(db.session(), actor())
    count: int = g.waiting_count
    return count


def opened_request(session: Session, row: Request) -> dict[str, Any]:
    """Return what the page of one request shows."""
    return {
        **summary_of(session, row),
        "history": history.of(session, row),
        "cannot_tell": None if row.is_decided() else no_way_to_tell(row),
        "asks_urgency": _asks_urgency(session, row),
        "extra": list(own_answers(session, row, language())),
    }


def _asks_urgency(session: Session, row: Request) -> bool:
    definition = versions.load(session, row.workflow_version_id)
    return any(getattr(rule, "field", "") == "urgency" for rule in definition.request_form)


def summary_of(session: Session, row: Request) -> dict[str, Any]:
    """Return what stands beside the form of a step: what the customer asked for."""
    return {
        "row": row, "state": state_of(session, row), "title": title_of(row),
        "body": body_of(row), "kind": kind_of(session, row),
        "place": place_of(row), "service": service_of(row),
        "wishes": [wish_of(wish) for wish in row.preferred_dates],
        "photos": requests.photos(session, row),
        "job": job_of(session, row) if row.outcome == "won" else None,
        "proposal": visits.proposal_of(session, row) if _is_plan(row) else None,
        "estimates": estimates_of(session, row),
    }  # fmt: skip


def job_of(session: Session, row: Request) -> Job | None:
    """Return the job a request became."""
    return session.scalars(select(Job).where(Job.request_id == row.id)).one_or_none()


def _is_plan(row: Request) -> bool:
    return row.outcome == "won" and row.kind in ("recurring", "service_change")


def estimates_of(session: Session, row: Request) -> list[tuple[Estimate, Shown]]:
    """Return a request's estimates with their states, the newest first."""
    return [(each, state_of(session, each)) for each in estimates.of(session, row)]


def is_drawn(option: Option) -> bool:
    """Return True for a step whose form this side can draw."""
    return option.form in _DRAWN_FORMS


def _statuses(session: Session) -> dict[str, str]:
    definition = versions.current(session, company(), company().request_workflow)
    found = {queue.WAITING: _("Waiting")}
    if any(state.waiting_on == "customer" for state in definition.states):
        found[queue.WITH_CUSTOMER] = _("With customer")
    # What waits on nobody here is found by its own state: a quote that is out, and the end.
    found |= {s.name: words(s.label) for s in definition.states if s.waiting_on is None}
    return {**found, queue.ALL: _("All")}


def _prefill(session: Session, row: Request) -> dict[str, str]:
    """Return what the form starts with; a wished date that has passed is not offered again."""
    values = requests.prefill(session, row, at=clock.now())
    if row.preferred_dates and row.preferred_dates[0].has_passed(today()):
        return {name: value for name, value in values.items() if name not in _WHEN}
    return values


def _as_asked(session: Session, row: Request) -> dict[str, str] | None:
    """Return the form of a visit that one press of Approve schedules. Source: feature 65."""
    option = moves.option(session, row, "approve", actor(), at=clock.now())
    if option.refusal is not None:
        return None
    if not option.asks:
        return {}
    if option.form != "create_visit":
        return None
    return requests.as_asked(session, row, at=clock.now())


def _say(step: Step) -> None:
    row, made = cast("Request", step.subject), step.made.get("job")
    state = words(step.definition.state(row.state).label)
    if made is not None:
        told = _("%(request)s is now: %(state)s. Job %(job)s was created.",
                 request=row.number, state=state, job=made.number)  # fmt: skip
        flash(told, "success")
    elif not _is_silent(step):
        flash(_("%(request)s is now: %(state)s.", request=row.number, state=state), "success")


def _is_silent(step: Step) -> bool:
    return any(t.silent for t in step.definition.transitions_of(step.event.trigger))


DESK = steps.Desk(
    noun="request",
    plural=_l("Requests"),
    find=requests.get,
    option=moves.option,
    move=requests.move,
    prefill=_prefill,
    summary=summary_of,
    url=lambda row: url_for("requests.show", key=row.id),
    list_url=lambda: url_for("requests.index"),
    said=_say,
    as_asked=_as_asked,
)
