"""What every answer says to the browser about what it may do with the page."""

import secrets
from typing import Final

from flask import Flask, Response, current_app, g, request

_CSP: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self' 'nonce-{nonce}'",
        "img-src 'self' blob:",  # photos shown before they are sent
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        # A payment is a POST answered with 303 to the payment page, which counts as sending there.
        "form-action 'self' https://checkout.stripe.com",
    )
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


def hide_address() -> None:
    """Have this page tell no other which address it had: it holds a secret."""
    g.referrer_policy = "no-referrer"


def _protect(response: Response) -> Response:
    if "referrer_policy" in g:
        response.headers["Referrer-Policy"] = g.referrer_policy
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
