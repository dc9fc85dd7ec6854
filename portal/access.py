"""Ways into the portal: ask for a link, open it, type its code; and the way out."""

import secrets

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.services import access, sessions
from app.web import cookies, limits
from app.web.gate import current_company, current_visit, public
from app.web.pace import evenly
from app.web.words import in_words
from portal import bp
from portal.arrivals import arrive, asked, home, look_at_mail, may_ask, safe

_AGENT = "User-Agent"


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    """Show the field for the mail address; who is in already goes on."""
    if current_visit() is not None:
        return redirect(_target() or home(), 303)
    return render_template("portal/login.html", email="", problem=None, next=_target())


@bp.post("/login")
@public
def ask_for_link() -> ResponseReturnValue:
    """Mail a link if the address is a customer's. The answer is the same for any address."""
    email = request.form.get("email", "")
    browser = secrets.token_urlsafe(24)
    try:
        with evenly():
            _ask(email, browser)
    except Invalid as error:
        problem = in_words(error.fields["email"])
        page = render_template("portal/login.html", email=email, problem=problem, next=_target())
        return page, 422
    return look_at_mail(browser, access.mask(email.strip()))


@bp.get("/login/sent")
@public
def sent() -> ResponseReturnValue:
    """Say where to look and offer the field for the code."""
    if cookies.read(asked()) is None:
        return redirect(url_for("portal.login"), 303)
    return render_template("portal/sent.html", sent_to=session.get("sent_to"), problem=None)


@bp.post("/login/code")
@public
def enter_code() -> ResponseReturnValue:
    """Let in whoever types the code of the link this browser asked for."""
    limits.check(limits.TRIES_AN_ADDRESS, "code", limits.real_address())
    browser, at = cookies.read(asked()) or "", clock.now()
    # The try must be counted even when the code is wrong, so it is a transaction of its own.
    with transaction() as db_session:
        token = access.check_code(db_session, browser, request.form.get("code", ""), at=at)
    if token is not None:
        return _enter(token)
    problem = _("This code does not fit, or it is too old. Check it, or ask for a fresh link.")
    page = render_template("portal/sent.html", sent_to=session.get("sent_to"), problem=problem)
    return page, 422


@bp.get("/enter/<token>")
@public
def show_link(token: str) -> ResponseReturnValue:
    """Show whom the link lets in. Mail scanners come here, so nothing is used up. Source: D1."""
    glance = access.look(db.session(), token, at=clock.now())
    visit = current_visit()
    if not glance.is_open and visit and visit.actor.id == glance.customer_id:
        return redirect(safe(glance.target) or home(), 303)
    if glance.is_open:
        return render_template("portal/enter.html", token=token, glance=glance)
    return render_template("portal/stale.html", token=token, glance=glance), 410


@bp.post("/enter/<token>")
@public
def enter(token: str) -> ResponseReturnValue:
    """Use the link up and sign its customer in."""
    try:
        return _enter(token)
    except Conflict:
        glance = access.look(db.session(), token, at=clock.now())
        return render_template("portal/stale.html", token=token, glance=glance), 409


@bp.post("/enter/<token>/fresh")
@public
def send_fresh(token: str) -> ResponseReturnValue:
    """Mail another link to whom the old one was sent, for the same page. Source: D2."""
    browser, at = secrets.token_urlsafe(24), clock.now()
    with transaction() as db_session:
        glance = access.look(db_session, token, at=at)
        if may_ask(f"fresh {glance.customer_id}"):
            access.fresh(db_session, token, browser, at=at)
    return look_at_mail(browser, glance.sent_to)


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Sign this browser out; with ``everywhere`` all others of the person too."""
    visit = current_visit()
    if visit is not None:
        everywhere = bool(request.form.get("everywhere"))
        with transaction() as db_session:
            sessions.leave(db_session, visit.actor, everywhere=everywhere, at=clock.now())
    cookies.drop(cookies.portal(current_company().slug))
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("portal.login"), 303)


def _ask(email: str, browser: str) -> None:
    if may_ask(email):
        with transaction() as db_session:
            access.ask(db_session, email, browser, at=clock.now(), target=_target())


def _enter(token: str) -> ResponseReturnValue:
    visit, at = current_visit(), clock.now()
    with transaction() as db_session:
        way = access.enter(db_session, token, agent=request.headers.get(_AGENT, ""), at=at)
        if visit is not None:
            sessions.leave(db_session, visit.actor, everywhere=False, at=at)
    arrive(way.token)
    return redirect(safe(way.target) or home(), 303)


def _target() -> str | None:
    return safe(request.values.get("next"))
