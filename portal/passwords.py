"""Signing in with a password, and choosing one, where the company allows it. Source: C6."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import db, transaction
from app.errors import DomainError, Invalid, NotFound
from app.services import customer_passwords, customers
from app.web import limits
from app.web.gate import current_actor, current_company, public
from app.web.pace import evenly
from app.web.words import in_words
from portal import bp
from portal.arrivals import arrive, home, safe

_AGENT = "User-Agent"


@bp.post("/login/password")
@public
def sign_in_with_password() -> ResponseReturnValue:
    """Let in whoever knows the password; an unknown address is answered like a wrong one."""
    _check_allowed()
    email = request.form.get("email", "")
    limits.check(limits.TRIES_AN_ADDRESS, "customer", limits.real_address())
    person = ("customer", limits.mailbox(email), limits.real_address())
    limits.check(limits.TRIES_A_PERSON, *person)
    with evenly():
        token = _token(email)
    target = safe(request.form.get("next"))
    if token is None:
        problem = _("Address and password do not belong together. Check both, or take the link.")
        page = render_template(
            "portal/login.html", email=email, problem=None, password_problem=problem, next=target
        )
        return page, 422
    limits.forget(limits.TRIES_A_PERSON, *person)
    arrive(token)
    return redirect(target or home(), 303)


@bp.get("/password")
def password() -> ResponseReturnValue:
    """Show the field for a password of one's own."""
    _check_allowed()
    return _page()


@bp.post("/password")
def choose_password() -> ResponseReturnValue:
    """Keep the password; this browser stays signed in, all others are signed out."""
    _check_allowed()
    typed, agent = request.form.get("password", ""), request.headers.get(_AGENT, "")
    try:
        with transaction() as session:
            token = customer_passwords.choose(
                session, current_actor(), typed, agent=agent, at=clock.now()
            )
    except Invalid as error:
        return _page(in_words(error.fields["password"])), error.status
    arrive(token)
    flash(_("Your password is kept. Other browsers are signed out."))
    return redirect(home(), 303)


@bp.post("/password/remove")
def remove_password() -> ResponseReturnValue:
    """Forget the password."""
    _check_allowed()
    with transaction() as session:
        customer_passwords.remove(session, current_actor())
    flash(_("Your password is removed. The mailed link is your way in."))
    return redirect(url_for("portal.password"), 303)


def _token(email: str) -> str | None:
    typed, agent = request.form.get("password", ""), request.headers.get(_AGENT, "")
    try:
        with transaction() as session:
            return customer_passwords.check(session, email, typed, agent=agent, at=clock.now())
    except DomainError:
        return None  # what can't be an address is answered like a wrong password


def _page(problem: str | None = None) -> str:
    who = customers.get(db.session(), current_actor().id or 0)
    return render_template(
        "portal/password.html", has_one=bool(who.password_hash), email=who.email, problem=problem
    )


def _check_allowed() -> None:
    if not current_company().passwords_allowed:
        raise NotFound("page")
