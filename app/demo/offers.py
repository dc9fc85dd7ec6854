"""What a demo company has offered: estimates, priced, answered, turned into jobs."""

from typing import Any

from sqlalchemy.orm import Session

from app import actor as actors
from app.actor import Actor
from app.demo.cast import Cast, Data
from app.models import Customer, Estimate, Job, Request
from app.services import estimate_forms, estimates
from app.services.moves import Submission
from workflows import engine


def tell(session: Session, cast: Cast, data: Data) -> None:
    """Make the estimates of the file that no request asked for, and take their steps."""
    for told in data["estimates"]:
        at = cast.moments.at(told["ago"])
        raw = form(cast, told) | {
            "customer": str(cast.customers[told["who"]].id),
            "location": str(cast.places[told["who"]][told["place"] - 1].id),
        }
        whom, wanted = estimate_forms.clean_new(session, raw, cast.company, at=at)
        made = estimates.create(session, cast.staff["dispatcher"], whom, wanted, at=at)
        session.flush()
        move(session, cast, made, told["then"])


def form(cast: Cast, told: Data) -> dict[str, str]:
    """Return the estimate form with the lines of the file: what, minor units, how many."""
    lines = [
        {"name": name, "price": f"{cents / 100:.2f}", "quantity": str(rest[0] if rest else 1)}
        for name, cents, *rest in told["estimate"]
    ]
    valid = cast.moments.day(told["valid"]).isoformat() if "valid" in told else ""
    return {
        "title": told["title"],
        "note": told.get("note", ""),
        "valid_until": valid,
        **estimate_forms.numbered(lines),
    }


def of_request(session: Session, request: Request) -> Estimate:
    """Return the newest estimate of a request."""
    return estimates.of(session, request)[0]


def move(session: Session, cast: Cast, estimate: Estimate, steps: list[Data]) -> None:
    """Take an estimate's steps, each by who would have taken it."""
    for step in steps:
        at, who = cast.moments.at(step["ago"]), _who(session, cast, estimate, step)
        raw: dict[str, Any] = {name: step[name] for name in ("note", "reason") if name in step}
        if who.kind == "customer":
            estimates.move_own(session, estimate.ref, step["do"], who, Submission(raw), at=at)
        elif who.kind == "system":
            engine.apply(session, estimate, engine.Order(step["do"], who), at=at)
        else:
            estimates.move(session, estimate.id, step["do"], who, Submission(raw), at=at)
        session.flush()


def plan(session: Session, cast: Cast, job: Job, told: Data) -> None:
    """Give a job the time the dispatcher found for it."""
    job.starts_at = cast.moments.at(f"{told['day']} {told['from']}")
    job.ends_at = cast.moments.at(f"{told['day']} {told['to']}")


def _who(session: Session, cast: Cast, estimate: Estimate, step: Data) -> Actor:
    role = step.get("by", "dispatcher")
    if role == "system":
        return actors.system(cast.company.id)
    if role != "customer":
        return cast.staff[role]
    customer = session.get_one(Customer, estimate.customer_id)
    return next(cast.customer_actor(key) for key, row in cast.customers.items() if row is customer)
