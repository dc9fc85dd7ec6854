"""How requests work: every setting that shapes the form or the steps, kept in the draft."""

from collections.abc import Mapping
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views import settings_words
from admin_views.base import OWNER, StaffPage, actor, form_data, opens_to, see_other
from admin_views.settings import all_tabs
from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.services import draft_edits, draft_settings
from app.services.draft_settings import Changed, Shape
from app.web.answers import wants_json
from app.web.words import in_words


class RequestSettingsView(StaffPage):
    """The shape of the request form and its steps, setting by setting."""

    in_menu = False

    @expose("/", methods=("GET", "POST"))
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """Show the settings; POST keeps those that changed in the draft."""
        if request.method == "POST":
            return self._save()
        return self._page({}, {}, None)

    def _save(self) -> ResponseReturnValue:
        raw = form_data()
        try:
            with transaction() as session:
                made = draft_settings.change(
                    session, actor(), raw, edition=edition(), at=clock.now()
                )
        except Invalid as error:
            if wants_json():
                raise
            wrong = {name: in_words(why) for name, why in error.fields.items()}
            return self._page(wrong, _as_typed(raw), None), error.status
        except Conflict as error:
            if wants_json():
                raise
            return self._page({}, _as_typed(raw), in_words(error)), error.status
        say_saved(made)
        return see_other(url_for(".index"))

    def _page(self, wrong: Mapping[str, str], typed: Mapping[str, str], refusal: str | None) -> str:
        shown = draft_settings.shape(db.session(), actor())
        return self.render(
            "staff/settings_requests.html", tabs=all_tabs(), shape=shown, wrong=wrong,
            values={**shown.values, **typed}, refusal=refusal, words=settings_words,
            choices=_choices, waiting=waiting(shown),
        )  # fmt: skip


def edition() -> int | None:
    """Return the edition of the draft that a form was made from."""
    sent = request.form.get("edition", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else None


def waiting(shape: Shape) -> list[str]:
    """Return what publishing the draft would change among the settings, a sentence each."""
    return [settings_words.sentence(*one) for one in shape.waiting]


def say_saved(made: Changed) -> None:
    """Tell what was saved, and which tests of the workflow no longer apply."""
    if not made.settings:
        flash(_("Nothing has changed."), "success")
        return
    said = "; ".join(settings_words.sentence(*one) for one in made.settings)
    flash(
        _("Saved in the draft: %(changes)s. Publish it to make it count.", changes=said), "success"
    )
    if made.dropped:
        names = "; ".join(made.dropped)
        flash(_("Tests of the workflow that no longer apply were left out: %(names)s", names=names))


def _choices(setting: settings_words.Setting, value: str) -> list[tuple[str, Any]]:
    """Return what a select offers: what can be chosen, and what stands there by hand."""
    offered = [one for one in setting.values if one in draft_edits.KEYS[setting.name].values]
    if value not in offered:
        offered.insert(0, value)
    return [(one, setting.values.get(one, value)) for one in offered]


def _as_typed(raw: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else ",".join(filter(None, value))
        for name, value in raw.items()
        if name in draft_edits.KEYS
    }
