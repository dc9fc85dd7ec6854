"""The tone of a state: whose turn it is, and how it ended. Source: the look, "State to tone"."""

from typing import Final

from workflows.schema import State

_KNOWN: Final = {
    "request": {
        "submitted": "waiting",
        "under_review": "review",
        "counter_proposed": "customer",
        "quoted": "customer",
        "approved": "won",
        "declined": "lost",
        "cancelled": "neutral",
        "expired": "neutral",
    },
    "job": {
        "scheduled": "neutral",
        "assigned": "neutral",
        "on_the_way": "review",
        "arrived": "review",
        "in_progress": "review",
        "on_hold": "waiting",
        "completed": "won",
        "cancelled": "neutral",
    },
    "estimate": {
        "open": "neutral",
        "sent": "customer",
        "changes_requested": "waiting",
        "accepted": "won",
        "declined": "lost",
        "expired": "neutral",
    },
    "invoice": {"draft": "neutral", "sent": "customer", "paid": "won", "void": "neutral"},
}


def tone_of(subject: str, state: State) -> str:
    """Return waiting, review, customer, won, lost or neutral.

    The shipped states have theirs; an owner's own state takes it from whom it waits on and how
    it ended.
    """
    known = _KNOWN.get(subject, {}).get(state.name)
    if known:
        return known
    if state.final:
        return state.outcome or "neutral"
    if state.waiting_on is None:
        return "neutral"
    return "customer" if state.waiting_on == "customer" else "waiting"
