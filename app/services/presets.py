"""The ways of taking requests that a company can begin with on this installation."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from app.services import starters
from workflows import library, registry
from workflows.schema import Definition, Transition

# Without these a request could never be answered.
_NEEDED: Final = frozenset({"approve", "decline"})


def names() -> list[str]:
    """Return the presets that run here, the usual one first."""
    return [name for name in starters.ELIGIBILITY if name in library.names() and _runs(name)]


def definition(name: str) -> Definition:
    """Return a shipped definition without the steps whose effects this installation lacks."""
    return _within_reach(name, registry.unbound())


def _runs(name: str) -> bool:
    missing = registry.unbound()
    possible = _within_reach(name, missing)
    submit = {use.name for use in possible.submit.effects}
    return not submit & missing and {each.trigger for each in possible.transitions} >= _NEEDED


@cache
def _within_reach(name: str, missing: frozenset[str]) -> Definition:
    whole = library.definition(name)
    kept = [each for each in whole.transitions if not set(_needs(each)) & missing]
    if len(kept) == len(whole.transitions):
        return whole
    data = whole.as_data()
    # The tests that come with a definition are about the whole of it.
    data |= {"transitions": [each.model_dump(mode="json", by_alias=True) for each in kept]}
    return Definition.model_validate({**data, "tests": []})


def _needs(transition: Transition) -> Iterator[str]:
    """Yield the effects and facts a transition can't do without."""
    yield from (use.name for use in transition.effects)
    for condition in transition.conditions:
        yield from (word for word in condition.expression.split() if word.startswith("facts."))
