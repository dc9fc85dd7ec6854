"""YAML 1.2 without aliases, tags and duplicate keys, built from events with line numbers.

ruamel.yaml finds the events; the values are resolved here by the core schema, so that ``on``,
``no`` and ``12:30`` stay words. Nothing is ever constructed but text, numbers, lists, mappings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from workflows.problems import N_
from workflows.schema.base import MAX_DEPTH

Path = tuple[str | int, ...]
_INTEGER = re.compile(r"[-+]?\d{1,15}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.\d{1,15}|\d{1,15}(\.\d{0,15})?)([eE][-+]?\d{1,2})?", re.ASCII)
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class YamlRefused(Exception):
    """The text is not the YAML we read; carries rule, line and sentence."""

    def __init__(self, rule: str, line: int, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        self.rule, self.line, self.msgid, self.params = rule, line, msgid, params


@dataclass(frozen=True)
class Lines:
    """Where each path of a document stands."""

    known: Mapping[Path, int]

    def find(self, path: Path) -> int:
        """Return the line of a path, or of the nearest thing around it; 0 when there is none."""
        for length in range(len(path), -1, -1):
            line = self.known.get(path[:length])
            if line is not None:
                return line
        return 0


@dataclass
class _Open:
    """A list or mapping that is still being read."""

    value: Any
    path: Path
    key: str | None = None


@dataclass
class _Builder:
    """Builds one document from events."""

    lines: dict[Path, int] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    root: Any = None
    documents: int = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise YamlRefused(
                "E31", line, N_("Anchors and aliases (&, *) are not read; write it out.")
            )
        if isinstance(event, DocumentStartEvent):
            self._one_document(line)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._open(event, line)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self.stack.pop()
        elif isinstance(event, ScalarEvent):
            self._scalar(event, line)

    def _one_document(self, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            raise YamlRefused("E31", line, N_("Put one definition in a file; remove the '---'."))

    def _open(self, event: Any, line: int) -> None:
        _refuse_tag(event, line)
        if len(self.stack) >= MAX_DEPTH:
            raise YamlRefused("E31", line, N_("The document is nested too deeply; flatten it."))
        self._refuse_as_key(line)
        value: Any = {} if isinstance(event, MappingStartEvent) else []
        self.stack.append(_Open(value, self._place(value, line)))

    def _scalar(self, event: Any, line: int) -> None:
        _refuse_tag(event, line)
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self._key(event.value, line)
            return
        plain = event.style is None
        self._place(_resolved(event.value) if plain else event.value, line)

    def _key(self, key: str, line: int) -> None:
        top = self.stack[-1]
        if key in top.value:
            raise YamlRefused(
                "E31", line, N_("'%(key)s' stands twice here; keep one."), key=key[:60]
            )
        top.key = key
        self.lines[(*top.path, key)] = line

    def _place(self, value: Any, line: int) -> Path:
        """Put a value where it belongs and return its path."""
        if not self.stack:
            self.root = value
            self.lines[()] = line
            return ()
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            path: Path = (*top.path, len(top.value) - 1)
            self.lines[path] = line
            return path
        key, top.key = str(top.key), None  # _refuse_as_key saw to it that there is one
        top.value[key] = value
        return (*top.path, key)

    def _refuse_as_key(self, line: int) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            raise YamlRefused("E31", line, N_("A key must be a plain word."))


def build_tree(text: str) -> tuple[Any, Lines]:
    """Return the document's plain data and its lines. Raises YamlRefused."""
    builder = _Builder()
    yaml = YAML(typ="safe", pure=True)
    try:
        for event in yaml.parse(text):
            builder.take(event)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "not YAML"
        line = mark.line + 1 if mark is not None else 1
        raise YamlRefused(
            "E31", line, N_("This is not valid YAML: %(said)s."), said=str(said)[:200]
        ) from error
    return builder.root, Lines(builder.lines)


def _refuse_tag(event: Any, line: int) -> None:
    if event.tag is not None and event.tag != "!":
        raise YamlRefused("E31", line, N_("Tags such as !!python are not read; remove it."))


def _resolved(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
