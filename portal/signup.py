"""Create Account Now: a form, a mail to prove the address, and the way in. Source: feature 175."""

from typing import Any

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotFound
from app.services import access, signups
from app.web import languages, limits
from app.web.gate import current_company, current_visit, public
from app.web.pace import evenly
from app.web.words import in_words
from portal import bp
from portal.arrivals import arrive, home, may_ask
from portal.readers import answers

_TRAP = "website"  # people do not see it; what fills in everything does


@bp.get("/signup")
@public
def sign_up() -> ResponseReturnValue:
    """Show the form; who is in already goes on."""
    _check_open()
    if current_visit() is not None:
        return redirect(home(), 303)
    return _form({}, {})


@bp.post("/signup")
@public
def send_sign_up() -> ResponseReturnValue:
    """Take the form. The answer is the same for any address that can be one."""
    _check_open()
    limits.check(limits.SIGN_UPS_AN_ADDRESS, "signup", limits.real_address())
    raw = answers()
    try:
        with evenly():
            _ask(raw)
    except Invalid as error:
        wrong = {name: in_words(why) for name, why in error.fields.items()}
        return _form(raw, wrong), error.status
    session["sent_to"] = access.mask(str(raw.get("email", "")).strip())
    return redirect(f"{home()}signup/sent", 303)


@bp.get("/signup/sent")
@public
def sign_up_sent() -> ResponseReturnValue:
    """Say where to look."""
    _check_open()
    return render_template("portal/signup_sent.html", sent_to=session.get("sent_to"))


@bp.get("/signup/<token>")
@public
def look_at_sign_up(token: str) -> ResponseReturnValue:
    """Show the button that proves the address; scanners of mail come here, so nothing is used."""
    if signups.look(db.session(), token, at=clock.now()):
        return render_template("portal/signup_verify.html", token=token)
    return render_template("portal/signup_stale.html", may_sign_up=_is_open()), 410


@bp.post("/signup/<token>")
@public
def verify_sign_up(token: str) -> ResponseReturnValue:
    """Let the sign-up count, and its customer in where nobody has to agree first."""
    agent = request.headers.get("User-Agent", "")
    try:
        with transaction() as db_session:
            arrival = signups.verify(db_session, token, agent=agent, at=clock.now())
    except Conflict as error:
        page = render_template(
            "portal/signup_stale.html", may_sign_up=_is_open(), why=in_words(error)
        )
        return page, error.status
    if arrival.token is None:
        return render_template("portal/signup_waiting.html")
    arrive(arrival.token)
    return redirect(home(), 303)


def _ask(raw: Any) -> None:
    if str(raw.get(_TRAP, "")).strip():
        return
    typed = {name: value for name, value in raw.items() if name != _TRAP}
    # Too many wishes for one mailbox are answered like a granted one. Source: adversarial A10.
    allowed = may_ask(str(raw.get("email", "")))
    with transaction() as db_session:
        if allowed:
            signups.ask(db_session, typed, language=languages.language(), at=clock.now())
        else:
            signups.check(typed)


def _form(raw: Any, wrong: dict[str, str]) -> str:
    return render_template("portal/signup.html", values=raw, wrong=wrong, trap=_TRAP)


def _is_open() -> bool:
    return signups.is_open(current_company())


def _check_open() -> None:
    if not _is_open():
        raise NotFound("page")
