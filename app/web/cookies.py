"""Cookies: their names, who may read them, and what proves that we wrote them."""

from typing import Final

from flask import Response, current_app, g, request
from itsdangerous import BadSignature, Signer

from app import site

STAFF: Final = "callout_staff"
THEME: Final = "theme"
LANGUAGE: Final = "language"
_YEAR_S: Final = 365 * 24 * 3600


def portal(slug: str) -> str:
    """Return the name of a portal's cookie: one can be signed in at several companies."""
    return f"callout_p_{slug}"


def asked(slug: str) -> str:
    """Return the name of the cookie that marks the browser which asked for a link."""
    return f"callout_ask_{slug}"


def full_name(name: str) -> str:
    """Return the name as sent: over TLS no other host and no plain page can set it."""
    return f"__Host-{name}" if current_app.config["SETTINGS"].is_https else name


def read(name: str) -> str | None:
    """Return what the browser sent."""
    return request.cookies.get(full_name(name))


def read_visit(name: str) -> tuple[int, str] | None:
    """Return company id and token out of a signed cookie, None when we didn't write it."""
    value = read(name)
    if value is None:
        return None
    try:
        company, _, token = _signer(name).unsign(value).decode().partition(".")
    except (BadSignature, UnicodeDecodeError):
        return None
    return int(company), token


def keep_visit(name: str, company_id: int, token: str, *, max_age_s: int | None) -> None:
    """Have the answer sign the browser in; without an age until the browser is closed."""
    value = _signer(name).sign(f"{company_id}.{token}").decode()
    keep(name, value, max_age_s=max_age_s)


def keep(name: str, value: str, *, max_age_s: int | None = _YEAR_S) -> None:
    """Have the answer set a cookie that no script can read."""
    _pending()[name] = (value, max_age_s)


def drop(name: str) -> None:
    """Have the answer take a cookie away."""
    _pending()[name] = ("", 0)


def send(response: Response) -> Response:
    """Put what was kept or dropped during the request on the answer."""
    for name, (value, max_age_s) in _pending().items():
        response.set_cookie(
            full_name(name),
            value,
            max_age=max_age_s,
            secure=current_app.config["SETTINGS"].is_https,
            httponly=True,
            samesite="Lax",
        )
    return response


def _pending() -> dict[str, tuple[str, int | None]]:
    if "pending_cookies" not in g:
        g.pending_cookies = {}
    pending: dict[str, tuple[str, int | None]] = g.pending_cookies
    return pending


def _signer(name: str) -> Signer:
    # The library wants the newest secret last.
    return Signer(list(reversed(site.current().secrets)), salt=name)
