"""Which services a form offers: the whole catalogue, or what can be booked."""

import pytest

from app import clock
from app.models import Service
from tests.harness import bookings
from tests.harness.world import make_world
from tests.portal import doors, work

FORM = "/p/acme/requests/new"


def stock(world) -> None:
    """Give a company a bookable service, one that is not, and one from the archive."""
    world.enter().add_all(
        [
            Service(name={"en": "Leak repair"}, bookable=True),
            Service(name={"en": "Boiler exchange"}, bookable=False),
            Service(name={"en": "Stove sweeping"}, archived_at=clock.now()),
        ]
    )
    world.session.commit()


@pytest.mark.feature(7)
def test_a_service_is_picked_from_the_whole_catalogue(session, client):
    world = make_world(session, preset="booking_request")
    stock(world)
    doors.sign_in(client, world)

    text = client.page(FORM).text

    assert "Leak repair" in text
    assert "Boiler exchange" in text
    assert "Stove sweeping" not in text
    assert "Something else" not in text


@pytest.mark.feature(8, 9)
def test_bookings_offer_what_can_be_booked_and_ones_own_words(session, client):
    world = bookings.make_booking(session)
    stock(world)
    doors.sign_in(client, world)

    text = client.page(FORM).text

    assert "Leak repair" in text
    assert "Something else" in text
    assert "Boiler exchange" not in text


@pytest.mark.feature(33)
def test_bookings_can_not_ask_for_a_recurring_plan(session, client):
    world = bookings.make_booking(session)
    doors.sign_in(client, world)
    page = client.page(FORM)

    client.submit(page, "Submit Request", service_text="Tap", date_1="2031-03-03", kind="recurring")

    assert "Regular visits" not in page.text
    assert [row.kind for row in work.requests_of(world)] == ["one_time"]
