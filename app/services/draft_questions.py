"""Edits of a draft that change what the request form asks."""

from collections.abc import Sequence
from typing import Any, Final

from app.errors import N_, Conflict
from app.services.draft_pieces import Data, Desk, insert_like, shipped
from workflows.schema import Definition
from workflows.schema.fields import (
    ContactField,
    KindField,
    LocationField,
    PhotosField,
    PreferredDatesField,
    ServiceField,
)

KINDS: Final = ("one_time", "recurring", "issue", "service_change")
NEEDS: Final = ("hidden", "optional", "required")
LISTS: Final = ("bookable", "catalog")
DATES: Final[dict[str, Data]] = {
    "single": {"mode": "single"},
    "window": {"mode": "window"},
    "three_dates": {"mode": "dates", "max": 3, "day_part": True},
    "datetime": {"mode": "datetime"},
}
PLACES: Final = {
    "own_only": ["on_file"],
    "own_or_once": ["on_file", "once"],
    "own_or_add": ["on_file", "add"],
}
PEOPLE: Final = {"account": ["account"], "choose_or_add": ["account", "choose", "add"]}
_NOTHING_ASKED: Final = N_("Then nothing would ask what is needed. Show another question first.")


def kinds(definition: Definition) -> str:
    """Return the kinds of request a customer may choose from, joined by commas."""
    rule = _rule(definition, "kind")
    options = rule.options if isinstance(rule, KindField) else KINDS[:1]
    return ",".join(kind for kind in KINDS if kind in options)


def set_kinds(desk: Desk, value: str) -> None:
    """Let customers choose from these kinds; a single usual one is not asked for."""
    options = value.split(",")
    if options == [KINDS[0]]:
        _remove(desk, "kind")
    else:
        _put(desk, "kind", {"options": options, "required": True})


def category(definition: Definition) -> str:
    """Return whether the form asks for a category: hidden, optional or required."""
    own = _rule(definition, "category")
    if own is not None:
        return "required" if own.required else "optional"
    return _source(definition, ("category",))


def catalogue(definition: Definition) -> str:
    """Return whether the form offers the list of services: hidden, optional or required."""
    return _source(definition, LISTS)


def free_text(definition: Definition) -> str:
    """Return whether customers may say it in their own words: hidden, optional or required."""
    return _source(definition, ("free_text",))


def listed(definition: Definition) -> str:
    """Return which services the list holds: bookable ones or the whole catalogue."""
    rule = _rule(definition, "service")
    return "catalog" if isinstance(rule, ServiceField) and "catalog" in rule.sources else "bookable"


def set_category(desk: Desk, value: str) -> None:
    """Ask for a category, beside whatever else the service question takes."""
    service = _asked(desk, "service")
    if service and set(service["sources"]) - {"category"}:
        _set_source(desk, ("category",), "hidden")
        if value == "hidden":
            _remove(desk, "category")
        else:
            _put(desk, "category", {"required": value == "required"})
        return
    _remove(desk, "category")
    _set_source(desk, ("category",), value)


def set_catalogue(desk: Desk, value: str) -> None:
    """Offer the list of services."""
    _set_source(desk, LISTS, value)


def set_free_text(desk: Desk, value: str) -> None:
    """Let customers say it in their own words."""
    _set_source(desk, ("free_text",), value)


def set_listed(desk: Desk, value: str) -> None:
    """Choose which services the list holds."""
    service = _asked(desk, "service")
    if service is None or not set(LISTS) & set(service["sources"]):
        raise Conflict(N_("The form has no list of services. Show it first."))
    for part in ("sources", "needs"):
        service[part] = [value if one in LISTS else one for one in service.get(part, [])]


def preference(definition: Definition) -> str:
    """Return how customers say when it would suit them."""
    rule = _rule(definition, "preferred_dates")
    if not isinstance(rule, PreferredDatesField):
        return "none"
    return "three_dates" if rule.mode == "dates" else rule.mode


def set_preference(desk: Desk, value: str) -> None:
    """Ask when it would suit them in another way."""
    if value == "none":
        _remove(desk, "preferred_dates")
        return
    known = _asked(desk, "preferred_dates")
    required = bool(known and known.get("required"))
    if known:
        for part in ("mode", "max", "day_part"):
            known.pop(part, None)
        known |= DATES[value]
    else:
        _put(desk, "preferred_dates", {**DATES[value], "required": required})


def location(definition: Definition) -> str:
    """Return where work may be asked for."""
    rule = _rule(definition, "location")
    if not isinstance(rule, LocationField):
        return "own_only"
    if "add" in rule.allow:
        return "own_or_add"
    return "own_or_once" if "once" in rule.allow else "own_only"


def set_location(desk: Desk, value: str) -> None:
    """Allow addresses that are not on file."""
    known = _asked(desk, "location")
    required = known is None or bool(known.get("required"))
    _put(desk, "location", {"allow": PLACES[value], "required": required})


def contact(definition: Definition) -> str:
    """Return whom customers may name to be called."""
    rule = _rule(definition, "contact")
    has_choice = isinstance(rule, ContactField) and set(rule.allow) - {"account"}
    return "choose_or_add" if has_choice else "account"


def set_contact(desk: Desk, value: str) -> None:
    """Let customers name somebody else to be called."""
    if value == "account":
        _remove(desk, "contact")
    else:
        _put(desk, "contact", {"allow": PEOPLE[value]})


def photos(definition: Definition) -> str:
    """Return how many photos the form takes."""
    rule = _rule(definition, "photos")
    return str(rule.max) if isinstance(rule, PhotosField) else "0"


def set_photos(desk: Desk, value: str) -> None:
    """Take so many photos."""
    if value == "0":
        _remove(desk, "photos")
    else:
        _put(desk, "photos", {"max": int(value)})


def urgency(definition: Definition) -> str:
    """Return whether the form asks how urgent it is: on or off."""
    return "off" if _rule(definition, "urgency") is None else "on"


def set_urgency(desk: Desk, value: str) -> None:
    """Ask how urgent it is."""
    if value == "on":
        _put(desk, "urgency", {})
    else:
        _remove(desk, "urgency")


def _source(definition: Definition, names: Sequence[str]) -> str:
    rule = _rule(definition, "service")
    if not isinstance(rule, ServiceField) or not set(names) & set(rule.sources):
        return "hidden"
    is_needed = rule.required and (not rule.needs or set(names) & set(rule.needs))
    return "required" if is_needed else "optional"


def _set_source(desk: Desk, names: Sequence[str], value: str) -> None:
    """Show one way of answering the service question; two required ones stand for each other."""
    known = _asked(desk, "service") or {"sources": []}
    needed = _needed(known)
    others = [one for one in known["sources"] if one not in names]
    needed = [one for one in needed if one in others]
    if value == "hidden" and not others:
        _remove(desk, "service")
        if not any(_asked(desk, one) for one in ("category", "description")):
            raise Conflict(_NOTHING_ASKED)
        return
    name = next((one for one in known["sources"] if one in names), names[0])
    sources = others if value == "hidden" else [*others, name]
    needed += [name] if value == "required" else []
    order = ["category", "catalog", "bookable", "free_text"]
    rule = {"sources": sorted(sources, key=order.index), "required": bool(needed)}
    all_needed = set(needed) == set(sources)
    _put(desk, "service", {**rule, "needs": [] if all_needed else needed})


def _needed(question: Data) -> list[str]:
    if not question.get("required"):
        return []
    return list(question.get("needs") or question["sources"])


def _rule(definition: Definition, name: str) -> Any:
    asked = definition.request_form
    return next((one for one in asked if getattr(one, "field", None) == name), None)


def _asked(desk: Desk, name: str) -> Data | None:
    form: list[Data] = desk.data.setdefault("request_form", [])
    return next((one for one in form if one.get("field") == name), None)


def _remove(desk: Desk, name: str) -> None:
    form = desk.data.get("request_form", [])
    desk.data["request_form"] = [one for one in form if one.get("field") != name]


def _put(desk: Desk, name: str, rule: Data) -> None:
    """Change a question, or add it where a donor has it, in the donor's words."""
    known = _asked(desk, name)
    if known is not None:
        known |= rule
        return
    donor = next((one for one in desk.donors if _rule(one, name)), shipped()[0])
    pieces = [one for one in donor.as_data()["request_form"] if one.get("field") == name]
    piece = desk.spoken(pieces[0], donor) if pieces else {}
    order = [str(getattr(one, "field", "")) for one in donor.request_form]
    said = {part: piece[part] for part in ("label", "help", "required") if part in piece}
    insert_like(desk.data["request_form"], [{"field": name, **said, **rule}], order, "field")
