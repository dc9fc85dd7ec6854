"""Placeholders in messages: ``{{customer.first_name}}``, from an allow-list, filled in once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from workflows.vocabulary import ALSO_SAID, SUBJECTS, subject_facts

_PLACEHOLDER = re.compile(r"( ?)\{\{\s*([^{}]*?)\s*\}\}")
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

    A blank value takes the space before it along. Raises UnknownPlaceholder for a name that
    ``values`` does not have.
    """

    def filled(match: re.Match[str]) -> str:
        try:
            value = values[match[2]]
        except KeyError:
            raise UnknownPlaceholder(match[2]) from None
        return match[1] + value if value else ""

    return _PLACEHOLDER.sub(filled, text)
