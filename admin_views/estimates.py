"""Estimates: what was offered, one estimate and its steps, the form that makes a new one."""

from collections.abc import Mapping
from typing import Any, cast

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from admin_views import cursors, steps
from admin_views.base import (
    OFFICE,
    StaffPage,
    actor,
    clean_id,
    company,
    form_data,
    language,
    opens_to,
    see_other,
)
from admin_views.estimate_form import estimate_form, is_rearranging
from admin_views.requests import is_drawn
from admin_views.wording import place_of, state_of, words
from app import clock
from app.db import db, transaction
from app.errors import Invalid
from app.models import Estimate
from app.services import (
    estimate_forms,
    estimate_prefill,
    estimate_totals,
    estimates,
    history,
    moves,
)
from app.web.answers import wants_json
from app.web.words import in_words
from workflows import undo
from workflows.effects import Step

PAGE_ROWS = 30


class EstimatesView(StaffPage):
    """Estimates for those who price work: owners, dispatchers and the office."""

    @expose("/")
    @opens_to(OFFICE)
    def index(self) -> ResponseReturnValue:
        """Show the estimates that are not decided, or those of one state."""
        session, status = db.session(), request.args.get("status", estimates.UNDECIDED)[:64]
        after = cursors.read(request.args.get("after"))
        page = estimates.page(session, actor(), status=status, after=after, limit=PAGE_ROWS)
        return self.render(
            "staff/estimates.html", rows=[row_of(session, row) for row in page.rows],
            status=status, chips=_chips(session), next_page=cursors.write(page.next),
        )  # fmt: skip

    @expose("/new", methods=("GET", "POST"))
    @opens_to(OFFICE)
    def new(self) -> ResponseReturnValue:
        """Show the form; POST opens the estimate."""
        sent = request.method == "POST"
        if sent and "_find" not in request.form and not is_rearranging():
            return self._create()
        raw: Mapping[str, Any] = form_data()
        if not sent:
            chosen = clean_id(request.args.get("customer"))
            start = estimate_prefill.blank(company(), language(), at=clock.now())
            raw = {**start, "customer": str(chosen or "")}
        return self._form(raw, {}), 200

    @expose("/<int:key>")
    @opens_to(OFFICE)
    def show(self, key: int) -> ResponseReturnValue:
        """Show one estimate with its lines, its history and the steps it can take."""
        session, at = db.session(), clock.now()
        row = estimates.get(session, key, actor())
        options = [o for o in moves.options(session, row, actor(), at=at) if is_drawn(o)]
        return self.render(
            "staff/estimate.html", **summary_of(session, row), history=history.of(session, row),
            options=[(o, steps.why(o)) for o in options], form_key=steps.form_key(),
            urls={o.trigger: url_for(".step", key=key, trigger=o.trigger) for o in options},
            job=estimates.job(session, row), undo=undo.offer(session, row, actor(), at=clock.now()),
        )  # fmt: skip

    @expose("/<int:key>/<trigger>", methods=("GET", "POST"))
    @opens_to(OFFICE)
    def step(self, key: int, trigger: str) -> ResponseReturnValue:
        """Show the form of one transition; POST takes the step."""
        return steps.step_page(self, DESK, key, trigger)

    def _create(self) -> ResponseReturnValue:
        raw = form_data()
        try:
            with transaction() as session:
                row = _made(session, raw)
        except Invalid as error:
            if wants_json():
                raise
            errors = {name: in_words(why) for name, why in error.fields.items()}
            return self._form(raw, errors), error.status
        flash(_("Estimate %(number)s is open. Nobody was told yet.", number=row.number), "success")
        return see_other(url_for("estimates.show", key=row.id))

    def _form(self, raw: Mapping[str, Any], errors: Mapping[str, str]) -> str:
        form = estimate_form(db.session(), raw, errors)
        key = steps.clean_key(raw) or steps.form_key()
        return self.render("staff/estimate_new.html", form=form, form_key=key)


def row_of(session: Session, row: Estimate) -> dict[str, Any]:
    """Return what a list shows of an estimate."""
    return {"row": row, "state": state_of(session, row)}


def summary_of(session: Session, row: Estimate) -> dict[str, Any]:
    """Return what an estimate says: its state, its lines and what they come to."""
    return {
        "row": row, "title": row.title, "shown": state_of(session, row),
        "place_of_request": place_of(row.request) if row.request else "",
        "lines": [(line, estimate_totals.line_cents(line)) for line in row.lines],
        "totals": estimate_totals.totals(row.lines),
    }  # fmt: skip


def _made(session: Session, raw: Mapping[str, Any]) -> Estimate:
    at = clock.now()
    whom, wanted = estimate_forms.clean_new(session, raw, company(), at=at)
    key = steps.clean_key(raw)
    return estimates.create(session, actor(), whom, wanted, at=at, key=key)


def _chips(session: Session) -> list[tuple[str, str]]:
    """Return the filters: all that are not decided, each state, all."""
    definition = estimates.current(session, company())
    states = [(state.name, words(state.label)) for state in definition.states]
    return [(estimates.UNDECIDED, _("Not decided")), *states, (estimates.ALL, _("All"))]


def _say(step: Step) -> None:
    row, job = cast("Estimate", step.subject), step.made.get("job")
    state = words(step.definition.state(row.state).label)
    told = _("Estimate %(number)s is now: %(state)s.", number=row.number, state=state)
    if job is not None:
        told += " " + _("Job %(number)s was created.", number=job.number)
    flash(told, "success")


DESK = steps.Desk(
    noun="estimate",
    plural=_l("Estimates"),
    find=estimates.get,
    option=moves.option,
    move=estimates.move,
    prefill=lambda _session, _row: {},
    summary=summary_of,
    url=lambda row: url_for("estimates.show", key=row.id),
    list_url=lambda: url_for("estimates.index"),
    said=_say,
)
