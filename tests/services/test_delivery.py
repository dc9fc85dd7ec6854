"""The outbox as rows: claimed once, leased, put off, given up."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.db import db, transaction
from app.models import OutboxMessage
from app.services import delivery
from app.services.delivery import LEASE, TRIES
from app.tenancy import company_scope
from tests.harness.world import make_world
from tests.services.outbox_rows import SAID, claim, do, promise, row


@pytest.fixture
def noon():
    with clock.freeze(clock.now().replace(microsecond=0)) as at:
        yield at


@pytest.fixture
def empty(world, noon):
    """Forget what founding the company promised."""
    for promised in world.session.scalars(select(OutboxMessage)):
        world.session.delete(promised)
    world.session.commit()


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
    assert len({wait / 2**n for n, wait in enumerate(waits)}) == 6


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
