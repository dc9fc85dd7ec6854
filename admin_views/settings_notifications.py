"""The matrix of messages: what goes out when, to whom, by which way. Source: C21, C22."""

from collections.abc import Mapping
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views import settings_choices, settings_words
from admin_views.base import OWNER, StaffPage, actor, form_data, opens_to, see_other
from admin_views.settings import all_tabs
from app import clock
from app.db import db, transaction
from app.errors import Conflict, DomainError, Invalid
from app.models import Company
from app.services import notifications
from app.web.answers import wants_json
from app.web.words import in_words


class NotificationsView(StaffPage):
    """Who is told of what, and how."""

    in_menu = False

    @expose("/", methods=("GET", "POST"))
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """Show the matrix; POST keeps it."""
        if request.method != "POST":
            return self._page({}, {}, None)
        raw = form_data()
        try:
            with transaction() as session:
                made = notifications.change(session, actor(), raw, at=clock.now())
        except (Invalid, Conflict) as error:
            if wants_json():
                raise
            return self._page(_wrong(error), raw, in_words(error)), error.status
        _say(made)
        return see_other(url_for(".index"))

    def _page(self, wrong: Mapping[str, str], typed: Mapping[str, Any], refusal: str | None) -> str:
        session = db.session()
        company = session.get_one(Company, actor().company_id)
        return self.render(
            "staff/settings_notifications.html", tabs=all_tabs(), wrong=wrong, typed=typed,
            refusal=refusal, tables=notifications.tables(session, actor()), way_words=_way,
            usual=notifications.usual(company), readers=settings_choices.READERS,
            when=settings_words.when, ways=notifications.WAYS, words=settings_words,
        )  # fmt: skip


def _wrong(error: DomainError) -> dict[str, str]:
    if not isinstance(error, Invalid):
        return {}
    return {name: in_words(why) for name, why in error.fields.items()}


def _say(made: notifications.Outcome) -> None:
    if made.ways:
        flash(_("Saved. The ways count from the next message on."), "success")
    if made.drafts:
        flash(_("Saved in the draft; publish it to make it count."), "success")
    if not made.ways and not made.drafts:
        flash(_("Nothing has changed."), "success")


def _way(way: str) -> str:
    if way == notifications.OFF:
        return _("Off")
    return str(settings_choices.CHANNEL[way])
