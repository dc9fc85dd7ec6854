"""The outbox as rows: claimed once, leased, put off, given up, tried again."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, outbox
from app.db import db, transaction
from app.errors import Conflict, Forbidden, NotFound
from app.models import OutboxMessage
from app.services import delivery, slots
from app.services.delivery import LEASE, TRIES, Said
from app.tenancy import all_companies, company_scope, enter_company
from tests.harness.world import make_world

SAID = Said("email", "carla@customer.example", "de", "Betreff", "Text")


@pytest.fixture
def noon():
    with clock.freeze(clock.now().replace(microsecond=0)) as at:
        yield at


def promise(world, count=1, *, at, key="m", **rest) -> list[int]:
    """Promise messages and return their ids; nothing else is in the outbox."""
    enter_company(world.session, world.company_id)
    rows = [
        outbox.post(
            world.session,
            outbox.Promise(
                key=f"{key}{number}", topic="message", payload={"message": "x"},
                recipient=f"customer:{world.customer.id}", **rest,
            ),
            at=at,
        )
        for number in range(count)
    ]  # fmt: skip
    world.session.commit()
    return [row.id for row in rows]


@pytest.fixture
def empty(world, noon):
    """Forget what founding the company promised."""
    for row in world.session.scalars(select(OutboxMessage)):
        world.session.delete(row)
    world.session.commit()


def claim(at, limit=100):
    with all_companies(db.session()), transaction() as session:
        return delivery.claim(session, at=at, limit=limit)


def do(verb, *args, **rest):
    with all_companies(db.session()), transaction() as session:
        return verb(session, *args, **rest)


def row(world, id_):
    enter_company(world.session, world.company_id)
    return world.session.get(OutboxMessage, id_, populate_existing=True)


pytestmark = pytest.mark.usefixtures("empty")


def test_what_is_due_is_claimed_once(world, noon):
    ids = promise(world, 3, at=noon)

    assert sorted(claim.id for claim in claim(noon)) == ids
    assert claim(noon) == []


def test_what_is_not_due_yet_waits(world, noon):
    promise(world, at=noon, after=noon + timedelta(minutes=1))

    assert claim(noon) == []
    assert len(claim(noon + timedelta(minutes=1))) == 1


def test_a_batch_takes_the_longest_waiting(world, noon):
    [late] = promise(world, key="late", at=noon)
    [early] = promise(world, key="early", at=noon - timedelta(hours=1))

    assert [each.id for each in claim(noon, limit=1)] == [early]
    assert [each.id for each in claim(noon, limit=1)] == [late]


def test_every_companys_messages_are_claimed(world, noon):
    other = make_world(world.session, "other")
    promise(other, at=noon)
    [ours] = promise(world, at=noon)

    found = claim(noon)

    assert {each.company_id for each in found} == {world.company_id, other.company_id}
    assert ours in {each.id for each in found}


def test_a_dead_workers_rows_come_back_after_the_lease_and_count_a_try(world, noon):
    promise(world, at=noon)
    claim(noon)

    assert claim(noon + LEASE - timedelta(seconds=1)) == []
    [again] = claim(noon + LEASE)
    assert again.attempts == 1


def test_a_renewed_lease_lasts(world, noon):
    promise(world, at=noon)
    later = noon + LEASE / 2

    [renewed] = do(delivery.renew, claim(noon), at=later)

    assert renewed.until == later + LEASE
    assert claim(noon + LEASE) == []


def test_a_lease_that_ended_can_not_be_renewed_once_somebody_else_has_the_row(world, noon):
    promise(world, at=noon)
    mine = claim(noon)
    claim(noon + LEASE)

    assert do(delivery.renew, mine, at=noon + LEASE) == []


def test_what_is_given_back_is_there_for_the_next(world, noon):
    promise(world, 2, at=noon)

    do(delivery.release, claim(noon))

    assert [each.attempts for each in claim(noon)] == [0, 0]


def test_what_went_out_is_kept_for_staff_to_look_up(world, noon):
    [id_] = promise(world, at=noon)
    [mine] = claim(noon)

    with company_scope(db.session(), world.company_id), transaction() as session:
        delivery.mark_sent(session, mine, SAID, at=noon)

    sent = row(world, id_)
    assert (sent.status, sent.sent_at, sent.sent_to) == ("sent", noon, "carla@customer.example")
    assert (sent.sent_language, sent.sent_subject, sent.sent_text) == ("de", "Betreff", "Text")
    assert claim(noon + timedelta(days=1)) == []


def test_a_success_counts_even_when_the_lease_was_lost(world, noon):
    [id_] = promise(world, at=noon)
    [mine] = claim(noon)
    claim(noon + LEASE)

    with company_scope(db.session(), world.company_id), transaction() as session:
        delivery.mark_sent(session, mine, SAID, at=noon)

    assert row(world, id_).status == "sent"


def test_a_failure_after_the_lease_was_lost_changes_nothing(world, noon):
    [id_] = promise(world, at=noon)
    [mine] = claim(noon)
    [theirs] = claim(noon + LEASE)

    do(delivery.give_up, mine, "no", at=noon)

    assert row(world, id_).status == "retrying"
    assert row(world, id_).claimed_until == theirs.until


def test_each_wait_is_longer_and_scattered(world, noon):
    [id_] = promise(world, at=noon)
    waits, at = [], noon
    for _ in range(6):
        [mine] = claim(at)
        do(delivery.put_off, mine, "later", at=at)
        due = row(world, id_).due_at
        waits.append((due - at).total_seconds())
        at = due

    assert [0.8 <= wait / (20 * 2**n) <= 1.2 for n, wait in enumerate(waits)] == [True] * 6
    assert len(set(waits)) == 6


def test_after_a_day_of_tries_it_gives_up_and_says_why(world, noon):
    [id_] = promise(world, at=noon)
    at = noon
    for _ in range(TRIES):
        [mine] = claim(at)
        do(delivery.put_off, mine, "The mail server does not answer.", at=at)
        at = row(world, id_).due_at

    given_up = row(world, id_)
    assert (given_up.status, given_up.reason) == ("gave_up", "The mail server does not answer.")
    assert timedelta(hours=18) < given_up.gave_up_at - noon < timedelta(hours=28)
    assert claim(at + timedelta(days=2)) == []


def test_what_gave_up_is_listed_newest_first(world, noon):
    ids = promise(world, 3, at=noon)
    for mine in claim(noon):
        do(delivery.give_up, mine, "No such person.", at=noon)

    enter_company(world.session, world.company_id)
    assert [each.id for each in delivery.given_up(world.session)] == ids[::-1]
    assert [each.id for each in delivery.given_up(world.session, before=ids[2], limit=1)] == [
        ids[1]
    ]


def test_retry_starts_from_the_beginning(world, noon):
    [id_] = promise(world, at=noon)
    [mine] = claim(noon)
    do(delivery.give_up, mine, "No such person.", at=noon)

    enter_company(world.session, world.company_id)
    delivery.retry(world.session, id_, world.dispatcher, at=noon)
    assert outbox.take_bell(world.session)
    world.session.commit()

    assert [(each.id, each.attempts) for each in claim(noon)] == [(id_, 0)]


def test_retry_is_refused_for_what_went_out(world, noon):
    [id_] = promise(world, at=noon)
    [mine] = claim(noon)
    with company_scope(db.session(), world.company_id), transaction() as session:
        delivery.mark_sent(session, mine, SAID, at=noon)

    enter_company(world.session, world.company_id)
    with pytest.raises(Conflict):
        delivery.retry(world.session, id_, world.owner, at=noon)


def test_retry_is_not_for_technicians_or_customers(world, noon):
    [id_] = promise(world, at=noon)

    for person in (world.technician, world.customer):
        with pytest.raises(Forbidden):
            delivery.retry(world.session, id_, person, at=noon)


def test_another_companys_message_is_not_there(world, noon):
    other = make_world(world.session, "other")
    [theirs] = promise(other, at=noon)

    enter_company(world.session, world.company_id)
    with pytest.raises(NotFound):
        delivery.retry(world.session, theirs, world.owner, at=noon)


def test_what_waits_for_a_paused_channel_is_left_alone_until_it_ends(world, noon):
    promise(world, at=noon)
    do(slots.pause, "email", "down", until=noon + timedelta(seconds=30))
    do(delivery.hold, claim(noon), "email", "down")

    assert claim(noon + timedelta(seconds=29)) == []
    [mine] = claim(noon + timedelta(seconds=30))
    assert mine.attempts == 0


def test_a_message_never_tried_is_looked_at_even_during_a_pause(world, noon):
    do(slots.pause, "email", "down", until=noon + timedelta(seconds=30))
    promise(world, at=noon)

    assert len(claim(noon)) == 1


def test_a_pause_can_be_ended_by_hand(noon):
    do(slots.pause, "email", "down", until=noon + timedelta(seconds=30))
    assert do(slots.pauses, at=noon) == {"email": "down"}

    do(slots.resume, at=noon)

    assert do(slots.pauses, at=noon) == {}


def test_a_turn_has_one_holder_until_it_ends(noon):
    until = noon + timedelta(seconds=20)
    assert do(slots.take, "clock", "a", at=noon, until=until)
    assert not do(slots.take, "clock", "b", at=noon, until=until)
    assert do(slots.take, "clock", "a", at=noon, until=until)

    assert do(slots.take, "clock", "b", at=until, until=until + timedelta(seconds=20))


def test_delays_are_noticed(world, noon):
    promise(world, at=noon)
    enter_company(world.session, world.company_id)

    assert not delivery.is_delayed(world.session, at=noon + timedelta(seconds=30))
    assert delivery.is_delayed(world.session, at=noon + timedelta(minutes=2))


def test_four_claim_a_thousand_rows_and_none_twice(app, world, noon):
    ids = promise(world, 1000, at=noon)
    found: list[list[int]] = []
    start = threading.Barrier(4)

    def work() -> None:
        mine: list[int] = []
        with app.app_context():
            start.wait()
            while batch := claim(noon):
                mine += [each.id for each in batch]
        found.append(mine)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(id_ for mine in found for id_ in mine) == ids
