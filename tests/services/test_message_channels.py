"""Whom a message reaches, and by what: mail, a text, or nobody and then staff are told."""

import pytest

from app import clock
from app.letters import Letter, TextMessage
from app.models import Staff
from app.services import addressees
from app.services.messages import Unwritten
from tests.services.messaging import (
    JANUARY,
    company,
    customer,
    decide,
    in_words,
    own_words,
    write,
)
from workflows import versions


@pytest.fixture(autouse=True)
def _january():
    with clock.freeze(JANUARY):
        yield
    versions.forget()  # some tests reword theirs


@pytest.mark.feature("D16", 106)
def test_a_customer_with_a_phone_alone_gets_a_text(world):
    customer(world).email, customer(world).phone = None, "+49 731 123456"

    written = write(world, decide(world, "approve"), sms_works=True)

    assert isinstance(written.paper, TextMessage)
    assert written.paper.to == "+49731123456"
    assert written.paper.text.startswith("Acme Plumbing: Your request")
    assert written.said.channel == "sms"


@pytest.mark.feature("D16")
def test_without_a_text_message_service_staff_are_told_to_ring(world):
    customer(world).email, customer(world).phone = None, "+49 731 123456"

    assert write(world, decide(world, "approve")) == Unwritten(addressees.NO_SMS)


@pytest.mark.feature("D16")
def test_without_any_address_staff_are_told(world):
    customer(world).email = None

    assert write(world, decide(world, "approve"), sms_works=True) == Unwritten(
        addressees.NO_ADDRESS
    )


@pytest.mark.feature(106)
def test_a_customer_who_prefers_texts_gets_the_definitions_own_words_for_them(world):
    customer(world).channel, customer(world).phone = "sms", "0731 123456"
    company(world).phone, company(world).channels = "+49 731 1", {}
    row = decide(world, "approve")
    own_words(
        world, row, email={"en": in_words()}, sms={"en": {"body": "{{company.name}}: confirmed."}}
    )

    paper = write(world, row, sms_works=True).paper

    assert paper.to == "+49731123456"
    assert paper.text.startswith("Acme Plumbing: confirmed.")


@pytest.mark.feature(106)
def test_who_prefers_texts_gets_mail_while_texts_do_not_work(world):
    customer(world).channel, customer(world).phone = "sms", "+49731123456"

    assert isinstance(write(world, decide(world, "approve")).paper, Letter)


def test_a_number_nobody_can_dial_is_told_to_staff(world):
    customer(world).email, customer(world).phone = None, "ask the porter"

    assert write(world, decide(world, "approve"), sms_works=True) == Unwritten(addressees.NO_NUMBER)


def test_somebody_who_left_is_not_written_to(world):
    row = decide(world, "approve")
    row.recipient = f"staff:{world.dispatcher.id}"
    world.session.get_one(Staff, world.dispatcher.id).disabled_at = clock.now()

    assert write(world, row) == Unwritten(addressees.LEFT)
