"""Jobs: what is under way, what was done, and one job, kept up to date while one looks."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.db import db
from app.services import jobs as work
from app.services import requests as asked
from app.web.own_answers import own_answers
from app.web.words import localtime
from portal import bp, estimates
from portal.cards import Card, card_of
from portal.readers import Reader, reader, ref_argument
from portal.request_words import told

HISTORY_PAGE: Final = 10


@bp.get("/")
def home() -> ResponseReturnValue:
    """Lead to the jobs."""
    return redirect(url_for("portal.jobs"), 303)


@bp.get("/jobs")
def jobs() -> ResponseReturnValue:
    """Show active jobs, the history behind its tab, or both where the company lands its
    customers on all of them. Source: features 143-155 and preset C24.
    """
    session = db.session()
    who = reader(session)
    show = request.args.get("show") or who.company.jobs_default_view
    if show == "history":
        return _page(session, who, showing="history", **_history(session, who))
    active = render_template("portal/_active.html", cards=_active(session, who))
    if request.args.get("part") == "active":
        return _live(active)
    shown = {"active": Markup(active), "tag": _tag(active)}  # noqa: S704  # rendered just now
    if show == "all":
        return _page(session, who, showing="all", **shown, **_history(session, who))
    return _page(session, who, showing="active", **shown)


@bp.get("/jobs/<ref>")
def job(ref: str) -> ResponseReturnValue:
    """Show one job."""
    session = db.session()
    who = reader(session)
    row = work.get_by_ref(session, ref, who.id)
    card = card_of(session, row, who.language)
    live = render_template("portal/_job.html", card=card)
    if request.args.get("part") == "state":
        return _live(live)
    shown = {"live": Markup(live), "tag": _tag(live)}  # noqa: S704
    extra = list(own_answers(session, row.request, who.language)) if row.request else []
    return render_template(
        "portal/job.html",
        card=card,
        job_request=row.request,
        job_estimate=row.estimate,
        own_answers=extra,
        **shown,
    )


def _active(session: Session, who: Reader) -> list[Card]:
    rows = work.active_for_customer(session, who.id)
    return [card_of(session, row, who.language) for row in rows]


def _history(session: Session, who: Reader) -> dict[str, object]:
    before = None
    if ref := ref_argument("before"):
        last = work.get_by_ref(session, ref, who.id)
        before = (last.state_since, last.id)
    page = work.history_for_customer(session, who.id, before=before, limit=HISTORY_PAGE)
    cards = [card_of(session, row, who.language) for row in page.rows]
    return {"years": _by_year(cards), "more": cards[-1].ref if page.next else None}


def _by_year(cards: Iterable[Card]) -> list[tuple[int, Sequence[Card]]]:
    grouped = groupby(cards, key=lambda card: localtime(card.ended_at).year)
    return [(year, list(some)) for year, some in grouped]


def _page(session: Session, who: Reader, **shown: object) -> str:
    mine = asked.for_customer(session, who.id)
    awaiting = [told(session, one, who.company, who.language)
                for one in mine if one.waiting_on == "customer"]  # fmt: skip
    return render_template(
        "portal/jobs.html",
        first_name=who.customer.first_name,
        awaiting=awaiting,
        offers=estimates.waiting(session, who.company, who.language),
        needs_answer=bool(awaiting),
        lands_on=who.company.jobs_default_view,
        **who.words(),
        **shown,
    )


def _live(part: str) -> ResponseReturnValue:
    """Answer a page that asks for news: 304 while there are none."""
    answer = make_response(part)
    answer.set_etag(_tag(part))
    return answer.make_conditional(request)


def _tag(part: str) -> str:
    return hashlib.sha256(part.encode()).hexdigest()[:24]
