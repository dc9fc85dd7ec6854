"""What has not gone out: listed, tried again by hand, left alone while a channel is down."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, outbox
from app.db import db, transaction
from app.errors import Conflict, Forbidden, NotFound
from app.models import OutboxMessage
from app.services import delivery, slots
from app.tenancy import company_scope, enter_company
from tests.harness.world import make_world
from tests.services.outbox_rows import SAID, claim, do, promise


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


def test_a_pause_is_the_reason_that_messages_are_late(world, noon):
    do(slots.pause, "email", "Refused.\ntheir own words", until=noon + timedelta(seconds=30))

    enter_company(world.session, world.company_id)

    assert delivery.trouble(world.session, at=noon) == "Refused."
    assert delivery.trouble(world.session, at=noon + timedelta(minutes=1)) is None


def test_without_a_pause_waiting_is_told_as_it_is(world, noon):
    promise(world, at=noon)
    enter_company(world.session, world.company_id)

    assert delivery.trouble(world.session, at=noon) is None
    assert delivery.trouble(world.session, at=noon + timedelta(minutes=2)) == delivery.LATE
