"""Undo: a step taken back by whoever took it, while its messages wait."""

from typing import Final

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views import estimates, jobs, requests, steps
from admin_views.base import StaffPage, actor, clean_id, opens_to, see_other
from admin_views.jobs import FIELD
from admin_views.wording import state_of
from app import clock
from app.db import db, transaction
from app.errors import NotFound, TransitionBlocked
from app.services import taking_back

DESKS: Final = {desk.noun: desk for desk in (requests.DESK, jobs.DESK, estimates.DESK)}


class UndoView(StaffPage):
    """The one address that takes steps back."""

    in_menu = False

    @expose("/")
    @opens_to(FIELD)
    def index(self) -> ResponseReturnValue:
        """Lead home: there is nothing here without a record."""
        return see_other(url_for("admin.index"))

    @expose("/<noun>/<int:key>", methods=("POST",))
    @opens_to(FIELD)
    def take_back(self, noun: str, key: int) -> ResponseReturnValue:
        """Take the newest step of a record back."""
        desk = DESKS.get(noun)
        if desk is None:
            raise NotFound(noun, key)
        event = clean_id(request.form.get("expected_event"))
        try:
            with transaction() as session:
                step = taking_back.take_back(
                    session, noun, key, actor(), expected_event=event, at=clock.now()
                )
        except TransitionBlocked as error:
            return steps.too_late(self, desk, key, error)
        now = state_of(db.session(), step.subject).label
        flash(_("Taken back. It is again: %(state)s. Nobody was told.", state=now), "success")
        return see_other(desk.url(step.subject))
