"""What is wrong with a definition, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.errors import N_

__all__ = ["N_", "Problem"]


@dataclass(frozen=True)
class Problem:
    """One finding of the verifier; ``line`` is 0 when the definition has no file."""

    rule: str
    path: str
    line: int
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Return the sentence in English; pages translate ``msgid`` and fill in ``params``."""
        return self.msgid % self.params

    @property
    def is_error(self) -> bool:
        """Return True when the finding blocks publishing."""
        return self.rule.startswith("E")

    def format(self, file: str) -> str:
        """Return the line that ``flask workflow check`` prints."""
        return f"{file}:{self.line} {self.rule} {self.sentence}"
