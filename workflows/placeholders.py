"""Placeholders in messages: ``{{customer.first_name}}``, from an allow-list, filled in once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from workflows.vocabulary import ALSO_SAID, SUBJECTS, subject_facts

# With what joins it to the words before.
_PLACEHOLDER = re.compile(r"([,:;]? ?)\{\{\s*([^{}]*?)\s*\}\}")
# What a template language would read; our messages have none.
_STRANGE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#")
_WELL_FORMED = re.compile(r"\{\{\s*[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*\s*\}\}")
_NOT_SAID = frozenset({"now", "actor.role", "actor.kind", "actor.language", "company.slug"})


class UnknownPlaceholder(ValueError):
    """The text names something no message may say."""


@lru_cache(maxsize=8192)
def names_in(text: str) -> tuple[str, ...]:
    """Return the names a text uses, in order; odd ones too, so that they can be refused."""
    return tuple(match[2] for match in _PLACEHOLDER.finditer(text))


@lru_cache(maxsize=8192)
def is_strange(text: str) -> bool:
    """Return True when braces stand there that are no placeholder."""
    return _STRANGE.search(_WELL_FORMED.sub("", text)) is not None


def faults(text: str, known: frozenset[str]) -> list[str]:
    """Return the names in a text that are not ``known``; a blank one for stray braces."""
    if is_strange(text):
        return [""]
    return [name for name in names_in(text) if name not in known]


def allowed(subject: str) -> frozenset[str]:
    """Return what a message on that subject may say, without ``input.*`` and ``action.*``."""
    own = set(subject_facts(subject))
    for other in ALSO_SAID[subject]:
        own.update(SUBJECTS[other])
    return frozenset(own - _NOT_SAID) | links(subject, "portal") | links(subject, "admin")


@lru_cache(maxsize=64)
def links(subject: str, side: Literal["portal", "admin"]) -> frozenset[str]:
    """Return the links a message on that subject may hold, into the portal or the admin."""
    nouns = (subject, *ALSO_SAID[subject])
    return frozenset({f"{side}.link", *(f"{side}.{noun}_link" for noun in nouns)})


def render(text: str, values: Mapping[str, str | None]) -> str:
    """Return the text with its placeholders filled in, one pass: values are never read again.

    A blank value takes along what joins it: the space, the comma or the colon before it. One that
    comes right after is then joined in its stead, so «Contact: {{a}}, {{b}}» never begins with a
    comma. Raises UnknownPlaceholder for a name that ``values`` does not have.
    """
    owed: tuple[int, str] | None = None  # where a blank one ended, and what would have joined it

    def filled(match: re.Match[str]) -> str:
        nonlocal owed
        joint = owed[1] if owed and owed[0] == match.start() else match[1]
        try:
            value = values[match[2]]
        except KeyError:
            raise UnknownPlaceholder(match[2]) from None
        owed = None if value else (match.end(), joint)
        return joint + value if value else ""

    return _PLACEHOLDER.sub(filled, text)
