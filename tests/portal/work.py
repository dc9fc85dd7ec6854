"""Jobs and requests in the states that the portal's tests look at."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app import clock
from app.models import Company, Customer, Job, Request
from app.services import jobs, requests
from app.services.job_forms import JobInput
from tests.harness.world import World

WAY = {
    "scheduled": (),
    "assigned": ("assign",),
    "on_the_way": ("assign", "start_travel"),
    "arrived": ("assign", "start_travel", "arrive"),
    "in_progress": ("assign", "start_travel", "arrive", "start"),
    "on_hold": ("assign", "hold"),
    "completed": ("assign", "start_travel", "arrive", "start", "complete"),
}


def make_job(
    world: World, state: str = "scheduled", *, at: datetime | None = None, **wanted: object
) -> Job:
    """Make a job of the world's customer and take it to a state, a minute a step."""
    at = at or clock.now()
    values = {
        "customer": world.customer.id, "location": world.location_id, "title": "Boiler", **wanted
    }  # fmt: skip
    job = jobs.create(world.enter(), world.dispatcher, JobInput(**values), at=at)  # type: ignore[arg-type]
    for number, trigger in enumerate(WAY[state], start=1):
        step(world, job, trigger, at=at + timedelta(minutes=number))
    return job


def step(world: World, job: Job, trigger: str, *, at: datetime | None = None) -> None:
    """Take one step of a job as the dispatcher."""
    raw = {"technician": str(world.technician.id), "note": "A part is on order"}
    order = jobs.Submission(raw)
    jobs.move(world.enter(), job.id, trigger, world.dispatcher, order, at=at or clock.now())


def approve(world: World, request: Request, **changes: str) -> None:
    """Approve a request as it is prefilled."""
    raw = {**requests.prefill(world.enter(), request), **changes}
    _decide(world, request, "approve", raw)


def decline(world: World, request: Request, reason: str) -> None:
    """Decline a request with a reason."""
    _decide(world, request, "decline", {"reason": reason})


def requests_of(world: World) -> list[Request]:
    """Return every request of the company, oldest first."""
    return list(world.enter().scalars(select(Request).order_by(Request.id)))


def company(world: World) -> Company:
    """Return the world's company, to change a setting of."""
    return world.enter().get_one(Company, world.company_id)


def another_customer(world: World) -> Customer:
    """Return a second customer of the same company."""
    row = Customer(name="Nadia Neighbour", email="nadia@customer.example", created_at=clock.now())
    world.enter().add(row)
    world.session.flush()
    return row


def _decide(world: World, request: Request, trigger: str, raw: dict[str, str]) -> None:
    order = requests.Submission(raw)
    requests.move(world.enter(), request.id, trigger, world.dispatcher, order, at=clock.now())
