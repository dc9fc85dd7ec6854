"""The media folder: whole files, ours alone, under our own keys."""

import errno
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

from app.errors import GatewayError
from app.gateways.media import FolderStore, StoreNotSupported, open_store

KEY = "c1/ab/abcdef.jpg"


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "media")


def test_what_is_put_can_be_read(store):
    store.put(KEY, b"pixels")

    with store.open(KEY) as file:
        assert file.read() == b"pixels"


def test_only_we_can_read_it(store):
    store.put(KEY, b"pixels")

    path = store.root / KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "key", ["../x.jpg", "/etc/passwd", "c1/../../x.jpg", "c1/.x.jpg", "", "c1/a\0.jpg", "C1/x.jpg"]
)
def test_a_key_that_is_not_ours_is_refused(store, key):
    with pytest.raises(ValueError, match="no key of ours"):
        store.put(key, b"x")


def test_a_full_disk_is_named_and_leaves_nothing_behind(store, monkeypatch):
    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)

    with pytest.raises(GatewayError, match="full"):
        store.put(KEY, b"pixels")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_what_is_gone_is_a_plain_error(store):
    with pytest.raises(GatewayError):
        store.open(KEY)


def test_only_old_files_are_offered_to_the_sweeper(store):
    store.put(KEY, b"old")
    store.put("c1/ab/new.jpg", b"new")
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    os.utime(store.root / KEY, (hour_ago.timestamp(), hour_ago.timestamp()))

    assert list(store.older_than(datetime.now(UTC) - timedelta(minutes=1))) == [KEY]


def test_deleting_twice_is_fine(store):
    store.put(KEY, b"pixels")

    store.delete(KEY)
    store.delete(KEY)

    assert list(store.older_than(datetime.now(UTC) + timedelta(hours=1))) == []


def test_a_kind_of_store_that_is_not_there_yet_says_so_at_the_start():
    with pytest.raises(StoreNotSupported, match="MEDIA_URL"):
        open_store("s3://bucket/photos")
