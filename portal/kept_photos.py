"""Photos that were fine stay with a form that has to be mended."""

from collections.abc import Sequence

from flask import Response, current_app, request, url_for

from app import clock
from app.errors import NotFound
from app.gateways.media import FolderStore, open_store
from app.services import media
from app.services.media import StoredPhoto
from app.web import gate
from portal import bp
from portal.sheet import Question


def from_form() -> list[StoredPhoto]:
    """Return the photos an earlier try of this form has left with us."""
    company_id, at = gate.current_company().id, clock.now()
    tokens = request.form.getlist("kept_photos")[:20]
    found = (media.unseal(token, company_id, at=at) for token in tokens)
    return [photo for photo in found if photo is not None]


def as_parts(photos: Sequence[StoredPhoto]) -> list[Question]:
    """Return the photos as the form draws them: a tick to keep each, and its picture."""
    at = clock.now()
    sealed = [(photo, media.seal(photo, at=at)) for photo in photos]
    return [
        Question(
            "kept_photos", "kept", photo.original_name, value=token,
            help=url_for("portal.kept_photo", token=token),
        )
        for photo, token in sealed
    ]  # fmt: skip


def store() -> FolderStore:
    """Return where photos are kept."""
    return open_store(current_app.config["SETTINGS"].media_url)


@bp.get("/requests/new/photos/<token>")
def kept_photo(token: str) -> Response:
    """Show a photo that waits with its form; only the form that kept it knows the address."""
    photo = media.unseal(token, gate.current_company().id, at=clock.now())
    if photo is None:
        raise NotFound("photo")
    with store().open(photo.thumb_key) as file:
        return Response(file.read(), mimetype="image/jpeg")
