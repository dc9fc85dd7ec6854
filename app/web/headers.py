"""What every answer says to the browser about what it may do with the page."""

import secrets
from typing import Final

from flask import Flask, Response, current_app, g, request

from app.web import logs

# A photo is shown before it is sent (blob). A payment is a POST answered with 303 to the payment
# page, which counts as sending a form there.
_CSP: Final = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self' https://checkout.stripe.com"
)
_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_STATIC_MAX_AGE_S: Final = 3600


def init_app(app: Flask) -> None:
    """Put the headers on every answer of ``app``, errors included."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _STATIC_MAX_AGE_S
    app.after_request(_protect)
    app.context_processor(lambda: {"csp_nonce": nonce})


def nonce() -> str:
    """Return this page's own word that lets a script or style of ours run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    word: str = g.csp_nonce
    return word


def _protect(response: Response) -> Response:
    if logs.redact(request.path) != request.path:
        # The address is a secret: no page opened from here may learn it.
        response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Content-Security-Policy", _CSP.format(nonce=nonce()))
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    if current_app.config["SETTINGS"].is_https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if not _is_static():
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _is_static() -> bool:
    endpoint = request.endpoint or ""
    return endpoint == "static" or endpoint.endswith(".static")
