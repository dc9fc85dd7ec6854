"""Edits of a draft about messages: who is told at which step, and the reminder to answer."""

import math
import re
from collections.abc import Iterator
from typing import Any, Final

from app.errors import N_, Conflict
from app.services import draft_cases
from app.services.draft_pieces import Data, Desk, keys_sent, places, recipients
from workflows.durations import parse_duration
from workflows.schema import Definition, TopTimer

STAFF: Final = ("dispatchers", "owners", "reviewers", "office", "company")
MOST_HOURS: Final = 999
TIMES: Final = 5  # of a reminder that is repeated
_NO_REMINDER: Final = N_("Switch the reminder on first.")


def told_on_submit(definition: Definition, reader: str) -> str:
    """Return whether that reader is mailed when a request comes in: on or off."""
    uses = definition.as_data()["submit"].get("effects", [])
    told = [use for use in uses if "send_message" in use and reader in recipients(use)]
    return "on" if told else "off"


def set_told_on_submit(desk: Desk, reader: str, value: str) -> None:
    """Mail that reader when a request comes in, or not."""
    if value == "off":
        for key in keys_sent(desk.data["submit"].get("effects", [])):
            stop(desk.data["submit"], key, reader)
        return
    donor = desk.donor(lambda one: told_on_submit(one, reader) == "on")
    for use in donor.as_data()["submit"]["effects"]:
        if "send_message" in use and reader in recipients(use):
            message = use["send_message"]["message"]
            send(desk.data["submit"], message, reader)
            desk.take_message(message, donor)
    _order(desk.data["submit"], donor.as_data()["submit"])


def send(place: Data, message: str, reader: str, actions: list[str] | None = None) -> None:
    """Have a place write that message to one reader more."""
    for use in place.get("effects", []):
        if "send_message" in use and use["send_message"]["message"] == message:
            use["send_message"]["to"] = list(dict.fromkeys([*recipients(use), reader]))
            return
    sent: Data = {"message": message, "to": reader, **({"actions": actions} if actions else {})}
    place["effects"] = [*place.get("effects", []), {"send_message": sent}]
    if reader == "customer":
        place.pop("silent", None)


def _order(place: Data, model: Data) -> None:
    """Put messages in a donor's order; what else happens comes first."""
    order = keys_sent(model["effects"])

    def rank(use: Data) -> int:
        keys = keys_sent([use])
        if not keys:
            return -1
        return order.index(keys[0]) if keys[0] in order else len(order)

    place["effects"] = sorted(place["effects"], key=rank)


def stop(place: Data, message: str, reader: str) -> None:
    """Have a place write that message to one reader less."""
    kept = []
    for use in place.get("effects", []):
        if keys_sent([use]) != [message] or reader not in recipients(use):
            kept.append(use)
        elif left := [one for one in recipients(use) if one != reader]:
            kept.append({"send_message": {**use["send_message"], "to": left}})
    place["effects"] = kept
    tells = any("send_message" in use and "customer" in recipients(use) for use in kept)
    if reader == "customer" and "trigger" in place and not tells:
        place["silent"] = True  # on purpose: nobody needs to be warned of it


def hours(definition: Definition) -> str:
    """Return after how many hours without an answer staff are reminded; 0 for never."""
    timer = _reminder(definition)
    return str(_hours(timer.after)) if timer else "0"


def set_hours(desk: Desk, value: str) -> None:
    """Remind staff after so many hours, or never."""
    if value == "0":
        gone = [timer["name"] for timer in _reminders(desk.data)]
        kept = [timer for timer in desk.data["timers"] if timer["name"] not in gone]
        desk.data["timers"] = kept
        return
    if not _reminders(desk.data):
        _add_reminder(desk)
    for timer in _reminders(desk.data):
        before, timer["after"] = _hours(timer["after"]), f"PT{value}H"
        for key in keys_sent(timer["effects"]):
            desk.data["messages"][key] = _renumbered(desk.data["messages"][key], before, value)
            label = f"send_message:{key}"
            desk.case_edits.append(draft_cases.long_enough(label, int(value)))
        desk.case_edits.append(_renamed(before, value))


def clock(definition: Definition) -> str:
    """Return on which clock the hours count: wall or business; blank without a reminder."""
    timer = _reminder(definition)
    return timer.clock if timer else ""


def set_clock(desk: Desk, value: str) -> None:
    """Count the hours on another clock."""
    for timer in _needed(desk):
        timer["clock"] = value
        wait = math.ceil(_hours(timer["after"]) * (5 if value == "business" else 1))
        for key in keys_sent(timer["effects"]):
            desk.case_edits.append(draft_cases.long_enough(f"send_message:{key}", wait))


def repeat(definition: Definition) -> str:
    """Return after how many hours the reminder comes again; 0 for once only."""
    timer = _reminder(definition)
    return str(_hours(timer.repeat)) if timer and timer.repeat else "0"


def set_repeat(desk: Desk, value: str) -> None:
    """Remind again every so many hours, a few times, or once only."""
    for timer in _needed(desk):
        timer.pop("repeat", None)
        times = timer.pop("times", TIMES)
        if value != "0":
            timer |= {"repeat": f"PT{value}H", "times": max(2, times)}


def _needed(desk: Desk) -> list[Data]:
    found = _reminders(desk.data)
    if not found:
        raise Conflict(_NO_REMINDER)
    return found


def _reminder(definition: Definition) -> TopTimer | None:
    names = {timer["name"] for timer in _reminders(definition.as_data())}
    return next((timer for timer in definition.timers if timer.name in names), None)


def _reminders(data: Data) -> list[Data]:
    """Return the timers that write to staff while a request has not been answered."""
    return [
        timer
        for timer in data.get("timers", [])
        if data["initial"] in timer["while"] and _writes_to_staff(timer)
    ]


def _writes_to_staff(timer: Data) -> bool:
    uses = [use for use in timer.get("effects", []) if "send_message" in use]
    return any(set(recipients(use)) & set(STAFF) for use in uses)


def _add_reminder(desk: Desk) -> None:
    donor = desk.donor(lambda one: _reminder(one) is not None)
    for timer in _reminders(donor.as_data()):
        made = desk.spoken(timer, donor)
        made["while"] = list(dict.fromkeys([desk.first, desk.review]))
        desk.data["timers"] = [*desk.data.get("timers", []), made]
        for key in keys_sent(timer["effects"]):
            desk.take_message(key, donor, anew=True)
            desk.added.add(f"send_message:{key}")


def _hours(duration: str) -> int:
    return round(parse_duration(duration).approximate_s / 3600)


def _renumbered(message: Any, before: int, after: str) -> Any:
    """Return a message that names the hours anew, wherever they stand alone."""
    if isinstance(message, dict):
        return {key: _renumbered(part, before, after) for key, part in message.items()}
    return re.sub(rf"\b{before}\b", after, message)


def _renamed(before: int, after: str) -> draft_cases.Edit:
    def edit(case: Data) -> None:
        case["name"] = re.sub(rf"\b{before}\b", after, case["name"])

    return edit


def sendings(data: Data) -> Iterator[tuple[Data, Data]]:
    """Yield every place that sends something with each of its messages."""
    for place in places(data):
        for use in place.get("effects", []):
            if "send_message" in use:
                yield place, use["send_message"]
