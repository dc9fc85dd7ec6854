"""A mailed yes against what staff and customer do at the same moment: exactly one wins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.models import Event, Job
from tests.harness import bookings
from tests.harness.clients import Client
from tests.harness.pages import Page
from tests.harness.world import PASSWORD
from tests.portal import doors

ROUNDS = 4


@pytest.fixture
def world(session):
    """The company on the preset that takes bookings."""
    return bookings.make_booking(session)


@pytest.fixture
def dispatcher(world, new_client: Callable[[], Client]) -> Client:
    """The dispatcher's browser, signed in."""
    client = new_client()
    client.submit("/admin/login", "Sign in", email="dispatcher@acme.example", password=PASSWORD)
    return client


def together(*presses: Callable[[], int]) -> list[int]:
    """Let all press at the same moment; return the answers' codes."""
    barrier = Barrier(len(presses))

    def wait_and(press: Callable[[], int]) -> int:
        barrier.wait()
        return press()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(wait_and, presses))


def press(client: Client, page: Page, button: str) -> Callable[[], int]:
    form = page.form(button)
    return lambda: client.post(form.action, data=form.filled()).status_code


@pytest.mark.feature("D13", "D14", "D15", "G12")
def test_a_mailed_yes_against_a_withdrawal_and_a_cancellation(world, dispatcher, new_client):
    carla = new_client()
    doors.sign_in(carla, world)
    for _ in range(ROUNDS):
        request = bookings.ask(world)
        bookings.propose(world, request)
        path = bookings.mailed_answers(world)["accept"]
        phone = new_client()
        yes = press(phone, phone.page(path), "Accept")
        staff = dispatcher.page(f"/admin/requests/{request.id}")
        withdraw = press(dispatcher, staff, "Withdraw proposal")
        step = carla.page(f"/p/acme/requests/{request.ref}/cancel")
        cancel = press(carla, step, "Cancel request")

        codes = together(yes, withdraw, cancel)

        assert codes.count(303) == 1, codes
        assert sorted(codes)[1:] == [409, 409]
        rows = world.enter().scalars(select(Event).where(Event.subject_id == request.id))
        steps = [row.trigger for row in rows if row.subject == "request" and row.from_state]
        assert len(steps) == 2, steps  # the proposal, and the one that won
        jobs = world.session.scalars(select(Job).where(Job.request_id == request.id)).all()
        assert len(jobs) == (request.state == "approved")
