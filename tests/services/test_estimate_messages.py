"""What goes out about estimates: both copies of a request, the offer, and who is told."""

import pytest
from sqlalchemy import select

from app import clock
from app.models import OutboxMessage
from tests.harness import offers
from tests.harness.world import make_world
from tests.services.messaging import customer, letter


@pytest.fixture
def bridge(session):
    return make_world(session, preset="estimate_request")


def ask(world):
    """Hand in a request with a new address and a new person."""
    request = world.hand_in(
        location="other", street="12 New Street", city="Ulm", contact="other",
        contact_name="Zoe Porter", contact_phone="+49 731 5550199",
        contact_email="zoe@porter.example", description="Please rewire the attic.",
        date_1="2031-03-10", date_1_time="09:30",
    )  # fmt: skip
    world.session.flush()
    return request


def newest(world, message: str) -> OutboxMessage:
    rows = world.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()))
    found: OutboxMessage = next(r for r in rows if r.payload.get("message") == message)
    return found


@pytest.mark.feature(109)
def test_the_companys_copy_says_who_asks_for_what_and_the_estimates_number(bridge):
    ask(bridge)

    text = letter(bridge, newest(bridge, "request.company_copy")).text

    for words in ("Carla Customer", "Zoe Porter", "zoe@porter.example", "+49 731 5550199", "E-1",
                  "Please rewire the attic.", "12 New Street"):  # fmt: skip
        assert words in text


@pytest.mark.feature(109)
def test_without_a_person_named_the_customer_is_the_contact(bridge):
    bridge.hand_in(date_1="2031-03-10", date_1_time="09:30")
    bridge.session.flush()

    text = letter(bridge, newest(bridge, "request.company_copy")).text

    assert "Contact: Carla Customer" in text
    assert "E-mail: carla@customer.example" in text


@pytest.mark.feature(110)
@pytest.mark.parametrize(("language", "word"), [("en", "Address"), ("de", "Adresse")])
def test_the_customers_copy_says_where_whom_and_what_in_their_language(bridge, language, word):
    customer(bridge).language = language
    ask(bridge)

    text = letter(bridge, newest(bridge, "request.customer_copy")).text

    for words in (f"{word}: 12 New Street", "Zoe Porter", "Please rewire the attic.", "E-1"):
        assert words in text


def test_the_offer_names_its_total_and_leads_to_it(bridge):
    customer(bridge).language = "de"
    request = ask(bridge)
    estimate = offers.quote(bridge, request, "approve")

    found = letter(bridge, newest(bridge, "booking.quoted"))

    assert "E-1 erstellt: 285,48\xa0€" in found.text
    assert f"/p/acme/estimates/{estimate.ref}" in found.text
    assert "Gültig bis: Freitag, 31. Januar 2031" in found.text


def test_an_offer_without_a_request_can_be_answered_from_the_mail(world):
    estimate = offers.make_estimate(world, "sent", at=clock.now())

    text = letter(world, newest(world, "estimate.sent")).text

    assert f"/p/acme/estimates/{estimate.ref}/accept" in text
    assert f"/p/acme/estimates/{estimate.ref}/decline" in text
    assert "A new tap, €142.80" in text


def test_staff_are_led_to_their_own_page_of_it(world):
    estimate = offers.make_estimate(world, "declined")

    text = letter(world, newest(world, "estimate.was_declined")).text

    assert f"/admin/estimates/{estimate.id}" in text
