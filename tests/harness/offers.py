"""Estimates in the states that tests look at, and the form that prices them."""

from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.actor import Actor
from app.models import Estimate, Request
from app.services import estimates, requests
from app.services.estimate_forms import EstimateInput, LineInput, Whom
from app.services.moves import Submission
from tests.harness.world import World

# Steps of the dispatcher and of the customer that lead to each state.
WAY: dict[str, tuple[str, ...]] = {
    "open": (),
    "sent": ("send",),
    "changes_requested": ("send", "request_changes"),
    "accepted": ("send", "accept"),
    "declined": ("send", "decline"),
}
_THEIRS = ("accept", "decline", "request_changes")


def answers(**changes: str) -> dict[str, str | list[str]]:
    """Return the estimate form as staff fill it in: two hours and a part, taxed."""
    return {
        "title": "A new tap",
        "note": "Tiles are not included.",
        "valid_until": "2031-01-31",
        "line_1_name": "Labour",
        "line_1_quantity": "2.5",
        "line_1_price": "60.00",
        "line_1_tax": "19",
        "line_2_name": "Tap",
        "line_2_quantity": "1",
        "line_2_price": "89,90",
        "line_2_tax": "19",
        **changes,
    }


def make_estimate(
    world: World, state: str = "open", *, at: datetime | None = None, **words: Any
) -> Estimate:
    """Make an estimate of the world's customer and take it to a state, a minute a step."""
    at = at or clock.now()
    line = LineInput(words.pop("line", "Labour"), 2000, words.pop("unit_cents", 6000), 1900)
    assert world.customer.id is not None
    whom = Whom(world.customer.id, words.pop("location", world.location_id))
    wanted = EstimateInput(**{"title": "A new tap", "lines": (line,), **words})
    estimate = estimates.create(world.enter(), world.dispatcher, whom, wanted, at=at)
    world.session.flush()
    for number, trigger in enumerate(WAY[state], start=1):
        who = world.customer if trigger in _THEIRS else world.dispatcher
        step(world, estimate, trigger, who, at=at + timedelta(minutes=number))
    return estimate


def step(
    world: World,
    estimate: Estimate,
    trigger: str,
    who: Actor,
    raw: dict[str, Any] | None = None,
    *,
    at: datetime | None = None,
) -> Any:
    """Take one step of an estimate as its customer, or as staff."""
    order = Submission(raw or {"note": "Without the second visit, please."})
    at = at or clock.now()
    if who.kind == "customer":
        return estimates.move_own(world.enter(), estimate.ref, trigger, who, order, at=at)
    return estimates.move(world.enter(), estimate.id, trigger, who, order, at=at)


def quote(world: World, request: Request, trigger: str = "send_quote", **changes: str) -> Estimate:
    """Answer a request with a quote, as the dispatcher; return the estimate that went out."""
    order = Submission(answers(**changes))
    taken = requests.move(
        world.enter(), request.id, trigger, world.dispatcher, order, at=clock.now()
    )
    world.session.flush()
    estimate: Estimate = taken.made["estimate"]
    return estimate
