"""The photos of a customer's own requests and jobs."""

from flask import Response, request

from app.web import photos
from portal import bp


@bp.get("/photos/<ref>")
def photo(ref: str) -> Response:
    """Show one photo, whole or small."""
    return photos.show(ref, request.args.get("size"))
