"""Edits of a draft that add or take away steps: review, counter-proposals, quotes, cancelling."""

import re
from typing import Final

from app.errors import N_, Conflict
from app.services import draft_cases, draft_estimates, draft_pieces
from app.services.draft_pieces import Data, Desk
from workflows.schema import Definition

REVIEWERS: Final = ("owner", "dispatcher")
COUNTER: Final = ("counter_propose", "accept", "decline_proposal", "withdraw", "lapse")
QUOTE: Final = ("send_quote", "quote_accepted", "quote_declined")
_ROUNDS: Final = re.compile(r"request\.proposal_rounds\s*<\s*(\d+)")
_PUT_OFF: Final = ("start_review",)
_NO_COUNTER: Final = N_("Switch counter-proposals on first.")
_NO_STEP: Final = N_("The workflow has no step of that kind any more; change it there.")


def under_review(definition: Definition) -> str:
    """Return whether requests have a state of their own once somebody looks: on or off."""
    return "on" if definition.has_state("under_review") else "off"


def set_under_review(desk: Desk, value: str) -> None:
    """Give requests that somebody has opened a state of their own, or take it away."""
    if value == "on":
        _add_review(desk)
    else:
        _remove_review(desk)


def _add_review(desk: Desk) -> None:
    first = desk.first
    desk.add_state("under_review")
    for way in desk.ways:
        if first in way["source"] and "under_review" not in way["source"]:
            way["source"].insert(way["source"].index(first) + 1, "under_review")
        if way["dest"] == first:
            way["dest"] = "under_review"
    for timer in desk.data.get("timers", []):
        if first in timer["while"] and "under_review" not in timer["while"]:
            timer["while"].insert(timer["while"].index(first) + 1, "under_review")
    for way in desk.add_ways("start_review"):
        way |= {"source": [first], "roles": reviewers_of(desk)}
    _turn(desk, "under_review")
    desk.moved[first] = "under_review"


def _remove_review(desk: Desk) -> None:
    for trigger in _PUT_OFF:
        desk.drop(trigger)
    first = desk.first
    if first == "under_review":
        raise Conflict(N_("Requests begin in that state here; change it in the workflow."))
    for way in desk.ways:
        way["source"] = _instead(way["source"], "under_review", first)
        if way["dest"] == "under_review":
            way["dest"] = first
    desk.drop_state("under_review")
    desk.moved["under_review"] = first
    desk.case_edits.append(draft_cases.without(*_PUT_OFF))


def counter(definition: Definition) -> str:
    """Return whether staff may propose another time: on or off."""
    return "on" if definition.transitions_of("counter_propose") else "off"


def set_counter(desk: Desk, value: str) -> None:
    """Let staff propose another time and the customer answer, or take all of that away."""
    if value == "off":
        for trigger in COUNTER:
            desk.drop(trigger)
        desk.drop_state("counter_proposed")
        return
    if not desk.has("approved"):
        raise Conflict(_NO_STEP)
    desk.add_state("counter_proposed")
    for trigger in COUNTER:
        for way in desk.add_ways(trigger):
            fit(desk, way)
    for way in desk.of("cancel"):
        way["source"] = desk.in_order([*way["source"], "counter_proposed"])


def rounds(definition: Definition) -> str:
    """Return how many proposals may be made; blank without a limit."""
    for way in definition.transitions_of("counter_propose"):
        for condition in way.conditions:
            if match := _ROUNDS.fullmatch(condition.expression.strip()):
                return match[1]
    return ""


def set_rounds(desk: Desk, value: str) -> None:
    """Limit the number of proposals."""
    ways = desk.of("counter_propose")
    if not ways:
        raise Conflict(_NO_COUNTER)
    before = ""
    for way in ways:
        asked = way.get("conditions", [])
        kept = [one for one in asked if not _ROUNDS.fullmatch(one["if"].strip())]
        before = next((m[1] for one in asked if (m := _ROUNDS.fullmatch(one["if"]))), before)
        way["conditions"] = [*kept, _limit(desk, value)]
    desk.case_edits.append(draft_cases.with_rounds(before, value))


def _limit(desk: Desk, value: str) -> Data:
    for donor in desk.donors:
        if rounds(donor) == value:
            asked = donor.transitions_of("counter_propose")[0].conditions
            found = next(one for one in asked if _ROUNDS.fullmatch(one.expression))
            condition: Data = desk.spoken(found.model_dump(mode="json", by_alias=True), donor)
            return condition
    said = draft_pieces.text("rounds_over", desk.data["languages"], limit=value)
    return {"if": f"request.proposal_rounds < {value}", "message": said}


def customers_no(definition: Definition) -> str:
    """Return what a customer's no to a proposal does: back_to_review or close; blank for none."""
    ways = definition.transitions_of("decline_proposal")
    if not ways or not definition.has_state(ways[0].dest):
        return ""
    return "close" if definition.state(ways[0].dest).final else "back_to_review"


def set_customers_no(desk: Desk, value: str) -> None:
    """Choose what a customer's no to a proposal does."""
    ways = desk.of("decline_proposal")
    if not ways:
        raise Conflict(_NO_COUNTER)
    for way in ways:
        desk.moved[way["dest"]] = way["dest"] = desk.lost if value == "close" else desk.review


def quote(definition: Definition) -> str:
    """Return whether staff may send a quote instead: on or off."""
    return "on" if definition.transitions_of("send_quote") else "off"


def set_quote(desk: Desk, value: str) -> None:
    """Let staff send a quote instead, and the customer's answer to it count."""
    if value == "off":
        for trigger in QUOTE:
            desk.drop(trigger)
        if desk.has("quoted"):
            desk.drop_state("quoted")
    else:
        _add_quote(desk)
    draft_estimates.settle(desk)


def _add_quote(desk: Desk) -> None:
    donor = desk.donor(lambda one: bool(one.transitions_of("send_quote")))
    if donor.has_state("quoted"):
        desk.add_state("quoted")
    for trigger in QUOTE:
        if donor.transitions_of(trigger):
            for way in desk.add_ways(trigger, donor):
                fit(desk, way)
    for trigger in ("approve", "decline", "cancel"):
        if any("quoted" in way.source for way in donor.transitions_of(trigger)):
            for way in desk.of(trigger):
                way["source"] = desk.in_order([*way["source"], "quoted"])


def cancel(definition: Definition) -> str:
    """Return whether customers may cancel before it is confirmed: before_confirmation or off."""
    ways = definition.transitions_of("cancel")
    return "before_confirmation" if any("customer" in way.roles for way in ways) else "off"


def set_cancel(desk: Desk, value: str) -> None:
    """Let customers cancel, or leave it to staff at their request."""
    donor = desk.donor(lambda one: cancel(one) == value and bool(one.transitions_of("cancel")))
    dests = [way["dest"] for way in desk.of("cancel")]
    desk.drop("cancel")
    for dest in {way.dest for way in donor.transitions_of("cancel")}:
        if not desk.has(dest):
            desk.add_state(dest)
    for way in desk.add_ways("cancel", donor):
        staff = reviewers_of(desk)
        way["source"] = desk.open_states()
        way["roles"] = [*(["customer"] if value != "off" else []), *staff]
        for key in draft_pieces.keys_sent(way.get("effects", [])):
            desk.take_message(key, donor)
        desk.moved.update(dict.fromkeys(dests, way["dest"]))
    _drop_unreached(desk)
    draft_estimates.settle(desk)


def reviewers(definition: Definition) -> str:
    """Return who approves and declines, joined by commas."""
    ways = [*definition.transitions_of("approve"), *definition.transitions_of("decline")]
    roles = {role for way in ways for role in way.roles}
    return ",".join(role for role in REVIEWERS if role in roles)


def set_reviewers(desk: Desk, value: str) -> None:
    """Choose who takes the steps of the staff."""
    chosen = [role for role in ("dispatcher", "owner") if role in value.split(",")]
    for role in chosen:
        desk.data["roles"].setdefault(role, {"kind": "staff"})
    for way in desk.ways:
        if set(REVIEWERS) & set(way["roles"]):
            others = [role for role in way["roles"] if role not in REVIEWERS]
            way["roles"] = [*others, *chosen]
    for state in desk.data["states"]:
        if state.get("waiting_on") in REVIEWERS:
            state["waiting_on"] = chosen[0]
    desk.case_edits.append(draft_cases.taken_by(chosen))


def reviewers_of(desk: Desk) -> list[str]:
    """Return who of the staff approves and declines in the document."""
    ways = [*desk.of("approve"), *desk.of("decline")]
    found = [role for way in ways for role in way["roles"] if role in REVIEWERS]
    return list(dict.fromkeys(found)) or ["dispatcher", "owner"]


def fit(desk: Desk, way: Data) -> None:
    """Let a ready-made step fit the states and people of the document."""
    names = {"under_review": desk.review, "submitted": desk.first}
    if not desk.has("cancelled"):
        names["cancelled"] = desk.lost
    sources = {names.get(name, name) for name in way["source"]}
    also = {"under_review"} if desk.has("under_review") and desk.first in sources else set()
    way["source"] = desk.in_order(sources | also)
    # What leads back to the beginning leads back to where it is looked at.
    way["dest"] = {**names, "submitted": desk.review}.get(way["dest"], way["dest"])
    if set(REVIEWERS) & set(way["roles"]):
        way["roles"] = reviewers_of(desk)


def _turn(desk: Desk, state: str) -> None:
    for one in desk.data["states"]:
        if one["name"] == state and one.get("waiting_on") in REVIEWERS:
            one["waiting_on"] = reviewers_of(desk)[0]


def _drop_unreached(desk: Desk) -> None:
    reached = {way["dest"] for way in desk.ways}
    if "cancelled" not in reached:
        desk.drop_state("cancelled")


def _instead(names: list[str], gone: str, other: str) -> list[str]:
    return list(dict.fromkeys(other if name == gone else name for name in names))
