"""Customer pages: a company's portal under ``/p/<slug>/``."""

from typing import Any

from flask import Blueprint, Flask, g

bp = Blueprint("portal", __name__, url_prefix="/p/<slug>")


def register(app: Flask) -> None:
    """Give ``app`` its customer pages."""
    from portal import (
        access,
        accounts,
        answers,
        estimates,
        jobs,
        media,
        my_requests,
        new_request,
        passwords,
        schedule,
        signup,
    )

    # Their views hang on ``bp`` once they are imported.
    _ = (
        access,
        accounts,
        answers,
        estimates,
        jobs,
        media,
        my_requests,
        new_request,
        passwords,
        schedule,
        signup,
    )
    app.register_blueprint(bp)


@bp.url_value_preprocessor
def _take_slug(endpoint: str | None, values: dict[str, Any] | None) -> None:
    # The gate has turned it into the company already; views needn't carry it along.
    if values is not None:
        values.pop("slug", None)


@bp.url_defaults
def _add_slug(endpoint: str, values: dict[str, Any]) -> None:
    if "slug" not in values and "company" in g:
        values["slug"] = g.company.slug
