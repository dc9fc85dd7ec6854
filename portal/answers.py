"""One-click answers: a mailed link shows what is proposed, and one button answers it."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid, TransitionBlocked
from app.services import mailed_answers, sessions
from app.services.mailed_answers import Look
from app.web import languages
from app.web.gate import current_company, current_visit, public
from app.web.words import today
from portal import arrivals, bp, problems
from portal.own_questions import own_questions
from portal.readers import answers, why_not
from portal.request_words import did, news_of, told
from portal.sheet import Sheet

_AGENT = "User-Agent"


@bp.get("/answer/<token>")
@public
def show_answer(token: str) -> ResponseReturnValue:
    """Show what is proposed, with one button. Mail scanners come here: nothing is used up."""
    session = db.session()
    look = _look(session, token)
    if look.status == "open":
        return _ask(session, token, look)
    if look.status == "used" and look.request and _is_in(look):
        return redirect(_page_of(look), 303)
    return _late(session, token, look)


@bp.post("/answer/<token>")
@public
def give_answer(token: str) -> ResponseReturnValue:
    """Take the step the link is for and sign in, or sign in alone and go on to another step."""
    if "go" in request.form:
        return _enter(token, request.form["go"])
    try:
        with transaction() as session:
            agent, at = request.headers.get(_AGENT, ""), clock.now()
            taken = mailed_answers.take(session, token, answers(), agent=agent, at=at)
            news, ref = news_of(taken.step), taken.step.subject.ref
    except Invalid as error:
        session = db.session()
        return _ask(session, token, _look(session, token), error), error.status
    except (Conflict, TransitionBlocked):
        session = db.session()
        return _late(session, token, _look(session, token))
    if taken.token is None:
        return redirect(url_for("portal.show_answer", token=token), 303)
    answer = _go_on(taken.token, url_for("portal.request_page", ref=ref))
    if news:
        flash(news)
    return answer


@bp.post("/answer/<token>/fresh")
@public
def send_fresh_answer(token: str) -> ResponseReturnValue:
    """Mail another link to whom the old one was sent; it lands on the same step. Source: D2."""
    browser, at = secrets.token_urlsafe(24), clock.now()
    with transaction() as session:
        look = mailed_answers.look(session, token, at=at)
        if look.request and look.target and arrivals.may_ask(f"fresh {look.request.customer_id}"):
            page = _page_of(look, look.target.trigger if look.option else "")
            mailed_answers.fresh(session, token, browser, at=at, target=page)
    return arrivals.look_at_mail(browser, look.sent_to)


def _look(session: Session, token: str) -> Look:
    look = mailed_answers.look(session, token, at=clock.now())
    if look.customer is not None:
        languages.go_on_in(look.customer.language)
    return look


def _ask(session: Session, token: str, look: Look, error: Invalid | None = None) -> str:
    """Return the page of an open link: what is proposed, what the step asks, one button."""
    language = languages.language()
    wrong = problems.sentences(error) if error else {}
    option = look.option
    asks = (
        own_questions(option.fields, Sheet(language, today(), answers(), wrong)) if option else []
    )
    labels = {one.trigger: one.label for one in _options(session, look)}
    others = [(labels[name], other) for name, other in look.others if name in labels]
    return render_template(
        "portal/answer.html",
        token=token,
        option=option,
        refused=why_not(option.refusal) if option and option.refusal else "",
        told=_told(session, look),
        customer=look.customer,
        questions=asks,
        others=others,
        problems=problems.listed(wrong, asks),
    )


def _late(session: Session, token: str, look: Look) -> ResponseReturnValue:
    """Say what has happened since the mail, and what is possible now."""
    if look.status in ("unknown", "ended") or look.request is None:
        page = render_template("portal/stale.html", token=token, glance=look, kind="answer")
        return page, 410
    page = render_template(
        "portal/answer_late.html",
        token=token,
        look=look,
        told=_told(session, look),
        deed=did(session, look.news[-1], languages.language()) if look.news else None,
        options=_options(session, look),
        is_in=_is_in(look),
        event=look.request.event_seq,
        refused=why_not,
    )
    return page, 409


def _enter(token: str, trigger: str) -> ResponseReturnValue:
    """Sign in by the link of a record that has moved on, and go to what is possible now."""
    try:
        with transaction() as session:
            look, at = mailed_answers.look(session, token, at=clock.now()), clock.now()
            agent = request.headers.get(_AGENT, "")
            session_token = mailed_answers.enter(session, token, agent=agent, at=at)
            page = _page_of(look, trigger)
    except Conflict:
        session = db.session()
        return _late(session, token, _look(session, token))
    return _go_on(session_token, page)


def _go_on(token: str, page: str) -> Response:
    visit = current_visit()
    if visit is not None:  # whoever was in here before
        with transaction() as session:
            sessions.leave(session, visit.actor, everywhere=False, at=clock.now())
    arrivals.arrive(token)
    return redirect(page, 303)


def _page_of(look: Look, trigger: str = "") -> str:
    ref = look.request.ref if look.request else ""
    known = {one.trigger for one in _options(db.session(), look)} if trigger else ()
    if trigger in known:
        return url_for("portal.request_step", ref=ref, trigger=trigger)
    return url_for("portal.request_page", ref=ref)


def _options(session: Session, look: Look) -> list[Any]:
    if look.request is None or look.customer is None:
        return []
    return mailed_answers.options(session, look.request, look.customer, at=clock.now())


def _told(session: Session, look: Look) -> Any:
    if look.request is None:
        return None
    return told(session, look.request, current_company(), languages.language())


def _is_in(look: Look) -> bool:
    visit = current_visit()
    return bool(visit and look.customer and visit.actor.id == look.customer.id)
