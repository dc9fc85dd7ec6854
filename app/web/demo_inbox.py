"""The demo's mailbox: every mail that would have gone out, open to everybody who runs it."""

import re
from typing import Final

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.db import db
from app.errors import NotFound
from app.models import KeptMail
from app.tenancy import all_companies

bp = Blueprint("demo_inbox", __name__, url_prefix="/demo/inbox")
SHOWN: Final = 50
_LINK: Final = re.compile(r"(https?://[^\s<>\"]+)")
# A mail brings its own styles and nothing else; its links open in the whole window.
_FRAME_CSP: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)


def init_app(app: Flask) -> None:
    """Give the demo, and nobody else, its inbox."""
    if app.config["SETTINGS"].is_demo:
        app.register_blueprint(bp)


@bp.get("")
@bp.get("/", endpoint="index_too")
def index() -> ResponseReturnValue:
    """List the newest mails of all companies; ``to`` shows one person's."""
    person = request.args.get("to", "").strip().lower()
    statement = select(KeptMail).order_by(KeptMail.at.desc(), KeptMail.id.desc()).limit(SHOWN)
    if person:
        statement = statement.where(KeptMail.to == person)
    session = db.session()
    with all_companies(session):
        mails = session.scalars(statement).all()
    server = current_app.config["SETTINGS"].mail_server
    return render_template(
        "portal/inbox.html", mails=mails, person=person, server=server, in_parts=in_parts
    )


@bp.get("/<int:key>")
def show(key: int) -> ResponseReturnValue:
    """Show one mail as it would look, and as plain text."""
    return render_template("portal/inbox_mail.html", mail=_get(key), in_parts=in_parts)


@bp.get("/<int:key>/html")
def body(key: int) -> Response:
    """Return a mail's own HTML, for the frame it is shown in."""
    html = _get(key).html.replace("<head>", '<head><base target="_top">', 1)
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = _FRAME_CSP
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def in_parts(text: str) -> list[tuple[str, bool]]:
    """Return a text cut at its addresses, each part with whether it is one."""
    return [(part, bool(_LINK.fullmatch(part))) for part in _LINK.split(text) if part]


def _get(key: int) -> KeptMail:
    session = db.session()
    with all_companies(session):
        mail = session.get(KeptMail, key) if key < 2**63 else None
    if mail is None:
        raise NotFound("mail", key)
    return mail
