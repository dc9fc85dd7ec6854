"""One round of deliveries: nothing lost, nothing twice, and nobody stands before the others."""

import email
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, failpoints
from app.db import db
from app.errors import GatewayError
from app.gateways import mail
from app.models import Customer, KeptMail
from app.services import delivery, messages, slots
from app.tenancy import all_companies
from app.workers import courier as carrying
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


@pytest.mark.feature(105)
def test_what_is_promised_goes_out_and_is_marked(post, courier, mailbox):
    [id_] = post.promise()

    courier(email=mail_line(mailbox.port)).carry_batch()

    [taken] = mailbox.deliveries
    assert taken.recipients == ("carla@customer.example",)
    row = post.row(id_)
    assert (row.status, row.sent_to, row.channel) == ("sent", "carla@customer.example", "email")
    assert row.sent_text is not None
    assert "there is news" in row.sent_text


def test_a_batch_of_many_companies_goes_out_over_one_connection(post, stranger, courier):
    theirs = type(post)(stranger)
    theirs.promise(3, "theirs")
    post.promise(3)
    with odd_server() as server:
        courier(email=mail_line(server.port)).carry_batch()

    assert {*post.statuses(), *theirs.statuses()} == {"sent"}
    assert server.connections == 1


def test_no_transaction_is_open_while_the_server_is_spoken_to(post, courier):
    open_ones = []

    class Watching:
        def connect(self):
            open_ones.append(db.session().in_transaction())

        def send(self, paper):
            open_ones.append(db.session().in_transaction())

        def close(self):
            pass

    post.promise(3)
    courier(email=Watching()).carry_batch()

    assert open_ones == [False] * 6


def test_without_a_mail_server_letters_are_kept_and_count_as_sent(post, courier, world):
    post.promise(2)

    courier().carry_batch()

    assert post.statuses() == ["sent", "sent"]
    kept = world.session.scalars(select(KeptMail)).all()
    assert [letter.to for letter in kept] == ["carla@customer.example"] * 2


def test_an_address_that_is_refused_blocks_nobody_else(post, courier, mailbox):
    ids = post.promise(5)
    mailbox.plan(mailboxes.ACCEPT, mailboxes.REFUSE_RECIPIENT)

    courier(email=mail_line(mailbox.port)).carry_batch()

    assert len(mailbox.deliveries) == 4
    refused = post.row(ids[1])
    assert refused.status == "gave_up"
    assert refused.reason == f"{mail.ADDRESS_REFUSED}\n550 5.1.1 No such person"


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


@pytest.mark.feature("D16")
def test_who_can_not_be_told_is_given_up_with_the_reason(post, courier, world, mailbox):
    world.session.get_one(Customer, world.customer.id).email = None
    world.session.commit()
    [id_] = post.promise()

    courier(email=mail_line(mailbox.port)).carry_batch()

    assert post.row(id_).status == "gave_up"
    assert "Tell them yourself" in post.row(id_).reason


def test_a_message_our_own_code_fails_on_is_put_off_and_the_others_go(
    post, courier, mailbox, noon, monkeypatch
):
    ids = post.promise(3)
    whole = messages.write

    def write(session, row, **rest):
        if row.id == ids[0]:
            raise ZeroDivisionError
        return whole(session, row, **rest)

    monkeypatch.setattr(messages, "write", write)
    with pytest.raises(ZeroDivisionError):
        courier(email=mail_line(mailbox.port)).carry_batch()
    courier(email=mail_line(mailbox.port)).carry_batch()

    assert post.statuses() == ["retrying", "sent", "sent"]
    assert post.row(ids[0]).reason == carrying.OUR_FAULT


def test_a_crash_after_the_servers_yes_repeats_the_same_bytes(post, courier, noon):
    post.promise()
    with odd_server() as server:
        failpoints.arm("after_smtp=raise")
        with pytest.raises(failpoints.FailpointRaised):
            courier(email=mail_line(server.port)).carry_batch()
        failpoints.arm("")
        with after(60):
            courier(email=mail_line(server.port)).carry_batch()

    first, second = server.messages
    assert first == second
    assert email.message_from_bytes(first)["Message-ID"] == messages.message_id(post.rows()[0])


def test_a_courier_told_to_stop_gives_back_what_it_has_not_begun(post, mailbox, app):
    post.promise(5)
    stops = iter([False, False, True])
    with_two = carrying.Courier({"email": mail_line(mailbox.port)}, lambda: next(stops, True))

    with_two.carry_batch()
    with_two.close()

    assert post.statuses() == ["sent"] * 2 + ["waiting"] * 3
    assert all(row.claimed_until is None for row in post.rows())


def test_a_lease_about_to_end_is_renewed_before_the_next_letter(post, courier, noon):
    post.promise(2)
    letters: list[object] = []

    def another_claims(at):
        with all_companies(db.session()):
            found = delivery.claim(db.session(), at=at)
        db.session.rollback()
        return found

    class Slow:
        def connect(self):
            pass

        def send(self, paper):
            letters.append(paper)
            if len(letters) == 1:
                clock._frozen.set(noon + timedelta(seconds=40))
            else:
                assert another_claims(noon + timedelta(seconds=70)) == []

        def close(self):
            pass

    courier(email=Slow()).carry_batch()

    assert len(letters) == 2


def test_a_letter_whose_lease_was_lost_is_left_to_who_has_it_now(post, courier, mailbox, noon):
    post.promise(2)
    line = mail_line(mailbox.port)
    late = noon + timedelta(minutes=5)

    class Stalled:
        """Takes five minutes to connect the first time; by then another has taken all."""

        waited = False

        def connect(self):
            if not self.waited:
                self.waited = True
                clock._frozen.set(late)
                carrying.Courier({"email": line}).carry_batch()

        def send(self, paper):
            raise AssertionError("this letter is somebody else's by now")

        def close(self):
            line.close()

    courier(email=Stalled()).carry_batch()

    assert len(mailbox.deliveries) == 2


def test_four_couriers_deliver_a_thousand_letters_once_each(app, post):
    ids = post.promise(1000)
    errors: list[BaseException] = []
    with odd_server() as server:

        def work() -> None:
            with app.app_context():
                mine = carrying.Courier({"email": mail_line(server.port)})
                try:
                    while mine.carry_batch():
                        pass
                except (GatewayError, AssertionError) as error:
                    errors.append(error)
                mine.close()

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    said = [email.message_from_bytes(each)["Message-ID"] for each in server.messages]
    assert errors == []
    assert len(said) == len(set(said)) == len(ids)
    assert set(post.statuses()) == {"sent"}
