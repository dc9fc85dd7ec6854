"""Throws away photos whose request never came."""

from datetime import datetime
from itertools import groupby
from typing import Final

from flask import current_app

from app.db import db
from app.gateways.media import FolderStore, open_store
from app.services import media
from app.tenancy import company_scope

_AT_ONCE: Final = 400


def tidy_media(*, at: datetime) -> int:
    """Delete the stored photos that are old and that no row speaks of; return how many."""
    store = open_store(current_app.config["SETTINGS"].media_url)
    keys = sorted(store.older_than(at - media.UNCLAIMED))
    deleted = 0
    for folder, own in groupby(keys, key=lambda key: key.partition("/")[0]):
        if folder[:1] == "c" and folder[1:].isdigit():
            deleted += _tidy(store, int(folder[1:]), list(own))
    return deleted


def _tidy(store: FolderStore, company_id: int, keys: list[str]) -> int:
    deleted = 0
    for begin in range(0, len(keys), _AT_ONCE):
        unclaimed = _unclaimed(company_id, keys[begin : begin + _AT_ONCE])
        for key in unclaimed:
            store.delete(key)
        deleted += len(unclaimed)
    return deleted


def _unclaimed(company_id: int, keys: list[str]) -> set[str]:
    session = db.session()
    with company_scope(session, company_id):
        found = media.unclaimed(session, keys)
    session.rollback()
    return found
