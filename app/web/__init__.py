"""The floor that portal and staff pages share: who is signed in, headers, languages, answers."""

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.gateways import queue
from app.web import (
    answers,
    demo_inbox,
    gate,
    headers,
    health,
    hosts,
    languages,
    limits,
    logs,
    photos,
    preferences,
    static_files,
    words,
)
from config import Settings

MAX_BODY_BYTES = 40 * 1024 * 1024  # three photos from a good telephone


def init_app(app: Flask) -> None:
    """Lay the floor under every page of ``app``. Order matters: the gate stands before CSRF."""
    settings: Settings = app.config["SETTINGS"]
    app.config.update(_flask_settings(settings))
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    logs.init_logs()
    languages.init_app(app)
    words.init_app(app)
    hosts.init_app(app, settings)
    headers.init_app(app)
    gate.init_app(app)
    CSRFProtect(app)
    answers.init_app(app)
    limits.init_app(app, settings.redis_url or queue.published_address(settings.var_dir))
    static_files.init_app(app)
    photos.init_app(app)
    demo_inbox.init_app(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(preferences.bp)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # how Flask's manual says it


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        "SESSION_COOKIE_NAME": "__Host-callout" if settings.is_https else "callout",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A form may stay open as long as its session; a link's page sends no Referer.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }
