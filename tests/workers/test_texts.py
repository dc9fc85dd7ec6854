"""Answers by text message to those who wish it, carried by the real courier and Apprise."""

import threading
from collections.abc import Iterator

import pytest

from app.gateways.sms import SmsLine
from app.models import Customer
from app.services import requests
from tests.gateways.test_sms import Service
from tests.harness import bookings
from tests.portal import doors
from tests.workers.conftest import mail_line

pytestmark = [
    pytest.mark.feature(89, 106),
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]


@pytest.fixture
def service() -> Iterator[Service]:
    """A text message service on loopback."""
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def world(session):
    """The company on the preset that takes bookings; its customer has a phone."""
    made = bookings.make_booking(session)
    made.session.get_one(Customer, made.customer.id).phone = "+49 731 1234567"
    made.session.commit()
    return made


def test_who_chose_texts_gets_the_answer_on_the_phone(world, client, service, courier, mailbox):
    doors.sign_in(client, world)
    client.submit("/p/acme/accounts", "Save", channel="sms")
    line = SmsLine(f"json://127.0.0.1:{service.server_port}/{{to}}")
    request = bookings.ask(world)
    bookings.move(world, request, "approve", at=None, **_job(world, request))
    world.session.commit()

    courier(email=mail_line(mailbox.port), sms=line).carry_batch()

    texts = [words for to, words in service.sent if to == "/+497311234567"]
    assert any("confirmed" in words and "3 March 2031" in words for words in texts)
    # The way in goes by mail whatever was chosen; the answer does not come twice.
    assert not [words for words in texts if "/enter/" in words]
    subjects = [mail.subject for mail in mailbox.to("carla@customer.example")]
    assert len(subjects) == 1
    assert "Confirmed" not in subjects[0]


def test_a_proposal_by_text_is_answered_in_the_portal(world, client, service, courier, mailbox):
    world.enter().get_one(Customer, world.customer.id).channel = "sms"
    line = SmsLine(f"json://127.0.0.1:{service.server_port}/{{to}}")
    request = bookings.ask(world)
    bookings.propose(world, request)
    world.session.commit()

    courier(email=mail_line(mailbox.port), sms=line).carry_batch()

    [text] = [words for _, words in service.sent if "could we come on" in words]
    assert f"/p/acme/requests/{request.ref}" in text


def test_without_a_text_service_the_answer_comes_by_mail(world, courier, mailbox):
    world.enter().get_one(Customer, world.customer.id).channel = "sms"
    request = bookings.ask(world)
    bookings.propose(world, request)
    world.session.commit()

    courier(email=mail_line(mailbox.port)).carry_batch()

    assert [each for each in mailbox.deliveries if each.subject.startswith("Another time")]


def _job(world, request) -> dict[str, str]:
    return requests.prefill(world.enter(), request)
