"""Puts the rooms together: ``create_app`` for tests, ``app`` for the server and ``flask``."""

from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask

import admin_views
import config
import portal
from app import cli, db, failpoints, site, web
from app.workers import doorbell

ROOT = Path(__file__).parent


def create_app(settings: config.Settings) -> Flask:
    """Return the whole product over ``settings``."""
    callout = Flask("callout", root_path=str(ROOT), static_folder="app/web/static")
    callout.config.update(_flask_settings(settings))
    failpoints.arm(settings.failpoints)
    secrets = (settings.secret_key, *settings.secret_key_fallbacks)
    site.use(site.Site(settings.public_url, secrets, settings.portal_domain))
    db.init_app(callout)
    doorbell.init_app(callout)
    web.init_app(callout)
    for room in (portal, admin_views, cli):
        room.register(callout)
    return callout


def _flask_settings(settings: config.Settings) -> dict[str, Any]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": settings.app_env != "test",
            # The first request after a database restart finds a live connection.
            "pool_pre_ping": True,
        },
        "DATABASE_ADMIN_URL": settings.database_admin_url,
    }


@cache
def _own_app() -> Flask:
    try:
        return create_app(config.load())
    except config.ConfigError as error:
        raise SystemExit(str(error)) from error


def __getattr__(name: str) -> Flask:
    # Made when a server asks for it, so that a test can import this file and make its own.
    if name != "app":
        raise AttributeError(name)
    return _own_app()
