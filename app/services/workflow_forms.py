"""Changes to a definition's document that owners make by form: states, steps, fields, messages."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from app.errors import N_, Conflict, Invalid, NotFound
from app.services.form import Raw
from workflows.schema.base import RESERVED_NAMES

Data = dict[str, Any]
ENDS: Final = ("", "won", "lost", "closed")
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
_GO_ON: Final = {"en": "Go on", "es": "Continuar", "de": "Weiter"}


def last(raw: Raw, name: str) -> str:
    """Return a field's last value, tidied; blank when it is not there."""
    value = raw.get(name, "")
    return (value if isinstance(value, str) else value[-1]).strip()


def every(raw: Raw, name: str) -> list[str]:
    """Return all values of a field that may come several times."""
    value = raw.get(name, [])
    return [value] if isinstance(value, str) else list(value)


def words(raw: Raw, name: str, languages: Iterable[str]) -> dict[str, str]:
    """Return a text by language from ``name_en``, ``name_de``; blank ones are left out."""
    said = {code: last(raw, f"{name}_{code}") for code in languages}
    return {code: text for code, text in said.items() if text}


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


def put_state(data: Data, raw: Raw, name: str | None = None) -> str:
    """Change a state, or add one before the first final state; return its name.

    Raises Invalid when it has no name in any language, NotFound.
    """
    label = required(raw, "label", data)
    if name is None:
        name = new_name(next(iter(label.values())), _names(data["states"]))
        data["states"].insert(_first_final(data), {"name": name})
    state = state_at(data, name)
    state["label"] = label
    state["customer_label"] = words(raw, "customer_label", data["languages"]) or dict(label)
    ends = last(raw, "ends")
    put(state, "waiting_on", None if ends else last(raw, "waiting_on") or None)
    put(state, "final", bool(ends) or None)
    put(state, "outcome", ends if ends in ("won", "lost") else None)
    dropped = set(every(raw, "drop_timer"))
    kept = [timer for timer in state.get("timers", []) if timer["name"] not in dropped]
    put(state, "timers", [] if ends else kept + _reminder(data, raw, state))
    return name


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


def insert_step(data: Data, raw: Raw) -> str:
    """Add a state between two others, with the button that leads there; return its name.

    The ways on from where it stands after lead on from it too: to the next state and to an end
    against. Raises Invalid, NotFound.
    """
    before, after = last(raw, "from"), last(raw, "to")
    state_at(data, before)
    state_at(data, after)
    button = words(raw, "step", data["languages"]) or required(raw, "label", data)
    name = put_state(data, raw)
    here = data["states"].pop(_number(data["states"], name))
    data["states"].insert(_number(data["states"], before) + 1, here)
    ways = data.setdefault("transitions", [])
    on = [way for way in ways if before in sources(way) and way["dest"] == after]
    out = [way for way in ways if before in sources(way) and _is_lost(data, way["dest"])]
    staff = _staff(data)
    roles = next((list(way["roles"]) for way in on if {*way["roles"]} & {*staff}), staff)
    for way in {id(way): way for way in (*on, *out)}.values():
        way["source"] = [*sources(way), name]
    trigger = new_name(next(iter(button.values())), triggers(data))
    lead: Data = {
        "trigger": trigger,
        "label": button,
        "source": [before],
        "dest": name,
        "roles": roles,
    }
    ways.append(lead)
    if not on:
        ways.append(_way_on(data, name, after, roles))
    for timer in data.get("timers", []):
        if before in timer["while"]:
            timer["while"] = [*timer["while"], name]
    if words(raw, "field", data["languages"]):
        lead["fields"] = [field(raw, "field", data["languages"], [])]
    _attach_mail(data, raw, lead, name)
    return name


def _reminder(data: Data, raw: Raw, state: Data) -> list[Data]:
    hours, message = last(raw, "remind_hours"), last(raw, "remind_message")
    if not hours:
        return []
    if not hours.isdecimal() or not 0 < int(hours) <= 9999:
        raise Invalid({"remind_hours": N_("Write a number of hours.")})
    if message not in data.get("messages", {}):
        raise Invalid({"remind_message": N_("Choose what is sent.")})
    to = "customer" if state.get("waiting_on") == "customer" else "dispatchers"
    name = new_name(f"remind {state['name']}", _timer_names(data))
    sent = {"send_message": {"message": message, "to": to}}
    return [{"name": name, "after": f"PT{int(hours)}H", "effects": [sent]}]


def field(raw: Raw, name: str, languages: Iterable[str], taken: Iterable[str]) -> Data:
    """Return the field a form describes under ``name_label…``."""
    label = words(raw, name, languages)
    made: Data = {
        "name": new_name(next(iter(label.values())), taken),
        "type": last(raw, f"{name}_type") or "text",
        "label": label,
    }
    put(made, "required", last(raw, f"{name}_required") == "1")
    put(made, "visible_to_customer", last(raw, f"{name}_visible") == "1")
    if made["type"] == "choice":
        made["choices"] = _choices(last(raw, f"{name}_choices"), languages)
    return made


def _choices(text: str, languages: Iterable[str]) -> list[Data]:
    found: list[Data] = []
    for line in filter(None, map(str.strip, text.split(";"))):
        value = new_name(line, [one["value"] for one in found])
        found.append({"value": value, "label": dict.fromkeys(languages, line)})
    return found


def _attach_mail(data: Data, raw: Raw, way: Data, name: str) -> None:
    subjects = words(raw, "mail_subject", data["languages"])
    bodies = words(raw, "mail_body", data["languages"])
    if last(raw, "mail") != "1" or not subjects:
        put(way, "silent", last(raw, "mail") == "0")
        return
    key = f"own.{new_name(name, [one.rpartition('.')[2] for one in data.get('messages', {})])}"
    said = {
        code: {"subject": subjects[code], "body": bodies[code]}
        for code in subjects
        if code in bodies
    }
    data.setdefault("messages", {})[key] = {"email": said}
    way["effects"] = [{"send_message": {"message": key, "to": "customer"}}]


def _way_on(data: Data, name: str, after: str, roles: list[str]) -> Data:
    label = {code: _GO_ON.get(code, _GO_ON["en"]) for code in data["languages"]}
    trigger = new_name(f"{name} go on", triggers(data))
    return {"trigger": trigger, "label": label, "source": [name], "dest": after, "roles": roles}


def required(raw: Raw, name: str, data: Data) -> dict[str, str]:
    """Return a text by language that must be there in one. Raises Invalid."""
    said = words(raw, name, data["languages"])
    if not said:
        raise Invalid({f"{name}_{data['languages'][0]}": N_("Please fill this in.")})
    return said


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


def _one(items: list[Data], fits: Callable[[Data], bool]) -> Data:
    for item in items:
        if fits(item):
            return item
    raise NotFound("part of the workflow")


def _number(states: list[Data], name: str) -> int:
    return next(number for number, one in enumerate(states) if one["name"] == name)


def _first_final(data: Data) -> int:
    found = (number for number, one in enumerate(data["states"]) if one.get("final"))
    return next(found, len(data["states"]))


def _is_lost(data: Data, name: str) -> bool:
    return any(one["name"] == name and one.get("outcome") == "lost" for one in data["states"])


def _staff(data: Data) -> list[str]:
    return [name for name, role in data["roles"].items() if role["kind"] == "staff"]


def _names(items: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(one["name"]) for one in items]


def triggers(data: Data) -> list[str]:
    """Return the triggers of a document's steps."""
    return [str(one["trigger"]) for one in data.get("transitions", [])]


def _timer_names(data: Data) -> list[str]:
    inside = (timer for state in data["states"] for timer in state.get("timers", []))
    return _names([*inside, *data.get("timers", [])])
