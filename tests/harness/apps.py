"""The product in this process, and what of it is shared by all apps of a process."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

import config
from app import failpoints, site
from app.db import db


@contextmanager
def open_app(settings: config.Settings) -> Iterator[Flask]:
    """Yield an app over ``settings``; the process then belongs to the app it had before."""
    from wsgi import create_app

    before = site._site
    app = create_app(settings)
    try:
        yield app
    finally:
        close_connections(app)
        failpoints.arm("")
        site._site = before


def close_connections(app: Flask) -> None:
    """End the app's session and hang up on its database."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
