"""Reminders and deadlines by form: in a state, or over several from the submission on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.errors import N_
from app.services.workflow_effects import Offer, put_effects, uses
from app.services.workflow_forms import new_name, put
from app.services.workflow_tree import Pen, Tree, items, many, part, text
from workflows.durations import parse_duration

Data = dict[str, Any]
UNITS: Final[Mapping[str, str]] = {
    "hours": N_("hours"),
    "days": N_("days"),
    "weeks": N_("weeks"),
    "minutes": N_("minutes"),
    "seconds": N_("seconds"),
}
_WRITTEN: Final = {
    "hours": "PT{}H", "days": "P{}D", "weeks": "P{}W", "minutes": "PT{}M", "seconds": "PT{}S",
}  # fmt: skip
_SECONDS: Final = (("weeks", 604_800), ("days", 86_400))
_SMALL: Final = (("hours", 3_600), ("minutes", 60), ("seconds", 1))


def duration_tree(length: str | None) -> Tree:
    """Return a duration as a number and its unit."""
    if not length:
        return {}
    known = parse_duration(length)
    whole = known.approximate_s
    # «7 days» stays so: only what was written in weeks is shown in weeks.
    units = _SMALL if known.days == 0 else (*_SECONDS[0 if "W" in length else 1 :], *_SMALL)
    unit, size = next(each for each in units if whole % each[1] == 0)
    return {"count": str(whole // size), "unit": unit, "was": length}


def write_duration(pen: Pen, tree: Tree, path: str, *, required: bool = False) -> str | None:
    """Return a duration a form describes, None for a blank one."""
    count, unit = text(tree, "count"), text(tree, "unit")
    if not count and not required:
        return None
    if not (count.isascii() and count.isdecimal() and 0 < int(count) <= 9999):
        pen.complain(f"{path}.count", N_("Write a whole number above nought."))
        return None
    written = _WRITTEN.get(unit, _WRITTEN["hours"]).format(int(count))
    was = text(tree, "was")
    return was if _is_same(was, written) else written


def _is_same(was: str, written: str) -> bool:
    try:
        return parse_duration(was) == parse_duration(written)
    except ValueError:
        return False


def timer_tree(rule: Mapping[str, Any]) -> Tree:
    """Return a timer of a document as the form shows it."""
    return {
        "name": rule["name"],
        "after": duration_tree(rule["after"]),
        "clock": rule.get("clock", "wall"),
        "does": "fire" if rule.get("fire") else "effects",
        "fire": rule.get("fire", ""),
        "repeat": duration_tree(rule.get("repeat")),
        "times": str(rule.get("times", "")) if rule.get("repeat") else "",
        "states": list(rule.get("while", [])),
        "effects": uses(rule),
    }


def write_timers(
    pen: Pen, tree: Tree, known: Mapping[str, Offer], *, over_states: bool = False
) -> list[Data]:
    """Return the timers a form describes, each under the name it had."""
    found = []
    taken = timer_names(pen.data)
    for number, one in enumerate(items(tree, "timers")):
        path = f"timers.{number}"
        if not (text(part(one, "after"), "count") or text(one, "name")):
            continue  # added and left blank
        faults = len(pen.wrong)
        made = _timer(pen, one, path, taken, known)
        if over_states:
            made["while"] = many(one, "states")
            if not made["while"]:
                pen.complain(f"{path}.states", N_("Choose in which states it counts."))
        if len(pen.wrong) == faults:  # half of one would make the whole unreadable
            found.append(made)
    return found


def timer_names(data: Mapping[str, Any]) -> list[str]:
    """Return the names of all the timers of a document."""
    inside = (rule for state in data["states"] for rule in state.get("timers", []))
    return [str(rule["name"]) for rule in (*inside, *data.get("timers", []))]


def _timer(pen: Pen, tree: Tree, path: str, taken: list[str], known: Mapping[str, Offer]) -> Data:
    name = text(tree, "name")
    if name not in taken:
        name = new_name("reminder", taken)
        taken.append(name)
    after = write_duration(pen, part(tree, "after"), f"{path}.after", required=True)
    made: Data = {"name": name, "after": after or "PT1H"}
    put(made, "clock", "business" if text(tree, "clock") == "business" else None)
    if text(tree, "does") == "fire":
        made["fire"] = text(tree, "fire")
        if not made["fire"]:
            pen.complain(f"{path}.fire", N_("Choose the step that is taken."))
        return made
    put_effects(pen, made, tree, f"{path}.", known)
    if not made.get("effects"):
        pen.complain(f"{path}.effects", N_("Choose what happens then."))
    _put_repeat(pen, made, tree, path)
    return made


def _put_repeat(pen: Pen, made: Data, tree: Tree, path: str) -> None:
    every = write_duration(pen, part(tree, "repeat"), f"{path}.repeat")
    if every is None:
        return
    times = text(tree, "times") or "2"
    if not (times.isascii() and times.isdecimal() and 2 <= int(times) <= 20):
        pen.complain(
            f"{path}.times", N_("Write a number from %(low)s to %(high)s."), low=2, high=20
        )
        return
    made |= {"repeat": every, "times": int(times)}


def trees(rules: Sequence[Mapping[str, Any]]) -> list[Tree]:
    """Return timers of a document as the form shows them."""
    return [timer_tree(rule) for rule in rules]
