"""The media store: a folder that only we can read."""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from app.errors import N_, GatewayError

# Plain words parted by slashes and dots: no way up, nothing hidden, nothing from a person.
_KEY: Final = re.compile(r"[a-z0-9]+(/[a-z0-9]+)*(\.[a-z0-9]+)+", re.ASCII)
_FULL: Final = N_("The disk that photos are kept on is full.")
_BROKEN: Final = N_("The folder that photos are kept in can't be used.")


class StoreNotSupported(ValueError):
    """MEDIA_URL names a kind of store this version can't speak to."""


class FolderStore:
    """Files below one folder. A file appears whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        """Store ``data`` durably before returning. Raises GatewayError: full, or not writable."""
        path = self._path(key)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(draft, data)
            draft.replace(path)
        except OSError as error:
            _forget(draft)
            raise _explained(error) from error

    def open(self, key: str) -> BinaryIO:
        """Return the file to read from. Raises GatewayError when it is not there."""
        try:
            return self._path(key).open("rb")
        except OSError as error:
            raise _explained(error) from error

    def delete(self, key: str) -> None:
        """Remove a file, if it is there."""
        self._path(key).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> Iterator[str]:
        """Yield the keys written before ``moment``, drafts of crashed writers aside."""
        for path in self.root.rglob("[!.]*.*"):
            key = path.relative_to(self.root).as_posix()
            if _KEY.fullmatch(key) and _written_at(path) < moment:
                yield key

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"no key of ours: {key!r}")
        return self.root / key


def open_store(url: str) -> FolderStore:
    """Return the store that MEDIA_URL names.

    Raises StoreNotSupported for s3://: better at the start than with somebody's photo in hand.
    """
    if "://" in url:
        scheme = url.partition("://")[0]
        raise StoreNotSupported(
            f"MEDIA_URL: {scheme}:// is not supported by this version; name a folder."
        )
    return FolderStore(Path(url).absolute())


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _forget(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        pass


def _explained(error: OSError) -> GatewayError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return GatewayError(_FULL if full else _BROKEN, permanent=False)


def _written_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # somebody else cleaned up
        return datetime.max.replace(tzinfo=UTC)
