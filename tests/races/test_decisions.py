"""Three people decide on one request at the same instant: one wins, the others read who did."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from app import failpoints
from app.models import Event, Job, OutboxMessage, Request, Staff
from tests.harness.clients import Client
from tests.harness.pages import Page
from tests.harness.world import PASSWORD, World

REASON = "Sorry, this is outside our area."
LATE = 409


@dataclass
class Person:
    """Somebody with the form of a step open, about to press its button."""

    name: str
    client: Client
    trigger: str
    answer: int = 0
    text: str = ""

    def open(self, request_id: int) -> Callable[[], None]:
        """Open the form; return the pressing of its button."""
        address = f"/admin/requests/{request_id}/{self.trigger}"
        form = Page(self.client.get(address)).form(_BUTTON[self.trigger])
        data = form.filled(**({"reason": REASON} if self.trigger == "decline" else {}))

        def press() -> None:
            answer = self.client.post(form.action, data=data)
            self.answer, self.text = answer.status_code, answer.text

        return press


_BUTTON = {"approve": "Approve & Create Job", "decline": "Decline and tell the customer"}


@pytest.fixture
def people(world: World, new_client: Callable[[], Client]) -> list[Person]:
    """Two dispatchers and an owner, signed in, each with a browser of their own."""
    second = Staff(email="second@acme.example", name="Second Doe", role="dispatcher")
    first = world.session.get_one(Staff, world.dispatcher.id)
    second.password_hash, second.created_at = first.password_hash, first.created_at
    world.session.add(second)
    world.session.commit()
    found = []
    for email, trigger in (
        ("dispatcher@acme.example", "approve"),
        ("second@acme.example", "approve"),
        ("owner@acme.example", "decline"),
    ):
        client = new_client()
        client.submit("/admin/login", "Sign in", email=email, password=PASSWORD)
        found.append(Person(email, client, trigger))
    return found


def decide_at_once(people: list[Person], request_id: int) -> None:
    """Have everybody open the form, then press at the same instant."""
    presses = [person.open(request_id) for person in people]
    barrier = Barrier(len(presses))

    def run(press: Callable[[], None]) -> None:
        barrier.wait()
        press()

    threads = [Thread(target=run, args=(press,)) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def new_request(world: World) -> int:
    """Hand in a request and return its id."""
    request = world.hand_in()
    world.session.commit()
    return request.id


def check_one_winner(world: World, people: list[Person], request_id: int) -> None:
    """One step taken, at most one job, one kind of mail; the losers read who was first."""
    session = world.enter()
    request = session.get_one(Request, request_id)
    winners = [person for person in people if person.answer == 303]
    assert len(winners) == 1, [(person.name, person.answer) for person in people]
    assert request.state == {"approve": "approved", "decline": "declined"}[winners[0].trigger]
    assert request.event_seq == 2
    losers = [person for person in people if person not in winners]
    steps = select(Event).where(Event.subject == "request", Event.subject_id == request_id)
    decider = session.scalars(steps.where(Event.seq == 2)).one().actor_name
    for loser in losers:
        assert loser.answer == LATE
        assert decider in loser.text
    jobs = session.scalar(select(func.count(Job.id)).where(Job.request_id == request_id))
    assert jobs == (1 if request.state == "approved" else 0)
    mails = select(OutboxMessage.payload).where(
        OutboxMessage.subject == "request", OutboxMessage.subject_id == request_id
    )
    assert [mail["message"] for mail in session.scalars(mails)] == [f"booking.{request.state}"]


@pytest.mark.feature("D6")
@pytest.mark.parametrize("rounds", [20, pytest.param(100, marks=pytest.mark.long)])
def test_two_approve_and_one_declines_at_the_same_instant(world, people, rounds):
    failpoints.arm("after_state_check=sleep:0.01")
    for _ in range(rounds):
        request_id = new_request(world)

        decide_at_once(people, request_id)

        check_one_winner(world, people, request_id)
        world.session.rollback()


def test_without_the_lock_a_loser_gets_something_worse(world, people):
    """The twin that shows the test above can fail."""
    failpoints.arm("skip_row_lock=on,after_state_check=sleep:0.3")
    request_id = new_request(world)

    decide_at_once(people, request_id)

    with pytest.raises(AssertionError):
        check_one_winner(world, people, request_id)
