"""A question as a page draws it, and the sheet of what is known while a form is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.models import pick
from app.services.form import Raw


@dataclass(frozen=True)
class Answer:
    """One answer to choose."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question; ``kind`` says how it is drawn, ``parts`` are questions inside it."""

    name: str
    kind: str
    label: str
    value: str = ""
    help: str = ""
    note: str = ""
    placeholder: str = ""
    required: bool = False
    error: str = ""
    input_type: str = "text"
    input_mode: str = ""
    autocomplete: str = ""
    min: str = ""
    max: int = 0
    answers: Sequence[Answer] = ()
    parts: Sequence["Question"] = ()
    when: str = ""  # JSON for the script: on which answers before it the question is shown


@dataclass(frozen=True)
class Sheet:
    """What is known while a form is drawn: what was typed, what is wrong, for whom and when."""

    language: str
    today: date
    raw: Raw = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def typed(self, name: str, default: str = "") -> str:
        """Return what was typed into a field, ``default`` when it was not on the page."""
        value = self.raw.get(name, default)
        return value if isinstance(value, str) else (value or [""])[-1]

    def text(self, words: Mapping[str, str] | None, default: str = "") -> str:
        """Return the owner's words in the reader's language, ours where there are none."""
        return pick(dict(words), self.language) if words else default

    def ask(self, name: str, kind: str, label: str, **rest: Any) -> Question:
        """Return a question holding what was typed and what is wrong."""
        rest.setdefault("value", self.typed(name))
        return Question(name, kind, label, error=self.errors.get(name, ""), **rest)
