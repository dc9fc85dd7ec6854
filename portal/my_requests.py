"""My Service Requests: what was asked, where it stands, and the customer's own steps."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.db import db, transaction
from app.errors import Invalid, TransitionBlocked
from app.models import Request
from app.services import jobs as work
from app.services import requests as asked
from app.services.request_choices import own_choices
from app.web.own_answers import own_answers
from app.web.words import in_words, today
from portal import bp, estimates, problems
from portal.own_questions import own_questions
from portal.readers import Reader, answers, form_key, possible, reader, submission, why_not
from portal.request_words import contact_of, news_of, timeline, told, usual_wait
from portal.sheet import Sheet


@bp.get("/requests")
def requests() -> ResponseReturnValue:
    """List the customer's own requests, also while new ones are off. Source: 101 and 115."""
    session = db.session()
    who = reader(session)
    rows = asked.for_customer(session, who.id)
    shown = [told(session, row, who.company, who.language) for row in rows]
    refusal = why_not(who.refusal) if who.refusal else ""
    return render_template(
        "portal/requests.html",
        requests=shown,
        refusal=refusal,
        needs_answer=any(one.awaits_answer for one in shown),
        **who.words(),
    )


@bp.get("/requests/<ref>")
def request_page(ref: str) -> ResponseReturnValue:
    """Show one request; fresh from the form it says what happens next."""
    session = db.session()
    who = reader(session)
    row = asked.get_by_ref(session, ref, who.id)
    is_fresh = bool(request.args.get("sent")) and not row.is_decided()
    usually = usual_wait(session) if is_fresh else ""
    return _show(session, who, row, is_fresh=is_fresh, usually=usually)


@bp.get("/requests/<ref>/<trigger>")
def request_step(ref: str, trigger: str) -> ResponseReturnValue:
    """Show what a step asks before it is taken."""
    session = db.session()
    who = reader(session)
    row = asked.get_by_ref(session, ref, who.id)
    try:
        option = _possible(session, who, row, trigger)
    except TransitionBlocked as error:
        return _show(session, who, row, notice=in_words(error)), error.status
    return _form(session, who, row, option)


@bp.post("/requests/<ref>/<trigger>")
def take_request_step(ref: str, trigger: str) -> ResponseReturnValue:
    """Take a step as the customer; one that comes too late says what came first."""
    who = reader(db.session())
    try:
        with transaction() as session:
            step = asked.move_own(session, ref, trigger, who.actor, submission(), at=clock.now())
            news = news_of(step)
    except Invalid as error:
        return _again(who, ref, trigger, error), error.status
    except TransitionBlocked as error:
        session = db.session()
        row = asked.get_by_ref(session, ref, who.id)
        return _show(session, who, row, notice=in_words(error)), error.status
    if news:
        flash(news)
    return redirect(url_for("portal.request_page", ref=ref), 303)


def _show(session: Session, who: Reader, row: Request, **shown: object) -> str:
    job = work.of_request(session, row)
    return render_template(
        "portal/request.html",
        told=told(session, row, who.company, who.language),
        timeline=timeline(session, row, who.language),
        contact=contact_of(session, row),
        offers=estimates.of_request(session, row, who.company, who.language),
        own_answers=own_answers(session, row, who.language),
        options=asked.options(session, row, who.actor, at=clock.now()),
        photos=asked.photos(session, row) if who.company.shows_part("photos") else [],
        event=row.event_seq,
        needs_answer=row.waiting_on == "customer",
        job=job,
        reach=who.customer.email or who.customer.phone,
        refused=why_not,
        **who.words(),
        **shown,
    )


def _possible(session: Session, who: Reader, row: Request, trigger: str) -> asked.Option:
    return possible(asked.option(session, row, trigger, who.actor, at=clock.now()))


def _again(who: Reader, ref: str, trigger: str, error: Invalid) -> str:
    session = db.session()
    row = asked.get_by_ref(session, ref, who.id)
    option = asked.option(session, row, trigger, who.actor, at=clock.now())
    return _form(session, who, row, option, error)


def _form(
    session: Session, who: Reader, row: Request, option: asked.Option, error: Invalid | None = None
) -> str:
    wrong = problems.sentences(error) if error else {}
    offered = {
        rule.name: own_choices(session, rule, who.company, who.customer, who.language)
        for rule in option.fields
    }
    asks = own_questions(option.fields, Sheet(who.language, today(), answers(), wrong), offered)
    return render_template(
        "portal/request_step.html",
        told=told(session, row, who.company, who.language),
        option=option,
        questions=asks,
        problems=problems.listed(wrong, asks),
        form_key=form_key() or secrets.token_urlsafe(16),
        event=request.form.get("expected_event") or row.event_seq,
    )
