"""Writing changed data back into the YAML it came from: comments, order and quotes stay."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from workflows.document import write_data
from workflows.yaml_tree import YamlRefused, build_tree

# By which of its keys a thing in a list is known again.
_IDENTITIES = ("name", "field", "trigger", "value")
_SHORT = 96
_WIDE = 4096  # never broken anew: a long line stays as its writer left it


def rewrite(text: str, data: Mapping[str, Any]) -> str:
    """Return ``text`` with its data changed to ``data``.

    Falls back to writing the data anew where the old text can't be kept: never loses a value.
    """
    if _holds(text, data):
        return text
    yaml = _round_trip(text)
    try:
        tree = yaml.load(text)
    except (YAMLError, ValueError):
        return write_data(data)
    if not isinstance(tree, CommentedMap):
        return write_data(data)
    _merge_map(tree, data)
    out = StringIO()
    yaml.dump(tree, out)
    changed = out.getvalue()
    return changed if _holds(changed, data) else write_data(data)


def _holds(text: str, data: Mapping[str, Any]) -> bool:
    try:
        found, _ = build_tree(text)
    except YamlRefused:
        return False
    return bool(found == data)


def _round_trip(text: str) -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    yaml.allow_unicode = True
    dash = re.search(r"^[a-z_]+:[^\n]*\n( *)- ", text, re.MULTILINE)
    if dash is not None and dash[1]:  # the writer's lists stand to the right of their keys
        yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _merge_map(old: CommentedMap, new: Mapping[str, Any]) -> None:
    for key in [key for key in old if key not in new]:
        del old[key]
    for key, value in new.items():
        old[key] = _merged(old.get(key), value)


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, CommentedMap) and isinstance(new, Mapping):
        _merge_map(old, new)
        return old
    if isinstance(old, CommentedSeq) and isinstance(new, Sequence) and not isinstance(new, str):
        return _merged_list(old, new)
    # A scalar that says the same keeps its quotes.
    return old if type(new) is type(_plain(old)) and old == new else _fresh(new)


def _plain(value: Any) -> Any:
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _merged_list(old: CommentedSeq, new: Sequence[Any]) -> CommentedSeq:
    """Match items by their name, wherever they went; comments go with them."""
    waiting = [(_identity(item), number, item) for number, item in enumerate(old)]
    items, sources = [], []
    for value in new:
        found = _take(waiting, _identity(value))
        sources.append(found[1] if found else None)
        items.append(_merged(found[2], value) if found else _fresh(value))
    if sources == list(range(len(old))):  # nothing came, went or moved
        for number, item in enumerate(items):
            old[number] = item
        return old
    fresh = CommentedSeq(items)
    fresh.fa._flow_style = old.fa.flow_style()  # noqa: SLF001 - there is no public copy of it
    kept = {source: number for number, source in enumerate(sources) if source is not None}
    for source, comment in old.ca.items.items():
        if source in kept:
            fresh.ca.items[kept[source]] = comment
    fresh.ca.comment, fresh.ca.end = old.ca.comment, old.ca.end
    return fresh


def _take(waiting: list[tuple[Any, int, Any]], identity: Any) -> tuple[Any, int, Any] | None:
    for number, one in enumerate(waiting):
        if one[0] == identity:
            return waiting.pop(number)
    return None


def _identity(item: Any) -> Any:
    if isinstance(item, Mapping):
        known = next((item[key] for key in _IDENTITIES if isinstance(item.get(key), str)), None)
        return (str(known), str(item.get("dest", ""))) if known else tuple(map(str, item))
    return str(item)


def _fresh(value: Any) -> Any:
    """Return new data; what is short and flat stands in one line."""
    if isinstance(value, Mapping):
        made = CommentedMap((key, _fresh(item)) for key, item in value.items())
        if _is_flat(value.values()) and len(str(value)) <= _SHORT:
            made.fa.set_flow_style()
        return made
    if isinstance(value, list | tuple):
        items = CommentedSeq(_fresh(item) for item in value)
        if _is_flat(value) and len(str(value)) <= _SHORT:
            items.fa.set_flow_style()
        return items
    return value


def _is_flat(items: Any) -> bool:
    return all(not isinstance(item, Mapping | list | tuple) for item in items)
