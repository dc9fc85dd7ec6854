"""Company settings that come with a way of taking requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.models import Company
from app.services import starters

ANY: Final = "*"
CUSTOMER: Final = "customer"


@dataclass(frozen=True)
class Difference:
    """A setting that would change, with its value before and after."""

    name: str
    before: str
    after: str


def columns(preset: str, company: Company | None = None) -> dict[str, Any]:
    """Return what a company's columns are set to, what else stands in them kept."""
    wanted = starters.SETTINGS[preset]
    shows: Mapping[str, Any] = company.shows if company else {}
    channels: Mapping[str, Any] = company.channels if company else {}
    others = {key: value for key, value in channels.items() if key != ANY}
    plain = ("eligibility", "signup", "passwords_allowed", "jobs_default_view")
    return {
        **{name: wanted[name] for name in plain},
        "shows": {**shows, "cost": wanted["shows_cost"]},
        "channels": {**others, **wanted["channels"]},
    }


def values(company: Company) -> dict[str, str]:
    """Return those settings of a company as short words."""
    return _values({name: getattr(company, name) for name in columns("hybrid")})


def differences(company: Company, preset: str) -> list[Difference]:
    """Return which settings a switch to ``preset`` would change."""
    now, then = values(company), _values(columns(preset, company))
    return [Difference(name, now[name], then[name]) for name in now if now[name] != then[name]]


def _values(row: Mapping[str, Any]) -> dict[str, str]:
    usual = (row["channels"].get(ANY) or {}).get(CUSTOMER, "")
    return {
        "eligibility": row["eligibility"],
        "signup": row["signup"],
        "passwords": "on" if row["passwords_allowed"] else "off",
        "jobs_default_view": row["jobs_default_view"],
        "cost": "on" if row["shows"].get("cost", True) else "off",
        "channel": usual,
    }
