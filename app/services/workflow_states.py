"""The states of a definition by form, with their timers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.errors import N_
from app.services.workflow_effects import Offer
from app.services.workflow_forms import Data, names_of, new_name, put, state_at
from app.services.workflow_timers import trees, write_timers
from app.services.workflow_tree import Pen, Tree, is_on, text, words

ENDS: Final = ("", "won", "lost", "closed")
_TEXTS: Final = ("label", "customer_label", "meaning")


def state_tree(data: Data, state: Mapping[str, Any]) -> Tree:
    """Return a state of a document as the form shows it."""
    tree: Tree = {name: dict(state.get(name) or {}) for name in _TEXTS}
    tree["waiting_on"] = state.get("waiting_on", "")
    tree["ends"] = (state.get("outcome") or "closed") if state.get("final") else ""
    tree["initial"] = "1" if data.get("initial") == state["name"] else ""
    tree["timers"] = trees(state.get("timers", []))
    return tree


def write_state(pen: Pen, tree: Tree, known: Mapping[str, Offer], name: str | None = None) -> str:
    """Change a state, or add one before the first final state; return its name.

    Raises NotFound.
    """
    label = words(tree, "label", pen.languages)
    if not label:
        pen.complain(f"label.{pen.languages[0]}", N_("Please fill this in."))
    if name is None:
        name = new_name(next(iter(label.values()), "state"), names_of(pen.data["states"]))
        pen.data["states"].insert(_first_final(pen.data), {"name": name})
    state = state_at(pen.data, name)
    state["label"] = label
    state["customer_label"] = words(tree, "customer_label", pen.languages) or dict(label)
    put(state, "meaning", words(tree, "meaning", pen.languages))
    ends = text(tree, "ends")
    put(state, "waiting_on", None if ends else text(tree, "waiting_on"))
    put(state, "final", bool(ends))
    put(state, "outcome", ends if ends in ("won", "lost") else None)
    put(state, "timers", [] if ends else write_timers(pen, tree, known))
    if is_on(tree, "initial"):
        pen.data["initial"] = name
    return name


def _first_final(data: Data) -> int:
    found = (number for number, one in enumerate(data["states"]) if one.get("final"))
    return next(found, len(data["states"]))
