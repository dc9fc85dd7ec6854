"""One step for many requests: chosen in the queue, shown apart, taken, reported."""

from collections.abc import Mapping
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views import steps, transition_form
from admin_views.base import PLANNERS, StaffPage, actor, clean_id, company, opens_to, see_other
from admin_views.cards import card_of
from admin_views.wording import state_of
from app import clock
from app.db import db, transaction
from app.errors import DomainError, Invalid
from app.services import bulk, requests
from app.services.moves import Submission
from app.web.words import in_words


class BulkView(StaffPage):
    """The pages of a step taken for many requests."""

    in_menu = False

    @expose("/")
    @opens_to(PLANNERS)
    def index(self) -> ResponseReturnValue:
        """Lead to the queue, where requests are chosen."""
        return see_other(url_for("requests.index", select=1))

    @expose("/requests/<trigger>", methods=("GET", "POST"))
    @opens_to(PLANNERS)
    def step(self, trigger: str) -> ResponseReturnValue:
        """Show who can take the step and what it asks; POST takes it for those who can."""
        if request.method == "POST" and not steps.looks_something_up():
            return self._take(trigger)
        return self._page(trigger, steps.typed())

    @expose("/requests/<trigger>/report")
    @opens_to(PLANNERS)
    def report(self, trigger: str) -> ResponseReturnValue:
        """Show what became of each request, also when the page is opened again."""
        session, key = db.session(), request.args.get("key", "")[:60]
        keys = {id_: _key(key, id_) for id_ in _ids()}
        found = bulk.outcomes(session, actor(), keys, trigger, at=clock.now())
        done = [each for each in found if each.event]
        return self.render(
            "staff/bulk_report.html", done=[_row(each) for each in done],
            left=[_row(each) for each in found if not each.event],
        )  # fmt: skip

    def _page(self, trigger: str, typed: steps.Filled | None) -> ResponseReturnValue:
        session = db.session()
        split = bulk.partition(session, actor(), _ids(), trigger, at=clock.now())
        if split.option is None and not split.refused:
            flash(_("Choose at least one request first."), "error")
            return see_other(url_for("requests.index", select=1))
        fields: Any = ()
        if split.option:
            first = split.ready[0].request
            fields = transition_form.fields(session, split.option, first, company(), typed)
        page = self.render(
            "staff/bulk.html", option=split.option, fields=fields,
            ready=[_row(line) for line in split.ready],
            refused=[_row(line) for line in split.refused],
            several_languages=len(bulk.languages_of(split.ready)) > 1,
            form_key=(typed and typed.key) or steps.form_key(),
        )  # fmt: skip
        return page, typed.status if typed else 200

    def _take(self, trigger: str) -> ResponseReturnValue:
        ids, raw = _ids(), steps.answers()
        key = str(request.form.get("form_key") or steps.form_key())[:40]
        taken = 0
        for id_ in ids:
            event = clean_id(request.form.get(f"event_{id_}"))
            try:
                _move(id_, trigger, Submission(raw, event, _key(key, id_)))
                taken += 1
            except Invalid as error:
                if not taken:  # what they share is wrong: nothing has happened, mend it first
                    return self._page(trigger, steps.refilled(raw, error, key))
            except DomainError:
                continue  # the report says why
        return see_other(url_for(".report", trigger=trigger, key=key, id=ids))


def _move(id_: int, trigger: str, submission: Submission) -> None:
    # A transaction each: one that comes too late keeps nobody else back.
    with transaction() as session:
        requests.move(session, id_, trigger, actor(), submission, at=clock.now())


def _row(line: Any) -> Mapping[str, Any]:
    row, session = line.request, db.session()
    return {
        "card": card_of(session, row, actor().role), "event": row.event_seq, "number": row.number,
        "state": state_of(session, row), "why": in_words(line.refusal) if line.refusal else "",
    }  # fmt: skip


def _ids() -> list[int]:
    found = (clean_id(text) for text in request.values.getlist("id"))
    return list(dict.fromkeys(id_ for id_ in found if id_))[: bulk.MOST]


def _key(key: str, id_: int) -> str:
    return f"{key}.{id_}"
