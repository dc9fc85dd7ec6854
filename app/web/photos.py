"""Shows photos to those who may see them; the address alone opens nothing."""

import io

from flask import Flask, Response, current_app, send_file, url_for

from app.db import db
from app.errors import GatewayError, NotFound
from app.gateways.media import open_store
from app.models import MediaFile
from app.services import media
from app.web import gate

SMALL = "small"


def init_app(app: Flask) -> None:
    """Give the templates of ``app`` the addresses of photos."""
    app.add_template_global(photo_url)


def photo_url(photo: MediaFile, thumb: bool = False) -> str:
    """Return a photo's address on the side the reader is on."""
    endpoint = "photos.show" if gate.side() == "staff" else "portal.photo"
    return url_for(endpoint, ref=photo.ref, size=SMALL if thumb else None)


def show(ref: str, size: str | None) -> Response:
    """Return a photo for whoever is signed in. Raises NotFound for anybody else's."""
    file = media.open_photo(db.session(), ref, gate.current_actor())
    key = file.thumb_key if size == SMALL and file.thumb_key else file.storage_key
    answer = send_file(
        io.BytesIO(_read(key)),
        mimetype="image/jpeg",
        download_name=f"photo-{file.ref}.jpg",
        etag=f"{file.sha256[:32]}{'s' if key == file.thumb_key else ''}",
        last_modified=file.created_at,
    )
    # A browser may keep it but must ask each time: rights may have ended. Source: adversarial D09.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _read(key: str) -> bytes:
    try:
        with open_store(current_app.config["SETTINGS"].media_url).open(key) as file:
            return file.read()
    except GatewayError as error:
        raise NotFound("photo", key) from error
