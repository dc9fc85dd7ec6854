"""Leads: requests and sign-ups in one list, by source and outcome."""

from datetime import timedelta

import pytest

from app import clock
from app.models import Customer
from app.services import leads, requests
from tests.admin.conftest import statements
from tests.harness import bookings
from tests.harness.world import make_world

pytestmark = pytest.mark.feature(48)
LIST = "/admin/leads/"


@pytest.fixture
def world(session):
    """The company on the preset that works with leads."""
    return bookings.make_booking(session)


def sign_up(world, name, outcome=None, *, at=None) -> Customer:
    """Add somebody who made an account of their own."""
    at = at or clock.now()
    row = Customer(name=name, email=f"{name.lower()}@x.example", created_at=at, signed_up_at=at)
    row.lead_outcome = outcome
    world.enter().add(row)
    world.session.flush()
    return row


def three(world):
    """One open request, one declined, one sign-up that was won."""
    asked = bookings.ask(world, service_text="Open tap")
    lost = bookings.ask(world, service_text="Lost tap")
    bookings.move(world, lost, "decline", reason="That is outside our area.")
    return asked, lost, sign_up(world, "Nadia", "won")


def test_a_request_is_a_lead_from_the_moment_it_is_sent(world, dispatcher):
    request = bookings.ask(world, service_text="A dripping tap")

    page = dispatcher.page(LIST)

    assert page.link("A dripping tap") == f"/admin/requests/{request.id}"
    assert "Carla Customer Portal" in page.text
    assert "Open" in page.text


def test_what_the_team_takes_by_phone_says_so(world, dispatcher):
    form = requests.HandedIn(
        world.answers(service="", service_text="By phone", date_1="2031-03-03"), "by-phone-1"
    )
    requests.submit(world.enter(), world.dispatcher, world.customer.id, form, at=clock.now())

    assert "Taken by the team" in dispatcher.page(LIST).text.partition("By phone")[2]


def test_each_line_opens_its_record(world, dispatcher):
    asked, lost, joined = three(world)

    page = dispatcher.page(LIST)

    assert page.link("Open tap") == f"/admin/requests/{asked.id}"
    assert page.link("Lost tap") == f"/admin/requests/{lost.id}"
    assert page.link("Nadia") == f"/admin/customers/{joined.id}"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"outcome": "open"}, {"Open tap"}),
        ({"outcome": "lost"}, {"Lost tap"}),
        ({"outcome": "won"}, {"Nadia"}),
        ({"source": "signup"}, {"Nadia"}),
        ({"source": "portal"}, {"Open tap", "Lost tap"}),
        ({"source": "portal", "outcome": "won"}, set()),
        ({"source": "nonsense", "outcome": "'; --"}, {"Open tap", "Lost tap", "Nadia"}),
    ],
)
def test_chips_narrow_the_list(world, dispatcher, query, shown):
    three(world)

    text = dispatcher.page(LIST, query_string=query).text

    assert {name for name in ("Open tap", "Lost tap", "Nadia") if name in text} == shown


def test_the_list_goes_on_page_by_page_without_losing_one(world):
    at = clock.now()
    for number in range(7):
        # Several at one moment: the key alone tells them apart.
        bookings.ask(world, at=at - timedelta(minutes=number // 2), service_text=f"Tap {number}")
        sign_up(world, f"Person{number}", at=at - timedelta(minutes=number // 2))
    found, after = [], None
    while True:
        page = leads.page(world.enter(), world.owner, after=after, limit=3)
        found += [(lead.request or lead.customer) for lead in page.rows]
        after = page.next
        if after is None:
            break

    assert len(found) == len(set(map(id, found))) == 14


def test_the_list_costs_the_same_among_many(world, dispatcher):
    three(world)
    dispatcher.get(LIST)
    with statements() as few:
        dispatcher.get(LIST)
    for number in range(12):
        bookings.ask(world, service_text=f"Tap {number}")
        sign_up(world, f"Person{number}")
    world.session.commit()

    with statements() as many:
        dispatcher.get(LIST)

    assert len(few) == len(many) <= 8, many


def test_another_companys_leads_are_not_there(world, session, dispatcher):
    other = bookings.make_booking(session, "other")
    bookings.ask(other, service_text="Secret tap")
    world.enter()

    assert "Secret tap" not in dispatcher.page(LIST).text


def test_a_company_without_leads_has_no_such_line_in_its_menu(session, sign_in, world, dispatcher):
    plain = make_world(session, "plain", preset="service_request")

    assert LIST in dispatcher.get("/admin/requests/").text
    assert LIST not in sign_in(plain, plain.dispatcher).get("/admin/requests/").text
