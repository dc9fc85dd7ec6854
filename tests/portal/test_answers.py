"""One-click answers: a mailed link is good once, for its customer, its step and its proposal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app import clock
from app.actor import system
from app.models import Customer, Event, Job
from app.services import links, messages
from tests.harness import bookings
from tests.harness.clients import Client
from tests.harness.pages import Page
from tests.portal import doors
from workflows import engine

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


def job_of(world, request):
    statement = select(Job).where(Job.request_id == request.id)
    return world.enter().scalars(statement).one_or_none()


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
    assert job_of(world, request_).starts_at == datetime(2031, 3, 5, 9, tzinfo=UTC)
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
    again = thief.post(mailed["accept"], data=_token(thief))

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
    thief.post(mailed["decline_proposal"], data={"go": "", **_token(thief)})
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


@pytest.mark.feature("D15")
def test_a_newer_proposal_replaces_the_older_link(world, request_, mailed, client):
    bookings.propose(world, request_, bookings.SECOND)

    old = Page(client.get(mailed["accept"]))
    refused = client.post(mailed["accept"], data=_token(client))
    newest = bookings.mailed_answers(world)["accept"]

    assert old.status == 409
    assert "This was replaced by a newer proposal" in old.text
    assert "Thursday 6 March 2031" in old.text
    assert refused.status_code == 409
    assert request_.state == "counter_proposed"
    client.submit(newest, "Accept")
    assert job_of(world, request_).starts_at == datetime(2031, 3, 6, 13, 30, tzinfo=UTC)


@pytest.mark.feature("D15", 97)
def test_a_withdrawn_proposal_says_who_did_it_and_what_is_possible_now(
    world, request_, mailed, client
):
    bookings.move(world, request_, "withdraw")

    page = Page(client.get(mailed["accept"]))

    assert page.status == 409
    assert "This has moved on since our mail" in page.text
    assert "Dispatcher of Acme Plumbing changed it" in page.text
    assert "We're reviewing your request" in page.text
    assert page.has_button("Cancel request")
    assert not page.has_button("Accept")


@pytest.mark.feature(90, "D2")
def test_what_is_possible_now_is_asked_before_it_is_done(world, request_, mailed, client):
    bookings.move(world, request_, "withdraw")

    answer = client.submit(Page(client.get(mailed["accept"])), "Cancel request")
    shown = client.page(answer.location)

    assert answer.location == f"/p/acme/requests/{request_.ref}/cancel"
    assert request_.state == "under_review"
    client.submit(shown, "Cancel request")
    assert request_.state == "cancelled"


@pytest.mark.feature("D13", 88)
def test_a_slot_that_has_filled_goes_back_to_review_with_an_apology(
    world, request_, mailed, client
):
    bookings.fill_slot(world, datetime(2031, 3, 5, 9, tzinfo=UTC))

    answer = client.submit(mailed["accept"], "Accept")

    text = client.page(answer.location).text
    assert request_.state == "under_review"
    assert "We are sorry: that time has just gone" in text
    assert "We're reviewing your request" in text
    row = bookings.newest_promise(world, "booking.slot_gone")
    assert "We are sorry" in bookings.letter_of(world, row).text


@pytest.mark.feature("D2", 129)
def test_an_old_link_offers_a_fresh_one_for_the_same_step(world, request_, mailed, client):
    with clock.freeze(clock.now() + links.SENT_BY_STAFF + timedelta(minutes=1)):
        stale = Page(client.get(mailed["accept"]))
        sent = client.submit(stale, "Send me a fresh link")
        link = doors.newest_link(world)

        assert stale.status == 410
        assert "c•••@customer.example" in stale.text
        assert sent.location == "/p/acme/login/sent"
        way = client.submit(client.page(doors.path_of(link, world)), "Continue")

    assert way.location == f"/p/acme/requests/{request_.ref}/accept"
    assert request_.state == "counter_proposed"


def test_a_reminder_in_between_does_not_end_the_answer(world, request_, mailed, client):
    with clock.freeze(clock.now() + timedelta(hours=12)):
        event = request_.event_seq
        _remind(world, request_)
        assert request_.event_seq == event + 1
        client.submit(mailed["accept"], "Accept")

    assert request_.state == "approved"


@pytest.mark.feature("D25")
def test_a_link_dies_with_the_address_it_was_sent_to(world, request_, mailed, client):
    world.enter().get_one(Customer, world.customer.id).email = "new@customer.example"

    assert client.get(mailed["accept"]).status_code == 410
    assert client.post(mailed["accept"], data=_token(client)).status_code == 410
    assert request_.state == "counter_proposed"


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
    text = messages.write(world.enter(), promise, sms_works=True).paper.text
    path = "/" + text.split("/", 3)[3].split()[0]

    answer = client.submit(path, "Accept")

    assert request.state == "approved"
    assert "Your appointment is confirmed" in client.page(answer.location).text
    assert doors.live_sessions(world) == []


def _remind(world, request) -> None:
    order = engine.Order("nudge_customer", system(world.company_id))
    engine.note(world.enter(), request, order, (), at=clock.now())
    world.session.flush()


def _token(client: Client) -> dict[str, str]:
    """Return what a form of ours would send to show that it is ours."""
    value = client.page("/p/acme/login").form("Send me a link").value("csrf_token")
    return {"csrf_token": value or ""}
