"""Reading a definition from YAML or plain data, with the line of everything in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML

from workflows.problems import N_, Problem
from workflows.schema import Definition
from workflows.schema.base import MAX_BYTES, MAX_DEPTH
from workflows.schema.complaints import complaints
from workflows.yaml_tree import Lines, YamlRefused, build_tree

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A definition, or why there is none."""

    file: str
    definition: Definition | None
    problems: tuple[Problem, ...]
    lines: Lines

    def problem(self, rule: str, path: Path, msgid: str, **params: object) -> Problem:
        """Return a problem at a path of this document, with its line."""
        return Problem(rule, path_text(path), self.lines.find(path), msgid, params)


def path_text(path: Path) -> str:
    """Return a path as people read it: ``transitions.3.fields.0``."""
    return ".".join(str(part) for part in path)


def read(text: str | bytes, file: str = "definition") -> Document:
    """Read YAML 1.2. Never raises: whatever is wrong is in ``problems``."""
    if len(text) > MAX_BYTES or _byte_length(text) > MAX_BYTES:
        return _refused(file, "E30", 0, N_("The file is larger than 64 KB; shorten it."))
    try:
        data, lines = build_tree(_decoded(text))
    except YamlRefused as refusal:
        return _refused(file, refusal.rule, refusal.line, refusal.msgid, **refusal.params)
    return _checked(data, lines, file)


def read_data(data: Any, file: str = "definition") -> Document:
    """Read plain data (a row's JSON). Never raises: whatever is wrong is in ``problems``."""
    if _depth_exceeds(data, MAX_DEPTH):
        return _refused(file, "E30", 0, N_("The document is nested too deeply; flatten it."))
    try:
        size = len(json.dumps(data, ensure_ascii=False).encode())
    except (TypeError, ValueError):
        return _refused(file, "E30", 0, N_("The document holds something that is not JSON."))
    if size > MAX_BYTES * 2:  # JSON repeats quotes and brackets that YAML leaves out
        return _refused(file, "E30", 0, N_("The document is too large; shorten it."))
    return _checked(data, Lines({}), file)


def write(definition: Definition) -> str:
    """Return a definition as YAML that ``read`` reads back to an equal one."""
    return write_data(definition.as_data())


def write_data(data: Mapping[str, Any]) -> str:
    """Return plain data as YAML, whatever it holds."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # its stub is wrong
    yaml.width = 4096  # a form changes one line of it then, not the breaks of its neighbours
    out = StringIO()
    yaml.dump(dict(data), out)
    return out.getvalue()


def _checked(data: Any, lines: Lines, file: str) -> Document:
    if not isinstance(data, Mapping):
        return _refused(file, "E30", 1, N_("Start the document with 'schema: 1'."))
    try:
        definition = Definition.model_validate(data)
    except ValidationError as error:
        found = tuple(
            Problem("E30", path_text(path), lines.find(path), msgid, params)
            for path, msgid, params in complaints(error, data)
        )
        return Document(file, None, found, lines)
    return Document(file, definition, (), lines)


def _refused(file: str, rule: str, line: int, msgid: str, **params: object) -> Document:
    return Document(file, None, (Problem(rule, "", line, msgid, params),), Lines({}))


def _byte_length(text: str | bytes) -> int:
    return len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "replace"))


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlRefused("E31", 1, N_("Save the file as UTF-8.")) from error


def _depth_exceeds(data: Any, limit: int) -> bool:
    """Walk level by level, so that a hostile depth can't exhaust the stack."""
    level: list[Any] = [data]
    for _ in range(limit):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(item: Any) -> list[Any]:
    if isinstance(item, Mapping):
        return list(item.values())
    return list(item) if isinstance(item, (list, tuple)) else []
