"""What each kind of trouble with a mail server does to the outbox."""

from datetime import timedelta

import pytest

from app import clock
from app.db import db
from app.gateways import mail
from app.models import Customer
from app.services import messages, slots
from app.tenancy import all_companies
from tests.gateways.odd_server import odd_server
from tests.harness import mailboxes
from tests.harness.servers import free_port
from tests.workers.conftest import mail_line


@pytest.fixture
def noon():
    with clock.freeze(clock.now().replace(microsecond=0)) as at:
        yield at


def paused():
    with all_companies(db.session()):
        found = slots.pauses(db.session(), at=clock.now())
    db.session.rollback()
    return found


def after(seconds):
    return clock.freeze(clock.now() + timedelta(seconds=seconds))


def test_an_address_that_is_refused_blocks_nobody_else(post, courier, mailbox):
    ids = post.promise(5)
    mailbox.plan(mailboxes.ACCEPT, mailboxes.REFUSE_RECIPIENT)

    courier(email=mail_line(mailbox.port)).carry_batch()

    assert len(mailbox.deliveries) == 4
    refused = post.row(ids[1])
    assert refused.status == "gave_up"
    assert refused.reason == f"{mail.ADDRESS_REFUSED}\n550 5.1.1 No such person"
    assert (refused.sent_to, refused.sent_subject) == ("carla@customer.example", "News about")


@pytest.mark.parametrize("answer", [mailboxes.PUT_OFF, mailboxes.PUT_OFF_RECIPIENT])
def test_what_is_put_off_is_tried_again_later_with_the_same_message_id(
    post, courier, mailbox, noon, answer
):
    [id_] = post.promise()
    mailbox.plan(answer)
    courier(email=mail_line(mailbox.port)).carry_batch()
    assert (post.row(id_).status, post.row(id_).attempts) == ("retrying", 1)

    courier(email=mail_line(mailbox.port)).carry_batch()
    assert mailbox.deliveries == []
    with after(30):
        courier(email=mail_line(mailbox.port)).carry_batch()

    assert [each.message["Message-ID"] for each in mailbox.deliveries] == [
        messages.message_id(post.row(id_))
    ]


def test_a_server_that_takes_one_in_ten_gets_all_ten_in_time(post, courier, mailbox, noon):
    post.promise(10)
    mailbox.plan(*[mailboxes.PUT_OFF] * 9)
    courier(email=mail_line(mailbox.port)).carry_batch()

    with after(60):
        courier(email=mail_line(mailbox.port)).carry_batch()

    assert len(mailbox.deliveries) == 10
    assert paused() == {}


def test_a_server_that_is_not_there_is_left_alone_after_three_tries(post, courier, noon):
    post.promise(10)

    courier(email=mail_line(free_port())).carry_batch()

    assert [row.attempts for row in post.rows()] == [1] * 3 + [0] * 7
    assert paused()["email"].startswith(mail.SILENT)
    assert post.rows()[9].reason.startswith(mail.SILENT)


def test_during_a_pause_nobody_is_asked_and_afterwards_everything_goes(
    post, courier, mailbox, noon
):
    post.promise(10)
    courier(email=mail_line(free_port())).carry_batch()

    post.promise(1, "fresh")
    courier(email=mail_line(mailbox.port)).carry_batch()
    assert mailbox.attempts == 0
    with after(60):
        courier(email=mail_line(mailbox.port)).carry_batch()

    assert len(mailbox.deliveries) == 11


@pytest.mark.parametrize("stage", ["BANNER", "MAIL", "DATA", "end"])
def test_a_server_that_hangs_stops_the_round_and_loses_nothing(post, courier, noon, stage):
    post.promise(6)
    with odd_server(**{stage: ""}) as server:
        courier(email=mail_line(server.port)).carry_batch()
        assert post.statuses() == ["retrying"] * 3 + ["waiting"] * 3
        server.says.clear()
        with after(60):
            courier(email=mail_line(server.port)).carry_batch()

    assert post.statuses() == ["sent"] * 6


def test_our_own_credentials_refused_pause_everything_and_cost_no_try(post, courier, noon):
    post.promise(5)
    with odd_server(MAIL="535 5.7.8 sign in") as server:
        courier(email=mail_line(server.port)).carry_batch()

    assert server.connections == 1
    assert [row.attempts for row in post.rows()] == [0] * 5
    assert paused()["email"].startswith(mail.LOCKED_OUT)


def test_once_the_credentials_are_right_it_goes_on_by_itself(post, courier, noon):
    post.promise(5)
    with odd_server(MAIL="535 5.7.8 sign in") as server:
        courier(email=mail_line(server.port)).carry_batch()
        server.says.clear()
        with after(61):
            courier(email=mail_line(server.port)).carry_batch()

    assert post.statuses() == ["sent"] * 5


def test_a_paused_mail_server_keeps_no_text_message(post, courier, world, noon):
    sent = []

    class Texts:
        def connect(self):
            pass

        def send(self, paper):
            sent.append(paper.to)

        def close(self):
            pass

    world.enter()
    world.session.get_one(Customer, world.customer.id).phone = "+49 731 123456"
    world.session.commit()
    post.promise(4)
    courier(email=mail_line(free_port()), sms=Texts()).carry_batch()
    world.enter()
    world.session.get_one(Customer, world.customer.id).email = None
    world.session.commit()
    post.promise(1, "text")

    courier(email=mail_line(free_port()), sms=Texts()).carry_batch()

    assert sent == ["+49731123456"]
