"""The parts of a workflow as forms: states, steps, the request form, reminders, the whole."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views import workflow_sheets as sheets
from admin_views.base import OWNER, StaffPage, opens_to, see_other
from admin_views.workflow_desk import Filled, Sheet, fill, keep, open_desk
from admin_views.workflow_frame import faults, frame, language_name, message_address
from app.errors import Conflict, Invalid, NotFound
from app.services import workflow_forms, workflow_steps


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
        return self._edit(key, "insert", sheets.insert())

    @expose("/<key>/state", methods=("GET", "POST"))
    @expose("/<key>/state/<which>", methods=("GET", "POST"))
    @opens_to(OWNER)
    def state(self, key: str, which: str | None = None) -> ResponseReturnValue:
        """Show a state's form; POST keeps it."""
        return self._edit(key, "state", sheets.state(which), which=which)

    @expose("/<key>/step", methods=("GET", "POST"))
    @expose("/<key>/step/<int:number>", methods=("GET", "POST"))
    @opens_to(OWNER)
    def step(self, key: str, number: int | None = None) -> ResponseReturnValue:
        """Show a step's form; POST keeps it."""
        begins = request.args.get("from", "")
        return self._edit(key, "step", sheets.step(number, begins), number=number)

    @expose("/<key>/form", methods=("GET", "POST"))
    @opens_to(OWNER)
    def form(self, key: str) -> ResponseReturnValue:
        """Show the request form's questions beside how a customer sees them; POST keeps them."""
        return self._edit(key, "form", sheets.form())

    @expose("/<key>/timers", methods=("GET", "POST"))
    @opens_to(OWNER)
    def timers(self, key: str) -> ResponseReturnValue:
        """Show the reminders that count over several states; POST keeps them."""
        return self._edit(key, "timers", sheets.timers())

    @expose("/<key>/submit", methods=("GET", "POST"))
    @opens_to(OWNER)
    def submit(self, key: str) -> ResponseReturnValue:
        """Show who may hand in and what happens then; POST keeps it."""
        return self._edit(key, "submit", sheets.submit())

    @expose("/<key>/basics", methods=("GET", "POST"))
    @opens_to(OWNER)
    def basics(self, key: str) -> ResponseReturnValue:
        """Show name, languages, roles and first state; POST keeps them."""
        return self._edit(key, "basics", sheets.basics())

    @expose("/<key>/order", methods=("POST",))
    @opens_to(OWNER)
    def order(self, key: str) -> ResponseReturnValue:
        """Move a part up or down, or take it out."""
        try:
            desk = open_desk(key)
            _reorder(desk.data)
            keep(desk.draft, desk.data)
        except (Invalid, Conflict) as error:
            for words in faults(error):
                flash(words, "error")
        else:
            flash(_("Draft saved."), "success")
        return see_other(url_for("workflows.steps", key=key))

    def _edit(self, key: str, page: str, sheet: Sheet, **more: Any) -> ResponseReturnValue:
        try:
            filled = fill(key, sheet)
        except Conflict as error:
            flash(faults(error)[0], "error")
            return see_other(url_for("workflows.yaml", key=key))
        if filled.is_kept:
            flash(_("Draft saved."), "success")
            back = page if page in ("form", "timers", "basics") else None
            place = f"workflow_parts.{back}" if back else "workflows.steps"
            return see_other(url_for(place, key=key))
        return self._page(key, page, filled, more), filled.status

    def _page(self, key: str, page: str, filled: Filled, more: dict[str, Any]) -> str:
        context = sheets.CONTEXT[page](filled.desk, filled.tree, **more)
        return self.render(
            f"staff/workflow_{page}.html",
            frame=frame(key, filled.data),
            tab=page,
            t=filled.tree,
            errors=filled.wrong,
            language_name=language_name,
            message_address=message_address,
            styles=workflow_steps.STYLES,
            **context,
        )


def _reorder(data: dict[str, Any]) -> None:
    part, _dot, which = request.form.get("part", "").partition(".")
    if part not in ("states", "transitions") or not which.isdecimal():
        raise NotFound("part")
    items, number = data.get(part, []), int(which)
    if number >= len(items):
        raise NotFound("part")
    asked = request.form.get("do")
    if asked == "remove" and part == "states":
        workflow_forms.remove_state(data, items[number]["name"])
    elif asked == "remove":
        workflow_steps.remove_step(data, number)
    else:
        workflow_forms.shift(items, number, -1 if asked == "up" else 1)
