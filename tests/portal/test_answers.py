"""One-click answers: a mailed link is good once, for its customer, its step and its proposal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select

from app import clock
from app.models import Customer, Event
from app.services import messages
from app.services.messages import Written
from tests.harness import bookings
from tests.harness.clients import Client
from tests.harness.pages import Page
from tests.portal import doors

HANDS = 6


@pytest.fixture
def world(session):
    """The company on the preset that takes bookings."""
    return bookings.make_booking(session)


@pytest.fixture
def request_(world):
    """A request to which the company has proposed another time."""
    found = bookings.ask(world)
    bookings.propose(world, found, note="Would Wednesday do?")
    return found


@pytest.fixture
def mailed(world, request_):
    """The addresses in the proposal's mail, by the step they answer."""
    return bookings.mailed_answers(world)


@pytest.mark.feature("A01", "D1", 89)
def test_a_mail_scanner_decides_nothing(world, request_, mailed, new_client):
    for path in mailed.values():
        for method in ("HEAD", "GET", "GET", "GET"):
            assert new_client().open(path, method=method).status_code == 200

    assert request_.state == "counter_proposed"
    assert [link.used_at for link in bookings.answer_links(world)] == [None, None]
    assert doors.live_sessions(world) == []


@pytest.mark.feature(86, 99)
def test_the_page_shows_the_proposal_with_one_button(mailed, client):
    page = client.page(mailed["accept"])

    assert "Wednesday 5 March 2031" in page.text
    assert "10:00" in page.text
    assert "“Would Wednesday do?”" in page.text
    pressing = [form for form in page.forms if form.action.startswith("/p/acme/answer/")]
    assert [[text for text, _ in form.buttons] for form in pressing] == [["Accept"]]


@pytest.mark.feature(88, 86)
def test_the_button_takes_the_step_and_signs_in(world, request_, mailed, client):
    answer = client.submit(mailed["accept"], "Accept")

    assert answer.status_code == 303
    assert answer.location == f"/p/acme/requests/{request_.ref}"
    assert "Your appointment is confirmed" in client.page(answer.location).text
    assert request_.state == "approved"
    assert bookings.job_of(world, request_).starts_at == datetime(2031, 3, 5, 9, tzinfo=UTC)
    assert len(doors.live_sessions(world)) == 1


@pytest.mark.feature(86, 102)
def test_a_no_takes_what_would_suit_along(world, request_, mailed, client):
    button = "That time doesn't suit me"
    client.submit(mailed["decline_proposal"], button, note="Any Friday")

    assert request_.state == "under_review"
    event = world.enter().scalars(select(Event).order_by(Event.id.desc())).first()
    assert event.input["note"] == "Any Friday"


@pytest.mark.feature("A04", 128)
def test_a_used_link_lets_nobody_in_again(world, request_, mailed, client, new_client):
    page = client.page(mailed["accept"])
    client.submit(page, "Accept")
    thief = new_client()

    shown = Page(thief.get(mailed["accept"]))
    again = thief.post(mailed["accept"], data=doors.own_token(thief))

    assert (shown.status, again.status_code) == (409, 409)
    assert "You have used this link" in shown.text
    assert not doors.is_signed_in(thief, world)
    assert shown.has_button("Send me a fresh link")


@pytest.mark.feature("A04")
def test_with_the_answer_given_the_mails_other_link_is_dead_too(world, mailed, client, new_client):
    client.submit(mailed["accept"], "Accept")
    thief = new_client()

    shown = Page(thief.get(mailed["decline_proposal"]))

    assert shown.status == 409
    assert "You answered on" in shown.text
    assert not shown.has_button("See the request")
    thief.post(mailed["decline_proposal"], data={"go": "", **doors.own_token(thief)})
    assert not doors.is_signed_in(thief, world)


@pytest.mark.feature("A03", "G12")
def test_of_many_who_press_together_one_gets_through(world, request_, mailed, new_client):
    pages = []
    for _ in range(HANDS):
        browser = new_client()
        pages.append((browser, browser.page(mailed["accept"])))
    barrier = Barrier(HANDS)

    def press(pair: tuple[Client, Page]) -> int:
        barrier.wait()
        return pair[0].submit(pair[1], "Accept").status_code

    with ThreadPoolExecutor(HANDS) as pool:
        found = sorted(pool.map(press, pages))

    assert found == [303] + [409] * (HANDS - 1)
    assert len(doors.live_sessions(world)) == 1
    assert request_.state == "approved"


@pytest.mark.parametrize("change", [{"access": "none"}, {"archived_at": clock.now()}])
def test_a_link_dies_with_its_customers_access(world, mailed, client, change):
    row = world.enter().get_one(Customer, world.customer.id)
    for name, value in change.items():
        setattr(row, name, value)

    assert client.get(mailed["accept"]).status_code == 410


@pytest.mark.feature("D23", 178)
def test_another_companys_portal_does_not_know_the_link(world, session, mailed, client):
    other = bookings.make_booking(session, "other")
    world.enter()

    assert client.get(mailed["accept"].replace("acme", other.slug)).status_code == 410


@pytest.mark.feature("A12")
def test_what_is_stored_opens_nothing(world, mailed):
    stored = " ".join(
        f"{link.token_digest} {link.nonce} {link.target}" for link in bookings.answer_links(world)
    )
    row = bookings.newest_promise(world, "booking.counter_proposed")

    for path in mailed.values():
        token = path.rpartition("/")[2]
        assert token not in stored
        assert token not in str(row.payload)


@pytest.mark.feature("A12")
def test_what_is_kept_of_the_mail_opens_nothing(world, mailed):
    row = bookings.newest_promise(world, "booking.counter_proposed")
    written = messages.write(world.enter(), row, sms_works=False)
    assert isinstance(written, Written)

    assert "/answer/" not in written.said.text
    assert "/answer/" in written.paper.text


@pytest.mark.feature("B03")
def test_the_button_needs_its_own_page(mailed, client, request_):
    assert client.post(mailed["accept"]).status_code == 400
    assert request_.state == "counter_proposed"


@pytest.mark.feature("D23")
def test_the_link_opens_the_customer_it_was_made_for(world, mailed, new_client, request_):
    other = Customer(name="Nadia", email="nadia@customer.example", created_at=clock.now())
    world.enter().add(other)
    world.session.commit()
    browser = new_client()
    browser.submit(
        browser.page(doors.mailed_path(browser, world, email="nadia@customer.example")), "Continue"
    )

    browser.submit(mailed["accept"], "Accept")

    assert "Carla Customer" in browser.page("/p/acme/jobs").text
    event = world.enter().scalars(select(Event).order_by(Event.id.desc())).all()
    assert f"customer:{world.customer.id}" in {row.actor_ref for row in event}


@pytest.mark.feature("D16")
def test_who_has_a_phone_alone_can_answer_by_text(world, client):
    row = world.enter().get_one(Customer, world.customer.id)
    row.email, row.phone = None, "+49 731 123456"
    request = bookings.ask(world)
    bookings.propose(world, request)
    promise = bookings.newest_promise(world, "booking.counter_proposed")
    written = messages.write(world.enter(), promise, sms_works=True)
    assert isinstance(written, Written)
    text = written.paper.text
    path = "/" + text.split("/", 3)[3].split()[0]

    answer = client.submit(path, "Accept")

    assert request.state == "approved"
    assert "Your appointment is confirmed" in client.page(answer.location).text
    assert doors.live_sessions(world) == []
