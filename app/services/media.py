"""Photos of requests and jobs: taken in, attached, shown to those who may, forgotten."""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import IO, Final, Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import site
from app.actor import Actor
from app.errors import N_, DomainError, GatewayError, Invalid, NotFound
from app.models import Job, MediaFile, Request
from app.services import photos

FIELD: Final = "photos"
NAME_LENGTH: Final = 120
# How long a photo waits for its request: a form may be mended and sent again that long.
UNCLAIMED: Final = timedelta(hours=24)
_PURPOSE: Final = "kept photo"


@dataclass(frozen=True)
class StoredPhoto:
    """A photo in the store that no request has yet."""

    storage_key: str
    thumb_key: str
    sha256: str
    size_bytes: int
    width: int
    height: int
    original_name: str


class Upload(Protocol):
    """One file of a form."""

    @property
    def filename(self) -> str | None:
        """Return the name it had on its sender's device; it may be hostile."""

    @property
    def stream(self) -> IO[bytes]:
        """Return what was sent."""


class Store(Protocol):
    """Where the bytes go; the entrance brings it."""

    def put(self, key: str, data: bytes) -> None:
        """Store ``data``. Raises GatewayError."""


class PhotosRefused(Invalid):
    """A photo can't be taken; ``kept`` are the good ones, stored, for the form to offer again."""

    def __init__(self, error: DomainError, kept: Sequence[StoredPhoto]) -> None:
        super().__init__({FIELD: error})
        self.kept = tuple(kept)


def prepare(
    uploads: Iterable[Upload],
    store: Store,
    company_id: int,
    *,
    limit: int,
    kept: Sequence[StoredPhoto] = (),
) -> list[StoredPhoto]:
    """Redraw and store the uploads; return them behind those ``kept`` from an earlier try.

    Runs before the transaction: decoding takes long. The same photo twice counts once.
    Raises PhotosRefused naming the file and the limit.
    """
    taken = {photo.sha256: photo for photo in kept[:limit]}
    refusals = []
    chosen = (upload for upload in uploads if upload.filename)  # a field may stay empty
    # A few more than allowed, since one may come twice; never thousands.
    for upload in islice(chosen, limit + 3):
        try:
            _take_in(upload, store, company_id, taken, limit)
        except DomainError as error:
            refusals.append(error)
    if next(chosen, None) is not None:
        refusals.append(_too_many(limit))
    if refusals:
        raise PhotosRefused(refusals[0], list(taken.values()))
    return list(taken.values())


def attach(
    session: Session, request: Request, stored: Sequence[StoredPhoto], *, at: datetime
) -> list[MediaFile]:
    """Make stored photos a request's own; one it has already is left out."""
    if not stored:
        return []
    had = set(session.scalars(select(MediaFile.sha256).where(MediaFile.request_id == request.id)))
    rows = [
        MediaFile(
            request_id=request.id, kind="photo", content_type="image/jpeg", created_at=at,
            **asdict(photo),
        )
        for photo in {each.sha256: each for each in stored}.values()
        if photo.sha256 not in had
    ]  # fmt: skip
    session.add_all(rows)
    return rows


def open_photo(session: Session, ref: str, actor: Actor) -> MediaFile:
    """Return the photo of that public id. Raises NotFound, also when ``actor`` may not see it."""
    statement = select(MediaFile).where(MediaFile.ref == ref, MediaFile.kind == "photo")
    file = session.scalars(statement).one_or_none()
    if file is None or not _may_see(session, file, actor):
        raise NotFound("photo", ref)
    return file


def seal(photo: StoredPhoto, *, at: datetime) -> str:
    """Return a token by which a form that failed keeps its photo; only we can make one."""
    words = json.dumps([at.timestamp(), asdict(photo)], separators=(",", ":"))
    body = urlsafe_b64encode(words.encode()).decode().rstrip("=")
    return f"{body}.{_signatures(body)[0]}"


def unseal(token: str, company_id: int, *, at: datetime) -> StoredPhoto | None:
    """Return the photo a form kept, None when the token is too old, not ours, or another's."""
    body, _, signature = token.partition(".")
    if not _is_ours(body, signature):
        return None
    kept_at, fields = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    photo = StoredPhoto(**fields)
    # An hour early: the sweeper goes by when the file was written.
    fresh = at.timestamp() - kept_at < (UNCLAIMED - timedelta(hours=1)).total_seconds()
    return photo if fresh and photo.storage_key.startswith(f"c{company_id}/") else None


def unclaimed(session: Session, keys: Sequence[str]) -> set[str]:
    """Return those of a company's store keys that no row speaks of."""
    statement = select(MediaFile.storage_key, MediaFile.thumb_key).where(
        or_(MediaFile.storage_key.in_(keys), MediaFile.thumb_key.in_(keys))
    )
    return set(keys) - {key for row in session.execute(statement) for key in row}


def _take_in(
    upload: Upload, store: Store, company_id: int, taken: dict[str, StoredPhoto], limit: int
) -> None:
    name = _plain_name(upload.filename or "")
    picture = photos.redraw(_read(upload, name), name)
    sha256 = hashlib.sha256(picture.data).hexdigest()
    if sha256 in taken:
        return
    if len(taken) >= limit:
        raise _too_many(limit)
    key, small = _put(picture, store, company_id)
    size = len(picture.data)
    taken[sha256] = StoredPhoto(key, small, sha256, size, picture.width, picture.height, name)


def _put(picture: photos.Picture, store: Store, company_id: int) -> tuple[str, str]:
    word = secrets.token_hex(16)
    key = f"c{company_id}/{word[:2]}/{word}.jpg"
    small = key.replace(".jpg", ".thumb.jpg")
    try:
        store.put(key, picture.data)
        store.put(small, picture.thumb)
    except GatewayError as error:
        raise DomainError(
            N_("We can't keep photos just now. Please send the form without them, or try later.")
        ) from error
    return key, small


def _too_many(limit: int) -> DomainError:
    return DomainError(N_("Please send no more than %(limit)s photos."), limit=limit)


def _read(upload: Upload, name: str) -> bytes:
    data = upload.stream.read(photos.MAX_BYTES + 1)
    if not data:
        raise DomainError(N_("“%(name)s” is empty."), name=name)
    if len(data) > photos.MAX_BYTES:
        raise DomainError(
            N_("“%(name)s” is larger than %(limit)s MB. Please send a smaller photo."),
            name=name,
            limit=photos.MAX_BYTES // 1_000_000,
        )
    return data


def _plain_name(name: str) -> str:
    """Return a file's name to show: no folders, no invisible or reversing characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[-NAME_LENGTH:] or "?"


def _may_see(session: Session, file: MediaFile, actor: Actor) -> bool:
    if actor.kind == "staff" and actor.role != "technician":
        return True
    if actor.kind == "customer":
        return actor.id is not None and actor.id in _customers_of(session, file)
    return actor.id is not None and actor.id in _technicians_of(session, file)


def _customers_of(session: Session, file: MediaFile) -> set[int]:
    request = select(Request.customer_id).where(Request.id == file.request_id)
    job = select(Job.customer_id).where(Job.id == file.job_id)
    return {*session.scalars(request), *session.scalars(job)}


def _technicians_of(session: Session, file: MediaFile) -> set[int | None]:
    owner = Job.id == file.job_id if file.job_id else Job.request_id == file.request_id
    return set(session.scalars(select(Job.technician_id).where(owner)))


def _signatures(body: str) -> list[str]:
    return [key.hex() for key in site.current().derive(_PURPOSE, body)]


def _is_ours(body: str, signature: str) -> bool:
    given = signature.encode(errors="replace")
    return any(hmac.compare_digest(given, good.encode()) for good in _signatures(body))
