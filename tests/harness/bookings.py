"""A company that takes bookings, and its requests on their way, for tests of several rooms."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.letters import Letter
from app.models import Company, Customer, Job, OutboxMessage, Request, SignInLink
from app.services import links, messages, requests
from app.services.messages import Written
from tests.harness.world import World, make_world

FIRST = "2031-03-05T10:00"
SECOND = "2031-03-06T14:30"


def make_booking(session: Session, slug: str = "acme") -> World:
    """Return a company on the preset ``online_booking`` whose customer is onboarded."""
    world = make_world(session, slug, preset="online_booking")
    session.get_one(Customer, world.customer.id).onboarded_at = clock.now()
    session.commit()
    return world


def ask(world: World, *, at: datetime | None = None, **changes: str) -> Request:
    """Hand in a request for work in the customer's own words."""
    wanted = {"service": "", "service_text": "A dripping tap", "date_1": "2031-03-03", **changes}
    request = world.hand_in(at=at, **wanted)
    world.session.flush()
    return request


def move(
    world: World, request: Request, trigger: str, *, at: datetime | None = None, **raw: str
) -> None:
    """Take a step of a request as the dispatcher, after whatever happened before."""
    order = requests.Submission(raw, request.event_seq)
    at = at or clock.now()
    requests.move(world.enter(), request.id, trigger, world.dispatcher, order, at=at)
    world.session.flush()


def propose(world: World, request: Request, when: str = FIRST, note: str = "") -> None:
    """Propose a time to the customer."""
    move(world, request, "counter_propose", proposed_at=when, note=note)


def answer(world: World, request: Request, trigger: str, **raw: str) -> None:
    """Take a step as the customer, in the portal."""
    order = requests.Submission(raw, request.event_seq)
    who = world.customer
    requests.move_own(world.enter(), request.ref, trigger, who, order, at=clock.now())
    world.session.flush()


def newest_promise(world: World, message: str) -> OutboxMessage:
    """Return the newest promise of a message."""
    rows = world.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()))
    return next(row for row in rows if row.payload.get("message") == message)


def letter_of(world: World, row: OutboxMessage) -> Letter:
    """Return the mail a promise becomes."""
    written = messages.write(world.enter(), row, sms_works=False)
    assert isinstance(written, Written), written
    assert isinstance(written.paper, Letter)
    return written.paper


def mailed_answers(world: World) -> dict[str, str]:
    """Return the addresses of the newest proposal's mail, by the step they answer."""
    text = letter_of(world, newest_promise(world, "booking.counter_proposed")).text
    found = [word.strip(".,") for word in text.split() if "/answer/" in word]
    return dict(zip(("accept", "decline_proposal"), map(_path, found), strict=True))


def answer_links(world: World) -> list[SignInLink]:
    """Return the links laid into mails as answers, oldest first."""
    statement = select(SignInLink).where(SignInLink.purpose == links.ANSWER)
    return list(world.enter().scalars(statement.order_by(SignInLink.id)))


def job_of(world: World, request: Request) -> Job:
    """Return the job a request became."""
    statement = select(Job).where(Job.request_id == request.id)
    return world.enter().scalars(statement).one()


def fill_slot(world: World, when: datetime) -> None:
    """Give the only technician other work at a time."""
    from tests.portal import work

    work.make_job(world, "assigned", starts_at=when, ends_at=when + timedelta(hours=2))


def company_of(world: World) -> Company:
    """Return the world's company, to change a setting of."""
    return world.enter().get_one(Company, world.company_id)


def _path(url: str) -> str:
    return urlsplit(url).path
