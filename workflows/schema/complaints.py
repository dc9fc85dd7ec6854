"""Plain sentences for what pydantic finds wrong with a document."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from workflows.problems import N_

Path = tuple[str | int, ...]

_SENTENCES = {
    "missing": N_("'%(name)s' is missing; add it."),
    "string_pattern_mismatch": N_(
        "'%(given)s' is not a name; use small letters, digits and _, beginning with a letter."
    ),
    "string_type": N_("Write a text for '%(name)s'."),
    "bool_type": N_("Write true or false for '%(name)s'."),
    "int_type": N_("Write a whole number for '%(name)s'."),
    "dict_type": N_("Write key: value pairs under '%(name)s'."),
    "tuple_type": N_("Write a list under '%(name)s'."),
    "model_type": N_("Write key: value pairs under '%(name)s'."),
    "too_short": N_("'%(name)s' must not be empty."),
    "too_long": N_("'%(name)s' has too many entries; the limit is %(limit)s."),
    "string_too_long": N_("'%(name)s' is too long; the limit is %(limit)s letters."),
    "string_too_short": N_("'%(name)s' must not be empty."),
    "literal_error": N_("'%(name)s' must be one of: %(expected)s."),
    "union_tag_invalid": N_(
        "'%(given)s' is no field the request form has; use one of: %(expected)s."
    ),
}
_UNKNOWN_KEY = N_("Unknown key '%(name)s'; remove it or correct its spelling.")
_MISSPELT_KEY = N_("Unknown key '%(name)s'; did you mean '%(guess)s'?")
_OTHER = N_("'%(name)s': %(said)s.")


_KNOWN_KEYS = (
    "schema", "workflow", "title", "subject", "languages", "initial", "roles", "request_form",
    "submit", "states", "timers", "transitions", "messages", "tests", "name", "label",
    "customer_label", "waiting_on", "final", "outcome", "after", "clock", "effects", "fire",
    "while", "since", "trigger", "source", "dest", "form", "fields", "conditions", "validators",
    "confirm", "required", "min_length", "max_length", "visible_to_customer", "suggestions",
    "type", "choices", "options", "sources", "mode", "max", "day_part", "allow", "silent", "bulk",
    "style", "when_opened", "undo", "message", "given", "when", "then", "kind",
)  # fmt: skip


def complaints(
    error: ValidationError, data: Mapping[str, Any]
) -> Iterator[tuple[Path, str, dict[str, object]]]:
    """Yield path, sentence and its parameters for each finding, at most 50."""
    for detail in error.errors(include_url=False, include_context=True)[:50]:
        path = _path_in(data, detail["loc"])
        name = detail["loc"][-1] if detail["loc"] else "document"
        yield (path, *_sentence(detail, str(name)))


def _sentence(detail: ErrorDetails, name: str) -> tuple[str, dict[str, object]]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(name)
    if kind in _SENTENCES:
        params: dict[str, object] = {
            "name": name,
            "given": _short(context.get("tag", detail["input"])),
            "limit": context.get("max_length", ""),
            "expected": context.get("expected", context.get("expected_tags", "")),
        }
        return _SENTENCES[kind], params
    said = detail["msg"].removeprefix("Value error, ").rstrip(".")
    return _OTHER, {"name": name, "said": said[:200]}


def _unknown_key(name: str) -> tuple[str, dict[str, object]]:
    close = difflib.get_close_matches(name, _KNOWN_KEYS, n=1, cutoff=0.75)
    if close:
        return _MISSPELT_KEY, {"name": _short(name), "guess": close[0]}
    return _UNKNOWN_KEY, {"name": _short(name)}


def _path_in(data: object, loc: Sequence[str | int]) -> Path:
    """Keep what is really a place in the document: pydantic adds the names of union members."""
    path: list[str | int] = []
    here: Any = data
    for part in loc:
        if not _holds(here, part):
            continue
        here = here[part]
        path.append(part)
    return tuple(path)


def _holds(here: Any, part: str | int) -> bool:
    if isinstance(here, Mapping):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _short(value: object) -> str:
    return str(value)[:60]
