"""Placeholders in messages: ``{{customer.first_name}}``, from an allow-list, filled in once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workflows.vocabulary import ALSO_SAID, SUBJECTS, subject_facts

_PLACEHOLDER = re.compile(r"( ?)\{\{\s*([^{}]*?)\s*\}\}")
LINKS_FOR_CUSTOMERS = frozenset({"portal.link", "portal.request_link", "portal.record_link"})
LINKS_FOR_STAFF = frozenset({"admin.request_link", "admin.record_link", "admin.link"})
_NOT_SAID = frozenset({"now", "actor.role", "actor.kind", "actor.language", "company.slug"})


class UnknownPlaceholder(ValueError):
    """The text names something no message may say."""


def names_in(text: str) -> list[str]:
    """Return the names a text uses, in order; odd ones too, so that they can be refused."""
    return [match[2] for match in _PLACEHOLDER.finditer(text)]


def allowed(subject: str) -> frozenset[str]:
    """Return what a message on that subject may say, without ``input.*`` and ``action.*``."""
    own = set(subject_facts(subject))
    for other in ALSO_SAID[subject]:
        own.update(SUBJECTS[other])
    return frozenset(own - _NOT_SAID) | LINKS_FOR_CUSTOMERS | LINKS_FOR_STAFF


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
