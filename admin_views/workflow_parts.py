"""The parts of a workflow as forms: a step between two states, a state, a step."""

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views.base import OWNER, StaffPage, opens_to, see_other
from admin_views.workflow_frame import edited, faults, frame, keep, language_name, typed
from app.errors import Conflict, Invalid, NotFound
from app.services import workflow_forms, workflow_steps
from workflows.catalogue import RECIPIENTS
from workflows.schema import Definition
from workflows.vocabulary import known_facts

Change = Callable[[dict[str, Any], dict[str, Any]], object]


class WorkflowPartsView(StaffPage):
    """Forms over the parts of a draft."""

    in_menu = False

    @expose("/")
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """Lead to the list: there is nothing here without a workflow."""
        return see_other(url_for("workflows.index"))

    @expose("/<key>/insert", methods=("GET", "POST"))
    @opens_to(OWNER)
    def insert(self, key: str) -> ResponseReturnValue:
        """Add a state between two others, with its button, its question and its mail."""
        wrong = self._changed(key, workflow_forms.insert_step)
        if wrong is None:
            return see_other(url_for("workflows.steps", key=key))
        values: dict[str, Any] = {"mail": "1", "field_required": "1"}
        for code, (subject, body) in workflow_forms.FIRST_MAIL.items():
            values |= {f"mail_subject_{code}": subject, f"mail_body_{code}": body}
        return self._page("staff/workflow_insert.html", key, values, wrong)

    @expose("/<key>/state", methods=("GET", "POST"))
    @expose("/<key>/state/<which>", methods=("GET", "POST"))
    @opens_to(OWNER)
    def state(self, key: str, which: str | None = None) -> ResponseReturnValue:
        """Show a state's form; POST keeps it."""
        wrong = self._changed(key, lambda data, raw: workflow_forms.put_state(data, raw, which))
        if wrong is None:
            return see_other(url_for("workflows.steps", key=key))
        definition, values = frame(key).shown, {}
        if which is not None:
            if not definition.has_state(which):
                raise NotFound("state", which)
            values = _state_values(definition, which)
        return self._page("staff/workflow_state.html", key, values, wrong, name=which)

    @expose("/<key>/step", methods=("GET", "POST"))
    @expose("/<key>/step/<int:number>", methods=("GET", "POST"))
    @opens_to(OWNER)
    def step(self, key: str, number: int | None = None) -> ResponseReturnValue:
        """Show a step's form; POST keeps it."""
        wrong = self._changed(key, lambda data, raw: workflow_steps.put_step(data, raw, number))
        if wrong is None:
            return see_other(url_for("workflows.steps", key=key))
        definition = frame(key).shown
        way, values = None, {"source": [request.args.get("from", "")]}
        if number is not None:
            if number >= len(definition.transitions):
                raise NotFound("step", number)
            way = definition.transitions[number]
            values = workflow_steps.step_values(way.model_dump(mode="json", by_alias=True))
        facts = sorted(known_facts(definition, way))
        return self._page("staff/workflow_step.html", key, values, wrong, way=way, facts=facts)

    @expose("/<key>/order", methods=("POST",))
    @opens_to(OWNER)
    def order(self, key: str) -> ResponseReturnValue:
        """Move a part up or down, or take it out."""
        wrong = self._changed(key, _reorder)
        for words in wrong or []:
            flash(words, "error")
        return see_other(url_for("workflows.steps", key=key))

    def _changed(self, key: str, change: Change) -> list[str] | None:
        """Return None when a POST was kept, else what is wrong (nothing, on a GET)."""
        if request.method != "POST":
            return []
        try:
            draft, data = edited(key)
            change(data, typed())
            keep(draft, data)
        except (Invalid, Conflict) as error:
            return faults(error)
        flash(_("Draft saved."), "success")
        return None

    def _page(
        self, template: str, key: str, values: dict[str, Any], wrong: list[str], **more: Any
    ) -> ResponseReturnValue:
        page = self.render(
            template, frame=frame(key), tab="steps", values=typed() if wrong else values,
            wrong=wrong, language_name=language_name, types=workflow_steps.TYPES,
            styles=workflow_steps.STYLES, recipients=sorted(RECIPIENTS), **more,
        )  # fmt: skip
        return page, 422 if wrong else 200


def _state_values(definition: Definition, name: str) -> dict[str, Any]:
    state = definition.state(name)
    found: dict[str, Any] = {"waiting_on": state.waiting_on or ""}
    found["ends"] = (state.outcome or "closed") if state.final else ""
    for part in ("label", "customer_label"):
        found |= {f"{part}_{code}": text for code, text in getattr(state, part).items()}
    return found


def _reorder(data: dict[str, Any], raw: dict[str, Any]) -> None:
    part, _dot, which = workflow_forms.last(raw, "part").partition(".")
    if part not in ("states", "transitions") or not which.isdecimal():
        raise NotFound("part")
    items, number = data.get(part, []), int(which)
    if number >= len(items):
        raise NotFound("part")
    asked = workflow_forms.last(raw, "do")
    if asked == "remove" and part == "states":
        workflow_forms.remove_state(data, items[number]["name"])
    elif asked == "remove":
        workflow_steps.remove_step(data, number)
    else:
        workflow_forms.shift(items, number, -1 if asked == "up" else 1)
