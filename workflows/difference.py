"""What changed between two definitions, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.problems import N_
from workflows.schema import Definition


@dataclass(frozen=True)
class Change:
    """One difference: a sentence and its parameters."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Return the sentence in English."""
        return self.msgid % self.params


_ADDED = N_("Added %(what)s.")
_REMOVED = N_("Removed %(what)s.")
_CHANGED = N_("%(what)s: %(part)s is now %(after)s (was %(before)s).")
_MOVED = N_("The order of %(what)s changed.")
_NOTHING = N_("nothing")


def differences(before: Definition, after: Definition) -> list[Change]:
    """Return what a reader of both would notice, in the document's order; empty when equal."""
    old, new = before.as_data(), after.as_data()
    changes = list(_plain(old, new))
    changes += _named("state", "name", old, new, "states")
    changes += _transitions(old, new)
    changes += _named("timer", "name", old, new, "timers")
    changes += _questions(old, new)
    changes += _mapped("role", old.get("roles", {}), new.get("roles", {}))
    changes += _mapped("message", old.get("messages", {}), new.get("messages", {}))
    changes += _named("test", "name", old, new, "tests")
    return changes


def _plain(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for part in ("workflow", "title", "subject", "languages", "initial", "submit"):
        yield from _parts("definition", old.get(part), new.get(part), part)


def _named(
    what: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any], part: str
) -> list[Change]:
    return _listed(
        what,
        {str(item[key]): item for item in old.get(part, [])},
        {str(item[key]): item for item in new.get(part, [])},
    )


def _transitions(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    return _listed("transition", _by_move(old), _by_move(new))


def _by_move(data: Mapping[str, Any]) -> dict[str, Any]:
    """Name each transition by its trigger and destination; a number tells equal ones apart."""
    found: dict[str, Any] = {}
    for item in data.get("transitions", []):
        name = f"{item['trigger']} to {item['dest']}"
        count = sum(1 for known in found if known.startswith(name))
        found[f"{name} ({count + 1})" if count else name] = item
    return found


def _questions(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    def by_name(data: Mapping[str, Any]) -> dict[str, Any]:
        items = data.get("request_form", [])
        return {str(item.get("field", item.get("name"))): item for item in items}

    return _listed("question", by_name(old), by_name(new))


def _mapped(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    return [change for change in _listed(what, old, new) if change.msgid != _MOVED]


def _listed(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    changes = [Change(_REMOVED, {"what": f"{what} {name}"}) for name in old if name not in new]
    for name, item in new.items():
        if name not in old:
            changes.append(Change(_ADDED, {"what": f"{what} {name}"}))
        elif item != old[name]:
            changes.extend(_parts(f"{what} {name}", old[name], item))
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        changes.append(Change(_MOVED, {"what": f"{what}s"}))
    return changes


def _parts(what: str, old: Any, new: Any, path: str = "") -> Iterator[Change]:
    """Descend into mappings of equal shape, so that one changed word is one sentence."""
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            below = f"{path}.{key}" if path else str(key)
            yield from _parts(what, old.get(key), new.get(key), below)
        return
    params = {"what": what, "part": path or "it", "before": _said(old), "after": _said(new)}
    yield Change(_CHANGED, params)


def _said(value: Any) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return f"“{value}”" if " " in value or not value else value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_said(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence):
        return ", ".join(_said(item) for item in value) or _NOTHING
    return str(value)
