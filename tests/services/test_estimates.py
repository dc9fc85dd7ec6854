"""Estimates: numbers without gaps, totals to the last unit, and what becomes of them."""

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.errors import Conflict, Forbidden, Invalid, NotFound, TransitionBlocked
from app.models import Company, Estimate, Job, OutboxMessage, Request, WorkflowVersion
from app.services import estimates, jobs, numbers
from app.services.estimate_forms import EstimateInput, LineInput, Whom
from app.services.job_forms import JobInput
from app.workers import timers
from tests.admin.conftest import make_colleague
from tests.harness import offers
from tests.harness.world import make_world


def line(quantity_milli: int, unit_cents: int, tax_bp: int = 0) -> LineInput:
    return LineInput("x", quantity_milli, unit_cents, tax_bp)


def told(world, message: str) -> list[str]:
    """Return who was promised a message of that key."""
    rows = world.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [row.recipient for row in rows if row.payload.get("message") == message]


@pytest.mark.feature(170)
def test_numbers_have_no_gap_also_after_one_that_was_undone(world):
    first = offers.make_estimate(world)
    world.session.commit()
    offers.make_estimate(world)
    world.session.rollback()

    second = offers.make_estimate(world)

    assert (first.number, second.number) == ("E-1", "E-2")


def test_each_company_counts_for_itself(world, stranger):
    offers.make_estimate(world)
    offers.make_estimate(world)

    assert offers.make_estimate(stranger).number == "E-1"
    assert numbers.take(world.enter(), "estimate") == 3


def test_an_older_company_gets_a_definition_when_it_needs_one(world):
    company = world.enter().get_one(Company, world.company_id)
    company.versions = {k: v for k, v in company.versions.items() if k != "estimate"}
    world.session.commit()
    published = select(func.count(WorkflowVersion.id)).where(WorkflowVersion.key == "estimate")
    before = world.session.scalar(published)

    offers.make_estimate(world)
    offers.make_estimate(world)

    assert world.session.scalar(published) == before + 1
    assert set(company.versions) == {"service_request", "job", "estimate"}


def test_accepting_makes_the_job_and_tells_everybody_once(world):
    estimate = offers.make_estimate(world, "sent", title="New tap", note="Tiles stay")

    offers.step(world, estimate, "accept", world.customer)

    job = world.session.scalars(select(Job)).one()
    assert (job.title, job.customer_id, job.location_id, job.estimate_id) == (
        "New tap", world.customer.id, world.location_id, estimate.id,
    )  # fmt: skip
    assert job.description == "2 × Labour"
    assert estimate.outcome == "won"
    assert told(world, "estimate.accepted") == [f"customer:{world.customer.id}"]
    assert told(world, "estimate.was_accepted") == [f"staff:{world.dispatcher.id}"]


def test_the_office_may_accept_for_a_customer_who_rang(world):
    estimate = offers.make_estimate(world, "sent")

    offers.step(world, estimate, "accept", make_colleague(world, "office"))

    assert estimates.job(world.session, estimate) is not None


def test_an_estimate_past_its_day_can_not_be_accepted(world):
    today = clock.now().date()
    estimate = offers.make_estimate(world, "sent", valid_until=today)

    with clock.freeze(clock.now() + timedelta(days=2)), pytest.raises(TransitionBlocked):
        offers.step(world, estimate, "accept", world.customer)

    assert world.session.scalars(select(Job)).all() == []


def test_on_its_last_day_it_can_still_be_accepted(world):
    at = clock.now().replace(hour=21, minute=30)  # half past ten or eleven at the company's
    estimate = offers.make_estimate(world, "sent", valid_until=at.date(), at=at - timedelta(days=1))

    offers.step(world, estimate, "accept", world.customer, at=at)

    assert estimate.state == "accepted"


def test_whoever_comes_second_is_refused_with_what_came_first(world):
    estimate = offers.make_estimate(world, "sent")
    offers.step(world, estimate, "revise", world.dispatcher, offers.answers(title="Dearer"))

    with pytest.raises(TransitionBlocked) as refused:
        offers.step(world, estimate, "accept", world.customer)

    assert refused.value.event.trigger == "revise"
    assert estimate.title == "Dearer"


def test_a_wrong_form_changes_nothing(world):
    estimate = offers.make_estimate(world)

    with pytest.raises(Invalid):
        offers.step(world, estimate, "revise", world.dispatcher, offers.answers(title=""))

    assert (estimate.title, estimate.event_seq) == ("A new tap", 1)


def test_a_revised_estimate_has_its_new_lines_alone(world):
    estimate = offers.make_estimate(world)

    offers.step(world, estimate, "revise", world.dispatcher, offers.answers())
    world.session.commit()

    again = world.enter().get_one(Estimate, estimate.id, populate_existing=True)
    assert [(row.position, row.name) for row in again.lines] == [(1, "Labour"), (2, "Tap")]
    # 2.5 x 60.00 + 89.90 = 239.90; 19 % of it is 45.581
    assert (again.subtotal_cents, again.tax_cents, again.total_cents) == (23990, 4558, 28548)


def test_nobody_answers_until_it_expires(world):
    estimate = offers.make_estimate(world, "sent", at=clock.now() - timedelta(days=31))
    world.session.commit()

    timers.fire_due()

    assert world.enter().get_one(Estimate, estimate.id).state == "expired"
    assert told(world, "estimate.expired") == [f"customer:{world.customer.id}"]
    assert told(world, "estimate.has_expired") == [f"staff:{world.dispatcher.id}"]


def test_a_form_sent_twice_makes_one_estimate(world):
    key = secrets.token_hex(8)
    whom = Whom(world.customer.id)
    wanted = EstimateInput("Once", lines=(line(1000, 100),))

    made = [
        estimates.create(world.enter(), world.owner, whom, wanted, at=clock.now(), key=key).id
        for _ in range(2)
    ]

    assert made[0] == made[1]
    assert offers.make_estimate(world).number == "E-2"


def test_technicians_see_no_estimates(world):
    estimate = offers.make_estimate(world)

    with pytest.raises(Forbidden):
        estimates.get(world.enter(), estimate.id, world.technician)
    with pytest.raises(Forbidden):
        estimates.page(world.enter(), world.technician)


def test_another_companys_estimate_is_not_there(world, stranger):
    theirs = offers.make_estimate(stranger, "sent")
    world.enter()

    with pytest.raises(NotFound):
        estimates.get(world.session, theirs.id, world.owner)
    with pytest.raises(NotFound):
        offers.step(world, theirs, "close", world.owner)


@pytest.mark.feature(169)
def test_a_customer_sees_what_was_sent_or_asked_for_and_no_draft(world):
    draft = offers.make_estimate(world)
    sent = offers.make_estimate(world, "sent")

    found = estimates.for_customer(world.enter(), world.customer.id)

    assert found == [sent]
    with pytest.raises(NotFound):
        estimates.get_by_ref(world.session, draft.ref, world.customer.id)


def test_a_request_that_became_a_job_becomes_no_second_one(session):
    world = make_world(session, preset="hybrid")
    request = world.hand_in(service_text="Tap", service="")
    wanted = JobInput(customer=request.customer_id, title="Tap")
    jobs.create(session, world.owner, wanted, at=clock.now(), request=request)
    session.flush()

    with pytest.raises(TransitionBlocked, match="already"):
        jobs.check_has_none(session, session.scalars(select(Request)).one())


def test_the_list_by_status_goes_on_page_by_page(world):
    begin = clock.now() - timedelta(days=1)
    made = [offers.make_estimate(world, at=begin + timedelta(minutes=n)) for n in range(5)]
    offers.make_estimate(world, "declined")

    first = estimates.page(world.enter(), world.owner, limit=3)
    rest = estimates.page(world.session, world.owner, limit=3, after=first.next)

    assert [*first.rows, *rest.rows] == made[::-1]
    assert rest.next is None


def test_two_at_once_with_one_form_is_a_conflict_not_two(world, monkeypatch):
    key, whom = secrets.token_hex(8), Whom(world.customer.id)
    wanted = EstimateInput("Once", lines=(line(1000, 100),))
    estimates.create(world.enter(), world.owner, whom, wanted, at=clock.now(), key=key)
    answers = iter([None, object()])  # the other one's is stored between the two looks
    monkeypatch.setattr(estimates, "_by_key", lambda *_: next(answers))

    with pytest.raises(Conflict):
        estimates.create(world.session, world.owner, whom, wanted, at=clock.now(), key=key)
