"""The ways of taking requests that a company can begin with."""

from app.services import starters


def names() -> list[str]:
    """Return the shipped definitions that take requests, the recommended one first."""
    return list(starters.ELIGIBILITY)
