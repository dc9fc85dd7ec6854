"""Workflows: the list, and of each one its steps, its wording and its YAML."""

from collections import defaultdict
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views.base import OWNER, StaffPage, actor, form_data, opens_to, see_other
from admin_views.workflow_desk import keep, open_desk
from admin_views.workflow_frame import (
    faults,
    frame,
    language_name,
    message_address,
    problem_lines,
)
from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.services import workflow_drafts, workflow_words
from app.services.workflow_drafts import Draft
from workflows.places import place_of
from workflows.tones import tone_of


class WorkflowsView(StaffPage):
    """How requests are taken, changed by whoever owns the company."""

    @expose("/")
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """Show the company's workflows."""
        lines = workflow_drafts.overview(db.session(), actor())
        return self.render("staff/workflows.html", lines=lines)

    @expose("/<key>")
    @opens_to(OWNER)
    def steps(self, key: str) -> ResponseReturnValue:
        """Show the states, the steps that lead from each, the picture and the problems."""
        shown = frame(key)
        leading = defaultdict(list)
        for number, way in enumerate(shown.shown.transitions):
            for source in way.source:
                leading[source].append((number, way))
        return self.render(
            "staff/workflow.html", frame=shown, tab="steps", leading=leading, tone_of=tone_of
        )

    @expose("/<key>/wording", methods=("GET", "POST"))
    @opens_to(OWNER)
    def wording(self, key: str) -> ResponseReturnValue:
        """Show every text side by side by language; POST keeps them."""
        wrong: list[str] = []
        if request.method == "POST":
            try:
                desk = open_desk(key)
                workflow_words.set_words(desk.data, form_data())
                keep(desk.draft, desk.data)
            except (Invalid, Conflict) as error:
                wrong = faults(error)
            else:
                flash(_("Draft saved."), "success")
                return see_other(url_for(".wording", key=key))
        return self._wording(key, wrong)

    def _wording(self, key: str, wrong: list[str]) -> ResponseReturnValue:
        shown = frame(key)
        data = workflow_drafts.data_of(shown.draft)
        rows = workflow_words.wordings(data) if data else []
        page = self.render(
            "staff/workflow_wording.html", frame=shown, tab="wording", wrong=wrong, rows=rows,
            values=form_data() if wrong else {}, language_name=language_name, place_of=place_of,
            message_address=message_address,
        )  # fmt: skip
        return page, 422 if wrong else 200

    @expose("/<key>/yaml", methods=("GET", "POST"))
    @opens_to(OWNER)
    def yaml(self, key: str) -> ResponseReturnValue:
        """Show the text of the draft; POST keeps it whatever stands in it."""
        wrong: list[str] = []
        if request.method == "POST":
            try:
                self._keep_text(key)
            except (Invalid, Conflict) as error:
                wrong = faults(error)
            else:
                flash(_("Draft saved."), "success")
                return see_other(url_for(".yaml", key=key))
        shown = frame(key)
        text = request.form["text"] if wrong else shown.draft.text
        page = self.render(
            "staff/workflow_yaml.html", frame=shown, tab="yaml", wrong=wrong, text=text
        )
        return page, 422 if wrong else 200

    @expose("/<key>/check", methods=("POST",))
    @opens_to(OWNER)
    def check(self, key: str) -> ResponseReturnValue:
        """Return what is wrong with a text that is still being typed; nothing is kept."""
        found = Draft(key, request.form.get("text", "")[:200_000], 0).read()
        lines = problem_lines(db.session(), key, found)
        return self.render("staff/workflow_problems.html", lines=lines)

    @expose("/<key>/discard", methods=("POST",))
    @opens_to(OWNER)
    def discard(self, key: str) -> ResponseReturnValue:
        """Forget the draft."""
        with transaction() as session:
            workflow_drafts.discard(session, actor(), key)
        flash(_("The draft is gone. What is published stands."), "success")
        return see_other(url_for(".steps", key=key))

    def _keep_text(self, key: str) -> None:
        edition: Any = request.form.get("edition", "")
        with transaction() as session:
            workflow_drafts.save(
                session, actor(), key, request.form.get("text", ""),
                edition=int(edition) if edition.isdecimal() else None, at=clock.now(),
            )  # fmt: skip
