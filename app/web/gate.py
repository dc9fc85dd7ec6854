"""The gate in front of every page: which company, who is signed in, and who must sign in first."""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from app import clock
from app.actor import Actor
from app.db import db, transaction
from app.errors import N_, DomainError, NotFound, PortalClosed
from app.models import Company
from app.services import portals, sessions
from app.tenancy import enter_company
from app.web import cookies

View = TypeVar("View", bound=Callable[..., object])
MAX_PLAIN_BYTES: Final = 500_000  # without photos; a stranger may send none
_NO_GATE: Final = "open_while_closed"
_PUBLIC: Final = "is_public"


class SignInNeeded(DomainError):
    """Nobody is signed in, or not any more."""

    code = "sign_in_needed"
    status = 401


def public(view: View) -> View:
    """Let a page of ``/admin/`` or ``/p/`` be seen without signing in; all others are shut."""
    view.is_public = True  # type: ignore[attr-defined]  # read by _marked
    return view


def always(view: View) -> View:
    """Let a portal's page be seen by everybody even while the portal is switched off."""
    view.open_while_closed = True  # type: ignore[attr-defined]  # read by _marked
    return public(view)


def init_app(app: Flask) -> None:
    """Stand in front of every request of ``app``."""
    app.before_request(_check)
    app.after_request(_note_seen)
    app.after_request(cookies.send)


def side() -> str:
    """Return whose pages the address is among: staff, portal or neither."""
    if request.path == "/admin" or request.path.startswith("/admin/"):
        return "staff"
    return "portal" if request.path.startswith("/p/") else "neither"


def current_visit() -> sessions.Visit | None:
    """Return who is signed in on this side, None when nobody is."""
    visit: sessions.Visit | None = g.get("visit")
    return visit


def current_actor() -> Actor:
    """Return who is signed in. Raises SignInNeeded."""
    visit = current_visit()
    if visit is None:
        raise SignInNeeded(N_("Please sign in first."))
    return visit.actor


def current_company() -> Company:
    """Return the company the page is about, detached: good on error pages too. Raises NotFound."""
    company: Company | None = g.get("company")
    if company is None:
        raise NotFound("company")
    return company


def enter_portal(session: Session, slug: str) -> Company:
    """Enter the company of a slug, for pages outside its portal. Raises NotFound."""
    company = portals.enter(session, slug)
    g.company = company
    return company


def _check() -> None:
    if "\0" in request.path:
        raise NotFound("page")  # no database takes that letter
    _check_side()
    if current_visit() is None or request.mimetype != "multipart/form-data":
        request.max_content_length = MAX_PLAIN_BYTES


def _check_side() -> None:
    if side() == "staff":
        _check_staff()
    elif side() == "portal":
        _check_portal(request.path.split("/", 3)[2])


def _check_staff() -> None:
    found = cookies.read_visit(cookies.STAFF)
    if found is not None:
        session = db.session()
        enter_company(session, found[0])
        _remember(sessions.find_staff(session, found[1], at=clock.now()))
    _ask_to_sign_in()


def _check_portal(slug: str) -> None:
    session = db.session()
    found = cookies.read_visit(cookies.portal(slug))
    if found is not None:
        enter_company(session, found[0])
        visit = sessions.find_customer(session, found[1], at=clock.now())
        if visit is not None and visit.company.slug == slug:
            _remember(visit)
    if current_visit() is None:
        g.company = portals.enter(session, slug)
    if not _marked(_NO_GATE):
        _check_open(current_company())
        _ask_to_sign_in()


def _check_open(company: Company) -> None:
    # Source: features 120-121, 125. The row is read at every request, so both ways at once.
    if not (company.portal_enabled and company.has_portal_feature()):
        raise PortalClosed(N_("The portal is currently unavailable."))


def _ask_to_sign_in() -> None:
    if current_visit() is None and request.endpoint and not _marked(_PUBLIC):
        raise SignInNeeded(N_("Please sign in first."))


def _marked(mark: str) -> bool:
    # Pictures, styles and scripts of a library are nobody's data.
    endpoint = request.endpoint or ""
    if endpoint.endswith(".static"):
        return mark == _PUBLIC
    return bool(getattr(current_app.view_functions.get(endpoint), mark, False))


def _remember(visit: sessions.Visit | None) -> None:
    if visit is not None:
        g.visit = visit
        g.company = visit.company


def _note_seen(response: Response) -> Response:
    """Every few minutes, after the page is made, write down that the person is still there."""
    visit, at = current_visit(), clock.now()
    if visit and visit.actor.session_id and visit.is_stale(at) and response.status_code < 500:
        db.session.rollback()  # nothing a page left undone may slip in with it
        with transaction() as session:
            sessions.note_seen(session, visit.actor.session_id, at=at)
    return response
