"""Requests as the queue shows them: a card each, and one of them opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from admin_views.base import language
from admin_views.wording import (
    DAY_PARTS,
    KINDS,
    Shown,
    place_of,
    service_of,
    state_of,
    title_of,
    words,
)
from app.models import PreferredDate, Request
from app.web.own_answers import own_answers
from app.web.words import at_time, day, today
from workflows import versions
from workflows.schema import Definition, FormField, Transition
from workflows.schema.fields import KindField

# The buttons on a card, in this order. Source: feature 46.
_ON_CARDS: Final = ("approve", "decline")


@dataclass(frozen=True)
class Wish:
    """A wished date in words, with what the Use button puts into the job form."""

    words: str
    has_passed: bool
    date: str
    part: str


@dataclass(frozen=True)
class Card:
    """What the queue shows of one request. Source: features 38-43."""

    id: int
    customer: str
    place: str
    service: str
    title: str
    state: Shown
    urgent: bool
    wish: Wish | None
    more_wishes: int
    sent_at: datetime
    kind: str  # blank where the form doesn't ask for one
    notes: str
    extra: Sequence[tuple[str, str]]  # label and answer of the company's own questions
    buttons: Sequence[tuple[str, str]]  # trigger and label
    event: int
    schedules: bool  # Approve makes a visit, by one press when nothing is left to choose


def card_of(session: Session, request: Request, role: str) -> Card:
    """Return the card of one request."""
    wishes = request.preferred_dates
    definition = versions.load(session, request.workflow_version_id)
    mine = _buttons(definition, request, role)
    return Card(
        id=request.id,
        customer=request.customer.name,
        place=place_of(request),
        service=service_of(request),
        title=title_of(request),
        state=state_of(session, request),
        urgent=request.urgency == "urgent",
        wish=wish_of(wishes[0]) if wishes else None,
        more_wishes=max(0, len(wishes) - 1),
        sent_at=request.submitted_at,
        kind=kind_of(session, request),
        notes=request.notes or "",
        extra=list(own_answers(session, request, language(), short=True)),
        buttons=[(each.trigger, words(each.label)) for each in mine],
        event=request.event_seq,
        schedules=any(each.form == "create_visit" for each in mine),
    )


def wish_of(wish: PreferredDate) -> Wish:
    """Return a wished date in words. Source: D11 for the flag."""
    text = day(wish.day)
    if wish.last_day and wish.last_day != wish.day:
        text = _("%(first)s to %(last)s", first=text, last=day(wish.last_day))
    if wish.at_time:
        text = f"{text}, {at_time(wish.at_time)}"
    elif wish.day_part:
        text = f"{text}, {DAY_PARTS[wish.day_part]}"
    return Wish(text, wish.has_passed(today()), wish.day.isoformat(), wish.day_part or "")


def kind_of(session: Session, request: Request) -> str:
    """Return the kind of work where the form offers several. Source: feature 44."""
    definition = versions.load(session, request.workflow_version_id)
    asks = (rule for rule in definition.request_form if not isinstance(rule, FormField))
    offered = next((rule for rule in asks if isinstance(rule, KindField)), None)
    if offered is None or len(offered.options) < 2:
        return ""
    return str(KINDS.get(request.kind, request.kind))


def _buttons(definition: Definition, request: Request, role: str) -> list[Transition]:
    """Return the steps a card offers; whether their conditions hold is asked when one is opened."""
    found = []
    for trigger in _ON_CARDS:
        mine = [t for t in definition.candidates(request.state, trigger) if role in t.roles]
        found += mine[:1]
    return found
