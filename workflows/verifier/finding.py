"""One finding, before it is known in which file and line it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

Path = tuple[str | int, ...]


class Finding(NamedTuple):
    """A rule, a path in the document, and a sentence with its parameters."""

    rule: str
    path: Path
    msgid: str
    params: dict[str, object]


Findings = Iterator[Finding]


def found(rule: str, path: Path, msgid: str, **params: object) -> Finding:
    """Return a finding; ``msgid`` says what to do about it."""
    return Finding(rule, path, msgid, params)
