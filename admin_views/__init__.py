"""Staff pages: ``/admin/``, on Flask-Admin, every view shut until it says who may pass."""

from flask import Flask


def register(app: Flask) -> None:
    """Give ``app`` its staff pages."""
    from admin_views import registry

    registry.register(app)
