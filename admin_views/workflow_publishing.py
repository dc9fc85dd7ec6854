"""Publishing a workflow: the preview, the versions, and what would have been."""

from typing import Any

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views import settings_words
from admin_views.base import OWNER, StaffPage, actor, form_data, opens_to, see_other
from admin_views.workflow_frame import faults, frame
from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.services import draft_edits, publishing, what_if, workflow_drafts
from app.services.workflow_forms import last
from app.web.words import in_words
from workflows import document, versions


class WorkflowPublishingView(StaffPage):
    """What happens to a draft that is good enough."""

    in_menu = False

    @expose("/")
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """Lead to the list: there is nothing here without a workflow."""
        return see_other(url_for("workflows.index"))

    @expose("/<key>/publish", methods=("GET", "POST"))
    @opens_to(OWNER)
    def publish(self, key: str) -> ResponseReturnValue:
        """Show what publishing would do; POST does it."""
        wrong: dict[str, str] = {}
        status = 200
        if request.method == "POST":
            try:
                with transaction() as session:
                    publishing.publish(session, actor(), key, _choices(), at=clock.now())
            except Invalid as error:
                wrong = {name: in_words(why) for name, why in error.fields.items()}
                status = error.status
            except Conflict as error:
                flash(in_words(error), "error")
                status = error.status
            else:
                flash(_("Published. New requests follow this version from now on."), "success")
                return see_other(url_for(".versions", key=key))
        shown = publishing.preview(db.session(), actor(), key, at=clock.now())
        page = self.render(
            "staff/workflow_publish.html", frame=frame(key), preview=shown, wrong=wrong,
            typed={"note": _suggested(shown), **form_data()}, policies=publishing.POLICIES,
        )  # fmt: skip
        return page, status

    @expose("/<key>/versions")
    @opens_to(OWNER)
    def versions(self, key: str) -> ResponseReturnValue:
        """Show the versions with author, note and what each changed."""
        rows = workflow_drafts.history(db.session(), actor(), key)
        return self.render(
            "staff/workflow_versions.html", frame=frame(key), tab="versions", rows=rows,
            latest=publishing.latest(db.session(), actor(), key),
        )  # fmt: skip

    @expose("/<key>/progress")
    @opens_to(OWNER)
    def progress(self, key: str) -> ResponseReturnValue:
        """Return how far the newest publishing has come."""
        found = publishing.latest(db.session(), actor(), key)
        return self.render("staff/workflow_progress.html", key=key, latest=found)

    @expose("/<key>/versions/<int:number>/take-up", methods=("POST",))
    @opens_to(OWNER)
    def take_up(self, key: str, number: int) -> ResponseReturnValue:
        """Make an earlier version the draft and show what publishing it would do."""
        with transaction() as session:
            workflow_drafts.take_up(session, actor(), key, number, at=clock.now())
        return see_other(url_for(".publish", key=key))

    @expose("/<key>/versions/<int:number>.yaml")
    @opens_to(OWNER)
    def file(self, key: str, number: int) -> ResponseReturnValue:
        """Hand a version out as a file."""
        row = workflow_drafts.version(db.session(), actor(), key, number)
        text = document.write(versions.load(db.session(), row.id))
        return _file(text, f"{key}-{number}.yaml")

    @expose("/<key>/draft.yaml")
    @opens_to(OWNER)
    def draft(self, key: str) -> ResponseReturnValue:
        """Hand the draft out as a file, as it is written."""
        found = workflow_drafts.get(db.session(), actor(), key)
        return _file(found.text, f"{key}-draft.yaml")

    @expose("/<key>/import", methods=("POST",))
    @opens_to(OWNER)
    def take_in(self, key: str) -> ResponseReturnValue:
        """Keep an uploaded file as the draft."""
        given = request.files.get("file")
        text = given.read(300_000).decode("utf-8", "replace") if given else ""
        try:
            if not text.strip():
                raise Invalid({"file": _("Choose a file first.")})
            with transaction() as session:
                workflow_drafts.save(session, actor(), key, text, edition=None, at=clock.now())
        except Invalid as error:
            flash(faults(error)[0], "error")
            return see_other(url_for(".versions", key=key))
        flash(_("The file is the draft now. Nothing is published yet."), "success")
        return see_other(url_for("workflows.steps", key=key))

    @expose("/<key>/what-if")
    @opens_to(OWNER)
    def what_if(self, key: str) -> ResponseReturnValue:
        """Show how the last 90 days would have gone under the draft."""
        shown = frame(key)
        found = None
        if shown.definition is not None:
            found = what_if.compare(db.session(), actor(), key, shown.definition, at=clock.now())
        return self.render(
            "staff/workflow_what_if.html", frame=shown, found=found, days=what_if.DAYS,
        )  # fmt: skip


def _suggested(shown: publishing.Preview) -> str:
    """Return a note made of the settings that would change, such as «Photos, at most: 3 …»."""
    if shown.definition is None or shown.definition.subject != "request":
        return ""
    changed = draft_edits.changed(shown.published, shown.definition)
    return "; ".join(settings_words.sentence(*one) for one in changed)


def _file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type="text/yaml; charset=utf-8", headers=headers)


def _choices() -> publishing.Choices:
    raw = form_data()
    states = {
        name.removeprefix("state."): last(raw, name) for name in raw if name.startswith("state.")
    }
    told: Any = last(raw, "told")
    gone = {name for name, answer in states.items() if answer.startswith(publishing.INTO)}
    return publishing.Choices(
        states=states,
        timers=last(raw, "timers") or publishing.POLICIES[0],
        links=last(raw, "links") or publishing.KEEP,
        note=last(raw, "note")[:2000] or None,
        move_notes={name: {actor().language: told} for name in gone} if told else {},
        confirm=last(raw, "confirm"),
    )
