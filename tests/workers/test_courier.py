"""One round of deliveries: nothing lost, nothing twice, and nobody stands before the others."""

import email
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, failpoints
from app.db import db
from app.errors import GatewayError
from app.models import Customer, KeptMail
from app.services import delivery, messages
from app.tenancy import all_companies
from app.workers import courier as carrying
from tests.gateways.odd_server import odd_server
from tests.workers.conftest import mail_line


@pytest.fixture
def noon():
    with clock.freeze(clock.now().replace(microsecond=0)) as at:
        yield at


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
