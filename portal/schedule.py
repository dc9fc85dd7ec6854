"""My Schedule: the appointments to come, by day, each to be taken into one's own calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock, site
from app.db import db
from app.errors import NotFound
from app.services import calendar_files, schedule
from app.services import jobs as work
from app.services import requests as asked
from app.services.calendar_files import Appointment
from app.services.request_effects import VISIT
from app.web.words import localtime, today, zone
from portal import bp
from portal.cards import Card, card_of
from portal.readers import Reader, reader


@dataclass(frozen=True)
class Day:
    """One day of the schedule; ``day`` is None for what has no time yet."""

    day: date | None
    cards: Sequence[Card]


@bp.get("/schedule")
def my_schedule() -> ResponseReturnValue:
    """List the appointments to come by day, in the company's zone. Source: features 72 and 98."""
    session = db.session()
    who = reader(session)
    return render_template(
        "portal/schedule.html",
        days=_days(session, who),
        needs_answer=asked.awaits_answer(session, who.id),
        **who.words(),
    )


@bp.get("/schedule/<ref>.ics")
def appointment(ref: str) -> ResponseReturnValue:
    """Give one appointment as a calendar file. Raises NotFound while it has no time."""
    session = db.session()
    who = reader(session)
    job = work.get_by_ref(session, ref, who.id)
    if job.starts_at is None:
        raise NotFound("appointment", ref)
    card = card_of(session, job, who.language)
    page = site.current().portal_url(who.company.slug)
    text = calendar_files.write(
        Appointment(
            uid=f"{job.ref}@{who.company.slug}.callout",
            title=f"{card.title} · {who.company.name}",
            place=card.address,
            starts_at=job.starts_at,
            ends_at=job.ends_at or job.starts_at + VISIT,
            url=f"{page}/jobs/{job.ref}",
            revision=job.event_seq,
        ),
        at=clock.now(),
    )
    answer = make_response(text)
    answer.mimetype = "text/calendar"
    answer.headers["Content-Disposition"] = f'attachment; filename="{job.number}.ics"'
    return answer


def _days(session: Session, who: Reader) -> list[Day]:
    since = datetime.combine(today(), time(), zone())
    rows = schedule.coming(session, who.id, since=since)
    cards = [card_of(session, row, who.language) for row in rows]
    return [Day(day, list(some)) for day, some in groupby(cards, key=_day_of)]


def _day_of(card: Card) -> date | None:
    return localtime(card.starts_at).date() if card.starts_at else None
