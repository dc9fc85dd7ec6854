"""Estimates: what was offered, and the customer's yes, no, or wish for changes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock
from app.db import db, transaction
from app.errors import Invalid, TransitionBlocked
from app.models import Company, Estimate, EstimateLine, Event, Request, pick
from app.services import estimate_totals, estimates
from app.services.estimate_totals import Totals
from app.services.moves import Option
from app.web import gate
from app.web.words import in_words, today
from portal import bp, problems
from portal.own_questions import own_questions
from portal.readers import Reader, answers, form_key, possible, reader, submission, why_not
from portal.request_words import Deed, did, place_of
from portal.sheet import Sheet
from workflows import versions
from workflows.tones import tone_of


@dataclass(frozen=True)
class Offer:
    """An estimate as its customer sees it; one that is being prepared has no lines to show."""

    ref: str
    number: str
    title: str
    label: str
    tone: str
    is_priced: bool
    is_decided: bool
    awaits_answer: bool
    total_cents: int
    currency: str
    valid_until: date | None
    has_lapsed: bool
    sent_at: datetime | None
    changed_at: datetime


@bp.get("/estimates", endpoint="estimates")
def list_estimates() -> ResponseReturnValue:
    """List the customer's estimates, those that wait for an answer first. Source: feature 169."""
    session = db.session()
    who = reader(session)
    rows = estimates.for_customer(session, who.id)
    shown = [offer_of(session, row, who.company, who.language) for row in rows]
    return render_template("portal/estimates.html", estimates=shown, **who.words())


@bp.get("/estimates/<ref>")
def estimate(ref: str) -> ResponseReturnValue:
    """Show one estimate with its lines, and the answers the customer has."""
    session = db.session()
    who = reader(session)
    return _show(session, who, estimates.get_by_ref(session, ref, who.id))


@bp.get("/estimates/<ref>/<trigger>")
def estimate_step(ref: str, trigger: str) -> ResponseReturnValue:
    """Show what an answer asks before it is given."""
    session = db.session()
    who = reader(session)
    row = estimates.get_by_ref(session, ref, who.id)
    try:
        option = possible(_option(session, who, row, trigger))
    except TransitionBlocked as error:
        return _show(session, who, row, error), error.status
    return _form(session, who, row, option)


@bp.post("/estimates/<ref>/<trigger>")
def take_estimate_step(ref: str, trigger: str) -> ResponseReturnValue:
    """Take the customer's answer; one that comes too late says who came first, and when."""
    who = reader(db.session())
    try:
        with transaction() as session:
            step = estimates.move_own(
                session, ref, trigger, who.actor, submission(), at=clock.now()
            )
            made = "job" in step.made
    except Invalid as error:
        session = db.session()
        row = estimates.get_by_ref(session, ref, who.id)
        option = _option(session, who, row, trigger)
        return _form(session, who, row, option, error), error.status
    except TransitionBlocked as error:
        session = db.session()
        return _show(session, who, estimates.get_by_ref(session, ref, who.id), error), error.status
    flash(_thanks(made))
    return redirect(url_for("portal.estimate", ref=ref), 303)


@bp.app_template_global("own_estimates")
def own_estimates() -> Sequence[Estimate]:
    """Return a few of the reader's estimates, those that wait first; asked once a page."""
    if "own_estimates" not in g:
        visit = gate.current_visit()
        customer_id = visit.actor.id if visit and visit.actor.kind == "customer" else None
        g.own_estimates = estimates.glance(db.session(), customer_id) if customer_id else ()
    found: Sequence[Estimate] = g.own_estimates
    return found


def waiting(session: Session, company: Company, language: str) -> list[Offer]:
    """Return the estimates that wait for the reader's answer, for a banner."""
    rows = [row for row in own_estimates() if row.waiting_on == "customer"]
    return [offer_of(session, row, company, language) for row in rows]


def of_request(session: Session, request: Request, company: Company, language: str) -> list[Offer]:
    """Return the estimates of a customer's own request, the newest first."""
    rows = estimates.of(session, request)
    return [offer_of(session, row, company, language) for row in rows]


def offer_of(session: Session, row: Estimate, company: Company, language: str) -> Offer:
    """Return one estimate in its customer's words."""
    definition = versions.load(session, row.workflow_version_id)
    state = definition.state(row.state)
    waits = row.waiting_on == "customer"
    return Offer(
        ref=row.ref,
        number=row.number,
        title=row.title,
        label=pick(state.customer_label, language, company.language),
        tone=tone_of("estimate", state),
        # What the team is still working on is theirs, also what it takes back to change.
        is_priced=row.sent_at is not None and row.state != definition.initial,
        is_decided=row.is_decided(),
        awaits_answer=waits,
        total_cents=row.total_cents,
        currency=row.currency,
        valid_until=row.valid_until,
        has_lapsed=waits and row.valid_until is not None and row.valid_until < today(),
        sent_at=row.sent_at,
        changed_at=row.state_since,
    )


def _thanks(made_job: bool) -> str:
    if made_job:
        return str(_("Thank you. A job has been created, and we write to you about the time."))
    return str(_("Thank you, we have your answer."))


def _option(session: Session, who: Reader, row: Estimate, trigger: str) -> Option:
    return estimates.option(session, row, trigger, who.actor, at=clock.now())


def _show(
    session: Session, who: Reader, row: Estimate, late: TransitionBlocked | None = None
) -> str:
    return render_template(
        "portal/estimate.html",
        **_seen(session, who, row),
        options=estimates.options(session, row, who.actor, at=clock.now()),
        job=estimates.job(session, row),
        asked=row.request,
        place=str(row.location or (place_of(row.request) if row.request else "")),
        event=row.event_seq,
        notice=in_words(late) if late else "",
        deed=_deed(session, late, who.language),
        refused=why_not,
        **who.words(),
    )


def _deed(session: Session, late: TransitionBlocked | None, language: str) -> Deed | None:
    """Return what came first, and by whom; that it was opened at all is no news."""
    event = late.event if late else None
    return did(session, event, language) if isinstance(event, Event) and event.seq > 1 else None


def _form(
    session: Session, who: Reader, row: Estimate, option: Option, error: Invalid | None = None
) -> str:
    wrong = problems.sentences(error) if error else {}
    asks = own_questions(option.fields, Sheet(who.language, today(), answers(), wrong))
    return render_template(
        "portal/estimate_step.html",
        **_seen(session, who, row),
        option=option,
        questions=asks,
        problems=problems.listed(wrong, asks),
        form_key=form_key() or secrets.token_urlsafe(16),
        event=request.form.get("expected_event") or row.event_seq,
    )


def _seen(session: Session, who: Reader, row: Estimate) -> dict[str, Any]:
    """Return the offer with its lines, once it has been made."""
    offer = offer_of(session, row, who.company, who.language)
    lines: list[tuple[EstimateLine, int]] = []
    totals: Totals | None = None
    if offer.is_priced:
        lines = [(line, estimate_totals.line_cents(line)) for line in row.lines]
        totals = estimate_totals.totals(row.lines)
    return {
        "offer": offer,
        "lines": lines,
        "totals": totals,
        "note": row.note if offer.is_priced else "",
    }
