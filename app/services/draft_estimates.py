"""Estimates in a draft: made before they are sent, and closed when the request goes another way."""

from typing import Final

from app.services.draft_pieces import Data, Desk

_ANSWERS: Final = ("approve", "approve_as_asked", "decline", "cancel")
OWN: Final = frozenset({"create_estimate", "close_estimate"})


def settle(desk: Desk) -> None:
    """Make an estimate before it is sent unless there is one, and close the one left over."""
    is_open = _makes_estimate(desk.data["submit"])
    may_be_open = is_open or desk.has("quoted")
    for way in desk.ways:
        plain = [use for use in way.get("effects", []) if not OWN & set(use)]
        if any("send_estimate" in use for use in plain):
            way["effects"] = plain if is_open else [{"create_estimate": {}}, *plain]
        elif way["trigger"] in _ANSWERS and may_be_open:
            way["effects"] = _with_closing(way, plain)
        else:
            way["effects"] = plain


def _makes_estimate(place: Data) -> bool:
    return any("create_estimate" in use for use in place.get("effects", []))


def _with_closing(way: Data, plain: list[Data]) -> list[Data]:
    """Close it before anybody is told, where the step does not do so already."""
    if any("close_estimate" in use for use in way.get("effects", [])):
        return list(way["effects"])
    first = next((n for n, use in enumerate(plain) if "send_message" in use), len(plain))
    return [*plain[:first], {"close_estimate": {"outcome": "declined"}}, *plain[first:]]
