"""Sentences put into words later, in the reader's language: ours are translated, owners' picked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from workflows.problems import N_


@dataclass(frozen=True)
class Phrase:
    """One of our sentences or nouns; its parameters may be phrases and owners' words again."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return it in English."""
        return say(self, ENGLISH)


@dataclass(frozen=True)
class Own:
    """An owner's own words by language; ``otherwise`` stands in where there are none."""

    texts: Mapping[str, str]
    otherwise: str = ""

    def __str__(self) -> str:
        """Return them in English, else in any language."""
        return say(self, ENGLISH)


class Reader(Protocol):
    """Whoever reads: translates our words and picks an owner's."""

    def translate(self, msgid: str, params: Mapping[str, Any]) -> str:
        """Return our words in the reader's language."""

    def pick(self, texts: Mapping[str, str]) -> str:
        """Return an owner's words in the reader's language, else in another."""


class _English:
    """Reads files: no catalog is at hand."""

    def translate(self, msgid: str, params: Mapping[str, Any]) -> str:
        return msgid % params if params else msgid

    def pick(self, texts: Mapping[str, str]) -> str:
        return texts.get("en") or next(filter(None, texts.values()), "")


ENGLISH: Reader = _English()
NOTHING = Phrase(N_("nothing"))
YES = Phrase(N_("yes"))
NO = Phrase(N_("no"))


def say(thing: object, reader: Reader) -> str:
    """Return a phrase, words, a list of them or anything plain as the reader reads it."""
    if isinstance(thing, Phrase):
        params = {name: say(value, reader) for name, value in thing.params.items()}
        return reader.translate(thing.msgid, params)
    if isinstance(thing, Own):
        return reader.pick(thing.texts) or thing.otherwise
    if isinstance(thing, bool):
        return say(YES if thing else NO, reader)
    if isinstance(thing, list | tuple):
        return ", ".join(say(item, reader) for item in thing) or say(NOTHING, reader)
    return "" if thing is None else str(thing)
