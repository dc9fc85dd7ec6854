"""A state between two others in one go: its button, its question, its mail, the ways on."""

from __future__ import annotations

from typing import Any, Final

from app.services.workflow_fields import Around, write_field
from app.services.workflow_forms import (
    FIRST_MAIL,
    Data,
    new_name,
    place_of,
    put,
    sources,
    state_at,
    triggers,
)
from app.services.workflow_states import write_state
from app.services.workflow_tree import Pen, Tree, is_on, part, text, words

_GO_ON: Final = {"en": "Go on", "es": "Continuar", "de": "Weiter"}


def blank(languages: list[str]) -> Tree:
    """Return the form as it is first shown: with a mail, and words to begin with."""
    mail: Tree = {"send": "1", "subject": {}, "body": {}}
    for code in languages:
        mail["subject"][code], mail["body"][code] = FIRST_MAIL.get(code, ("", ""))
    return {"mail": mail, "field": {"required": "1"}, "waiting_on": "dispatcher"}


def insert_step(pen: Pen, tree: Tree, zone: str) -> str:
    """Add a state between two others, with the button that leads there; return its name.

    The ways on from where it stands after lead on from it too: to the next state and to an end
    against. Raises NotFound.
    """
    data = pen.data
    before, after = text(tree, "comes_after"), text(tree, "leads_to")
    state_at(data, before)
    state_at(data, after)
    name = write_state(pen, tree, {})
    here = data["states"].pop(place_of(data["states"], name))
    data["states"].insert(place_of(data["states"], before) + 1, here)
    button = words(tree, "step", pen.languages) or dict(here["label"])
    roles = _open_ways_on(data, before, after, name)
    lead: Data = {
        "trigger": new_name(next(iter(button.values()), "step"), triggers(data)),
        "label": button,
        "source": [before],
        "dest": name,
        "roles": roles,
    }
    data["transitions"].append(lead)
    _go_on(data, name, after, roles)
    for timer in data.get("timers", []):
        if before in timer["while"]:
            timer["while"] = [*timer["while"], name]
    asked = part(tree, "field")
    if words(asked, "label", pen.languages):
        found = write_field(pen, asked, "field", None, Around({}, zone))
        put(lead, "fields", [found] if found else None)
    _attach_mail(pen, part(tree, "mail"), lead, name)
    return name


def _open_ways_on(data: Data, before: str, after: str, name: str) -> list[str]:
    """Let what leads on lead on from here too; return who takes the step that leads there."""
    ways = data.setdefault("transitions", [])
    on = [way for way in ways if before in sources(way) and way["dest"] == after]
    out = [way for way in ways if before in sources(way) and _is_lost(data, way["dest"])]
    staff = [role for role, said in data["roles"].items() if said["kind"] == "staff"]
    for way in {id(way): way for way in (*on, *out)}.values():
        way["source"] = [*sources(way), name]
    return next((list(way["roles"]) for way in on if {*way["roles"]} & {*staff}), staff)


def _go_on(data: Data, name: str, after: str, roles: list[str]) -> None:
    """Add a way on when none was there to lead on from here."""
    ways = data["transitions"]
    if any(name in sources(way) and way["dest"] == after for way in ways):
        return
    label = {code: _GO_ON.get(code, _GO_ON["en"]) for code in data["languages"]}
    trigger = new_name(f"{name} go on", triggers(data))
    way: dict[str, Any] = {"trigger": trigger, "label": label, "source": [name], "dest": after}
    ways.append({**way, "roles": roles})


def _attach_mail(pen: Pen, tree: Tree, way: Data, name: str) -> None:
    subjects = words(tree, "subject", pen.languages)
    bodies = words(tree, "body", pen.languages)
    if not is_on(tree, "send") or not subjects:
        put(way, "silent", not is_on(tree, "send"))
        return
    messages = pen.data.setdefault("messages", {})
    key = f"own.{new_name(name, [one.rpartition('.')[2] for one in messages])}"
    said = {
        code: {"subject": subjects[code], "body": bodies[code]}
        for code in subjects
        if code in bodies
    }
    messages[key] = {"email": said}
    way["effects"] = [{"send_message": {"message": key, "to": "customer"}}]


def _is_lost(data: Data, name: str) -> bool:
    return any(one["name"] == name and one.get("outcome") == "lost" for one in data["states"])
