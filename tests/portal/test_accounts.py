"""How we reach you: a customer chooses channel and language, and nothing else of the record."""

import pytest

from app.models import Customer
from tests.harness.pages import Page
from tests.portal import doors, work

PAGE = "/p/acme/accounts"


@pytest.mark.feature(106)
def test_a_customer_chooses_texts_and_a_language(carla, world):
    doors.customer(world).phone = "+49 731 1234567"

    answer = carla.submit(carla.page(PAGE), "Save", channel="sms", language="de")

    assert answer.location == PAGE
    row = doors.customer(world)
    assert (row.channel, row.language) == ("sms", "de")
    text = carla.page(PAGE).text
    assert "So erreichen wir Sie" in text
    assert "Save" not in text


@pytest.mark.feature(106, "D16")
def test_without_a_number_texts_are_refused_beside_the_question(carla, world):
    page = carla.page(PAGE)

    answer = carla.submit(page, "Save", channel="sms")

    assert answer.status_code == 422
    assert "There is no phone number on record" in Page(answer).text
    assert doors.customer(world).channel == "email"


@pytest.mark.feature(185, "C03")
def test_nothing_else_of_the_record_can_be_changed_here(carla, world):
    before = {c.key: getattr(doors.customer(world), c.key) for c in Customer.__table__.columns}
    page = carla.page(PAGE)

    carla.submit(
        page, "Save", name="Mallory", email="m@x.example", phone="1", access="none",
        requests="on", onboarded_at="2030-01-01", company_id="2", notes="x", sla_hours="1",
    )  # fmt: skip

    row = doors.customer(world)
    assert {c.key: getattr(row, c.key) for c in Customer.__table__.columns} == before


@pytest.mark.feature(185)
def test_a_choice_that_is_not_offered_is_refused(carla, world):
    answer = carla.submit(PAGE, "Save", channel="pigeon", language="xx")

    assert answer.status_code == 422
    assert doors.customer(world).language == "en"


def test_the_page_is_found_from_every_page(carla, world):
    work.make_job(world)

    assert carla.page("/p/acme/jobs").link("How we reach you") == PAGE
