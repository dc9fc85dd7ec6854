"""Switching to another way of taking requests: compare, look, confirm."""

from collections.abc import Mapping

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views import settings_choices, settings_words
from admin_views.base import OWNER, StaffPage, actor, opens_to, see_other
from admin_views.settings import all_tabs
from app import clock
from app.db import db, transaction
from app.errors import Conflict
from app.services import preset_switch
from app.services.notifications import When
from app.services.preset_switch import Preview
from app.web.answers import wants_json
from app.web.words import in_words, pick

# Settings that customers meet; the others are about staff.
_CUSTOMERS = (
    "kinds", "service.list", "service.listed", "service.free_text", "service.category",
    "preference", "location", "contact", "photos", "urgency", "submit.customer", "counter.no",
    "cancel",
)  # fmt: skip


class PresetSwitchView(StaffPage):
    """The ready-made ways of taking requests."""

    in_menu = False

    @expose("/")
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """Show the ways there are."""
        ways = preset_switch.ways(db.session(), actor())
        return self.render(
            "staff/preset_ways.html", ways=ways, tabs=all_tabs(),
            good_for=settings_choices.GOOD_FOR,
        )  # fmt: skip

    @expose("/<preset>", methods=("GET", "POST"))
    @opens_to(OWNER)
    def look(self, preset: str) -> ResponseReturnValue:
        """Show what switching would change; POST does it."""
        if request.method == "POST":
            return self._switch(preset)
        return self._page(preset)

    def _switch(self, preset: str) -> ResponseReturnValue:
        confirm = request.form.get("confirm", "")
        try:
            with transaction() as session:
                preset_switch.switch(session, actor(), preset, confirm, at=clock.now())
        except Conflict as error:
            if wants_json():
                raise
            flash(in_words(error), "error")
            return self._page(preset, error.status)
        flash(_("New requests are taken this way from now on."), "success")
        return see_other(url_for("request_settings.index"))

    def _page(self, preset: str, status: int = 200) -> ResponseReturnValue:
        try:
            shown = preset_switch.preview(db.session(), actor(), preset)
        except Conflict:
            return see_other(url_for(".index"))
        page = self.render(
            "staff/preset_switch.html", shown=shown, mails=_mails(shown),
            for_customers=[one for one in _shape(shown) if one[0] in _CUSTOMERS],
            for_staff=[one for one in _shape(shown) if one[0] not in _CUSTOMERS],
            settings=_settings(shown), words=settings_words,
        )  # fmt: skip
        return page, status


def _shape(shown: Preview) -> list[tuple[str, str, str]]:
    """Return the settings of form and steps that would change and mean something after."""
    return [
        (name, before, after)
        for name, before, after in shown.shape
        if after or settings_words.BY_NAME[name].needs == ""
    ]


def _mails(shown: Preview) -> list[tuple[str, str]]:
    """Return each message that goes out anew, no longer, or in other words: how, and which."""
    gained, lost = [[_mail(*one) for one in some] for some in (shown.gained, shown.lost)]
    return [
        *(("chg", _("Worded anew: %(message)s", message=one)) for one in gained if one in lost),
        *(("add", one) for one in gained if one not in lost),
        *(("del", one) for one in lost if one not in gained),
    ]


def _mail(event: When, subject: Mapping[str, str], to: str) -> str:
    words = settings_words.plain(pick(dict(subject)))
    return f"{settings_words.when(event)} → {settings_choices.READERS[to]}: {words}"


def _settings(shown: Preview) -> list[str]:
    found = []
    for one in shown.settings:
        label, answers = settings_choices.PRESET_SETTINGS[one.name]
        found.append(
            _(
                "%(what)s: %(after)s instead of %(before)s",
                what=label,
                after=answers[one.after],
                before=answers[one.before],
            )
        )
    return found
