"""How a message's texts came to be as they are, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import NotFound
from app.services import house_texts
from app.services.house_texts import Own, Place
from app.services.message_sources import Source, Text, texts_of
from workflows import versions

LOOKED_AT: Final = 60  # newest versions of a workflow
_PARTS: Final = ("subject", "body", "button")


@dataclass(frozen=True)
class Change:
    """One part of a text that was changed."""

    channel: str
    language: str
    part: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """One moment at which texts changed; ``texts`` is how all of them stood then.

    Of the house's, number 0 is what was shipped, at no moment.
    """

    number: int
    author: str
    at: datetime | None
    changes: list[Change]
    texts: Mapping[Place, Text]
    is_first: bool = False


def history(session: Session, actor: Actor, source: Source) -> list[Version]:
    """Return the versions in which a message's texts changed, the newest first."""
    if source.is_house:
        return _of_house(session, actor, source)
    return _of_workflow(session, source)


def texts_at(session: Session, actor: Actor, source: Source, number: int) -> Mapping[Place, Text]:
    """Return how all texts stood in a version. Raises NotFound."""
    for version in history(session, actor, source):
        if version.number == number:
            return version.texts
    raise NotFound("version", number)


def _of_workflow(session: Session, source: Source) -> list[Version]:
    found: list[Version] = []
    before: Mapping[Place, Text] = {}
    rows = list(versions.all_of(session, source.where)[:LOOKED_AT])
    for row in reversed(rows):
        texts = texts_of(versions.load(session, row.id), source.key)
        if texts != before:
            changes = _changes(before, texts) if found else []
            at = row.published_at or row.created_at
            found.append(Version(row.number, row.author, at, changes, texts, not found))
        before = texts
    return found[::-1]


def _of_house(session: Session, actor: Actor, source: Source) -> list[Version]:
    found: list[Version] = []
    state: dict[Place, Own] = {}
    before = _as_texts(source, state)
    editions = house_texts.history(session, actor, source.key)
    if editions:
        found.append(Version(0, "", None, [], before, is_first=True))
    for number, edition in enumerate(reversed(editions), start=1):
        state |= edition.texts
        texts = _as_texts(source, state)
        changes = _changes(before, texts)
        found.append(Version(number, edition.author, edition.at, changes, texts))
        before = texts
    return found[::-1]


def _as_texts(source: Source, state: Mapping[Place, Own]) -> dict[Place, Text]:
    """Return every text as it stood: an owner's where there was one, else ours."""
    found = dict(source.ours)
    for (channel, code), own in state.items():
        now = found.get(("email" if channel == "button" else channel, code), Text())
        ours = source.ours.get((channel, code), Text())
        if channel == "button":
            found[("email", code)] = Text(now.subject, now.body, own.body or now.button)
        elif channel == "email":
            subject, body = own.subject or ours.subject, own.body or ours.body
            found[("email", code)] = Text(subject, body, now.button)
        elif own.body:
            found[("sms", code)] = Text(body=own.body)
    return found


def _changes(before: Mapping[Place, Text], after: Mapping[Place, Text]) -> list[Change]:
    found = []
    for channel, code in sorted({*before, *after}):
        old = before.get((channel, code), Text())
        new = after.get((channel, code), Text())
        found += [
            Change(channel, code, part, getattr(old, part), getattr(new, part))
            for part in _PARTS
            if getattr(old, part) != getattr(new, part)
        ]
    return found
