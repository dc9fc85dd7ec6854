"""Ways into the staff pages: password, invitation, reset; and the way out."""

from datetime import timedelta
from typing import Final

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.services import access, passwords, sessions, staff_access
from app.services.staff_access import Place
from app.web import cookies, gate, limits
from app.web.addresses import local_path
from app.web.gate import current_visit, public
from app.web.pace import evenly
from app.web.words import in_words

bp = Blueprint("staff_access", __name__, url_prefix="/admin")
_HOME: Final = "/admin/"
_CHOICE_LASTS_S: Final = 300


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    """Show the fields for address and password; who is in already goes on."""
    if current_visit() is not None:
        return redirect(_target() or _HOME, 303)
    return render_template("staff/login.html", email="", problem=None, next=_target())


@bp.post("/login")
@public
def check_password() -> ResponseReturnValue:
    """Let in whoever knows the password; an unknown address is answered like a wrong one."""
    email = request.form.get("email", "")
    limits.check(limits.TRIES_AN_ADDRESS, "password", limits.real_address())
    person = ("password", limits.mailbox(email), limits.real_address())
    limits.check(limits.TRIES_A_PERSON, *person)
    places = staff_access.places(db.session(), email, request.form.get("password", ""))
    if not places:
        problem = _("Address and password do not belong together. Check both and try again.")
        page = render_template("staff/login.html", email=email, problem=problem, next=_target())
        return page, 422
    limits.forget(limits.TRIES_A_PERSON, *person)
    if len(places) == 1:
        return _enter(places[0])
    offers = [(_choices().dumps([one.staff_id, one.company_id]), one) for one in places]
    return render_template("staff/choose.html", offers=offers, next=_target())


@bp.post("/login/company")
@public
def choose_company() -> ResponseReturnValue:
    """Go on at one of the companies the password opened."""
    try:
        chosen = request.form.get("place", "")
        staff_id, company_id = _choices().loads(chosen, max_age=_CHOICE_LASTS_S)
    except BadSignature:
        return redirect(url_for("staff_access.login"), 303)
    return _enter(Place(staff_id, company_id, ""))


@bp.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> ResponseReturnValue:
    """Mail a link to choose a new password. The answer is the same for any address."""
    if request.method == "GET":
        return render_template("staff/forgot.html", sent_to=None)
    email = request.form.get("email", "")
    with evenly():
        _ask_reset(email)
    return render_template("staff/forgot.html", sent_to=access.mask(email.strip()))


@bp.get("/<any(invite, reset):purpose>/<slug>/<token>")
@public
def show_link(purpose: str, slug: str, token: str) -> ResponseReturnValue:
    """Show the fields for a new password; the link is used up by sending them."""
    company = gate.enter_portal(db.session(), slug)
    welcome = staff_access.look(db.session(), purpose, token, at=clock.now())
    page = render_template(
        "staff/password.html", welcome=welcome, purpose=purpose, firm=company.name, problem=None
    )
    return page, 200 if welcome.is_open else 410


@bp.post("/<any(invite, reset):purpose>/<slug>/<token>")
@public
def choose_password(purpose: str, slug: str, token: str) -> ResponseReturnValue:
    """Use the link up, keep the password and sign its person in."""
    limits.check(limits.TRIES_AN_ADDRESS, "password link", limits.real_address())
    company, at = gate.enter_portal(db.session(), slug), clock.now()
    welcome = staff_access.look(db.session(), purpose, token, at=at)
    try:
        hashed = _read_password(welcome.email)
        with transaction() as db_session:
            gate.enter_portal(db_session, slug)
            person = staff_access.choose_password(db_session, purpose, token, hashed, at=at)
            place = Place(person.id, company.id, company.name)
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {"password": error}
        problem = in_words(fields["password"])
        page = render_template(
            "staff/password.html", welcome=welcome, purpose=purpose, firm=company.name,
            problem=problem,
        )  # fmt: skip
        return page, error.status
    return _enter(place)


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Sign this browser out; with ``everywhere`` all others of the person too."""
    visit = current_visit()
    if visit is not None:
        everywhere = bool(request.form.get("everywhere"))
        with transaction() as db_session:
            sessions.leave(db_session, visit.actor, everywhere=everywhere, at=clock.now())
    cookies.drop(cookies.STAFF)
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("staff_access.login"), 303)


def _ask_reset(email: str) -> None:
    own = limits.allows(limits.LINKS_A_MAILBOX, "reset", limits.mailbox(email))
    here = limits.allows(limits.LINKS_AN_ADDRESS, "reset", limits.real_address())
    if own and here:
        with transaction() as db_session:
            staff_access.ask_reset(db_session, email, at=clock.now())


def _enter(place: Place) -> ResponseReturnValue:
    visit, at = current_visit(), clock.now()
    agent = request.headers.get("User-Agent", "")
    try:
        with transaction() as db_session:
            if visit is not None:
                sessions.leave(db_session, visit.actor, everywhere=False, at=at)
            token = staff_access.sign_in(db_session, place, agent=agent, at=at)
    except Forbidden as error:
        flash(in_words(error))
        return redirect(url_for("staff_access.login"), 303)
    session.clear()  # tokens of forms belong to whoever was here before
    lasts: timedelta = sessions.STAFF_ABSOLUTE
    cookies.keep_visit(cookies.STAFF, place.company_id, token, max_age_s=int(lasts.total_seconds()))
    return redirect(_target() or _HOME, 303)


def _read_password(email: str) -> str:
    password = request.form.get("password", "")
    passwords.check_new(password, email=email)
    return passwords.hash_password(password)


def _choices() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="company choice")


def _target() -> str | None:
    return local_path(request.values.get("next"), below=_HOME)
