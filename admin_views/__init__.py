"""Staff pages."""

from flask import Flask

from admin_views import access


def register(app: Flask) -> None:
    """Give ``app`` its staff pages."""
    app.register_blueprint(access.bp)
