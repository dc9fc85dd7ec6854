"""What the forms over a definition's document share: names, states, order, first words."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from app.errors import N_, Conflict, NotFound
from app.services.form import Raw
from workflows.schema.base import RESERVED_NAMES

Data = dict[str, Any]
FIRST_MAIL: Final = {
    "en": (
        "News about your request {{request.number}}",
        "Hello {{customer.first_name}}, there is news about your request. {{portal.request_link}}",
    ),
    "es": (
        "Novedades sobre su solicitud {{request.number}}",
        "Hola, {{customer.first_name}}: hay novedades sobre su solicitud. {{portal.request_link}}",
    ),
    "de": (
        "Neues zu Ihrer Anfrage {{request.number}}",
        "Guten Tag {{customer.first_name}}, es gibt Neues dazu. {{portal.request_link}}",
    ),
}


def last(raw: Raw, name: str) -> str:
    """Return a field's last value, tidied; blank when it is not there."""
    value = raw.get(name, "")
    return (value if isinstance(value, str) else value[-1]).strip()


def new_name(text: str, taken: Iterable[str]) -> str:
    """Return a name made of somebody's words that nothing else has."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:32] or "step"
    base = base if base[0].isalpha() else f"step_{base}"
    used = {*taken, *RESERVED_NAMES}
    numbered = (base if number == 1 else f"{base}_{number}" for number in range(1, 1000))
    return next(name for name in numbered if name not in used)


def state_at(data: Data, name: str) -> Data:
    """Return a state of the document. Raises NotFound."""
    return _one(data["states"], lambda one: one["name"] == name)


def remove_state(data: Data, name: str) -> None:
    """Take a state out, with the steps that lead to it and the tests that end in it.

    Raises Conflict for the last one.
    """
    state_at(data, name)
    if len(data["states"]) == 1:
        raise Conflict(N_("A workflow needs a state."))
    data["states"] = [one for one in data["states"] if one["name"] != name]
    if data.get("initial") == name:
        data["initial"] = data["states"][0]["name"]
    for way in data.get("transitions", []):
        way["source"] = [source for source in sources(way) if source != name]
    data["transitions"] = [
        way for way in data.get("transitions", []) if way["source"] and way["dest"] != name
    ]
    for timer in data.get("timers", []):
        timer["while"] = [one for one in timer["while"] if one != name]
    put(data, "timers", [timer for timer in data.get("timers", []) if timer["while"]])
    put(data, "tests", [one for one in data.get("tests", []) if one["then"]["state"] != name])


def shift(items: list[Any], number: int, by: int) -> None:
    """Move one thing of a list up or down; at the end it stays."""
    if 0 <= number < len(items) and 0 <= number + by < len(items):
        items[number], items[number + by] = items[number + by], items[number]


def sources(way: Mapping[str, Any]) -> list[str]:
    """Return where a step may be taken from."""
    given = way["source"]
    return [given] if isinstance(given, str) else list(given)


def put(item: Data, key: str, value: Any) -> None:
    """Set a key, or take it out when there is nothing to say."""
    if value:
        item[key] = value
    else:
        item.pop(key, None)


def names_of(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of a document's parts."""
    return [str(one["name"]) for one in items]


def triggers(data: Data) -> list[str]:
    """Return the triggers of a document's steps."""
    return [str(one["trigger"]) for one in data.get("transitions", [])]


def place_of(items: list[Data], name: str) -> int:
    """Return where a part of that name stands. Raises NotFound."""
    return items.index(_one(items, lambda one: one["name"] == name))


def _one(items: list[Data], fits: Callable[[Data], bool]) -> Data:
    for item in items:
        if fits(item):
            return item
    raise NotFound("part of the workflow")
