"""Quotes instead of approval: in every way of taking requests, and back again. Source: C5, 71."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.errors import TransitionBlocked
from app.models import (
    ClientService,
    Company,
    Customer,
    Estimate,
    Job,
    OutboxMessage,
    Service,
)
from app.services import estimate_prefill, estimates, requests
from app.workers import timers
from tests.harness import offers
from tests.harness.world import make_world
from workflows import library, versions
from workflows.schema import Definition

QUOTING = ("service_request", "booking_request", "online_booking", "hybrid")
BACK = {"service_request": "submitted", "booking_request": "submitted",
        "online_booking": "under_review", "hybrid": "under_review"}  # fmt: skip


@pytest.fixture(params=QUOTING)
def asked(session, request):
    """A company on one of the presets, and a request somebody handed in there."""
    world = make_world(session, preset=request.param)
    service = Service(name={"en": "Boiler service"}, price_cents=9900, bookable=True)
    session.add(service)
    session.flush()
    answers: dict[str, Any] = {"service": f"service:{service.id}", "date_1": "2031-03-10"}
    if request.param == "service_request":
        answers["service"] = f"category:{world.category_id}"
    if request.param == "online_booking":
        world.session.get_one(Customer, world.customer.id).onboarded_at = clock.now()
    made = world.hand_in(**answers)
    session.commit()
    return world, made, request.param


def mails(world, request) -> list[str]:
    """Return what went to the customer, about the request and its estimates."""
    rows = world.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    to = f"customer:{world.customer.id}"
    return [row.payload["message"] for row in rows if row.recipient == to]


@pytest.mark.feature(71)
def test_a_quote_takes_the_request_out_of_the_queue_and_tells_the_customer(asked):
    world, request, _ = asked
    before = len(mails(world, request))

    estimate = offers.quote(world, request)

    assert (request.state, request.waiting_on) == ("quoted", None)
    assert (estimate.state, estimate.request_id, estimate.total_cents) == (
        "sent",
        request.id,
        28548,
    )
    assert mails(world, request)[before:] == ["booking.quoted"]


@pytest.mark.feature(71)
def test_an_accepted_quote_approves_the_request_and_makes_its_job(asked):
    world, request, _ = asked
    estimate = offers.quote(world, request)
    before = len(mails(world, request))

    offers.step(world, estimate, "accept", world.customer)
    world.session.flush()

    job = world.session.scalars(select(Job)).one()
    assert (request.state, request.outcome) == ("approved", "won")
    assert (job.request_id, job.estimate_id) == (request.id, estimate.id)
    assert (job.customer_id, job.location_id) == (request.customer_id, request.location_id)
    assert mails(world, request)[before:] == ["estimate.accepted"]


def test_a_quote_nobody_wants_brings_the_request_back(asked):
    world, request, preset = asked
    estimate = offers.quote(world, request)

    offers.step(world, estimate, "decline", world.customer, {"reason": "Too dear."})

    assert (request.state, request.waiting_on) == (BACK[preset], "dispatcher")
    told = world.session.scalars(
        select(OutboxMessage).where(OutboxMessage.recipient == f"staff:{world.dispatcher.id}")
    )
    assert "estimate.was_declined" in [row.payload["message"] for row in told]


def test_a_second_quote_takes_the_place_of_the_first(asked):
    world, request, _ = asked
    first = offers.quote(world, request)

    second = offers.quote(world, request, title="Cheaper")

    assert (first.state, second.state, request.state) == ("declined", "sent", "quoted")
    with pytest.raises(TransitionBlocked):
        offers.step(world, first, "accept", world.customer)


def test_deciding_the_request_closes_its_quote(asked):
    world, request, _ = asked
    estimate = offers.quote(world, request)

    sent = requests.Submission({"reason": "We are fully booked until autumn."})
    requests.move(world.enter(), request.id, "decline", world.owner, sent, at=clock.now())

    assert estimate.state == "declined"
    with pytest.raises(TransitionBlocked) as refused:
        offers.step(world, estimate, "accept", world.customer)
    assert refused.value.event.actor_name == "Olive Owner"
    assert world.session.scalars(select(Job)).all() == []


def test_a_withdrawn_quote_brings_the_request_back_and_tells_the_customer(asked):
    world, request, preset = asked
    estimate = offers.quote(world, request)

    offers.step(world, estimate, "close", world.owner)

    assert request.state == BACK[preset]
    assert mails(world, request)[-1] == "estimate.withdrawn"


def test_an_expired_quote_brings_the_request_back(asked):
    world, request, preset = asked
    with clock.freeze(clock.now() - timedelta(days=31)):
        estimate = offers.quote(world, request)
    world.session.commit()

    timers.fire_due()

    world.enter().refresh(request)
    world.session.refresh(estimate)
    assert (estimate.state, request.state) == ("expired", BACK[preset])


def test_every_preset_that_quotes_has_the_steps(asked):
    world, request, _ = asked

    definition = versions.load(world.enter(), request.workflow_version_id)

    assert {move.trigger for move in definition.transitions} >= {
        "send_quote", "quote_accepted", "quote_declined",
    }  # fmt: skip


def test_a_request_whose_definition_knows_no_answer_stays_as_it_is(session):
    """An owner may take the system's steps away; the price stands all the same."""
    world = make_world(session)
    data = library.definition("service_request").as_data()
    kept = [move for move in data["transitions"] if not move["trigger"].startswith("quote_")]
    changed = Definition.model_validate({**data, "transitions": kept, "tests": []})
    company = session.get_one(Company, world.company_id)
    versions.publish(session, company, changed, author="Olive", at=clock.now())
    request = world.hand_in()
    estimate = offers.quote(world, request)

    offers.step(world, estimate, "accept", world.customer)

    assert (estimate.state, request.state) == ("accepted", "quoted")
    sent = requests.Submission(requests.prefill(session, request))
    with pytest.raises(TransitionBlocked, match="has become job"):
        requests.move(session, request.id, "approve", world.owner, sent, at=clock.now())


def start(world, request, language="en"):
    company = world.enter().get_one(Company, world.company_id)
    return estimate_prefill.of_request(world.session, request, company, language, at=clock.now())


def test_a_quote_starts_with_the_service_asked_for_at_the_catalogues_price(asked):
    world, request, preset = asked
    values = start(world, request, "de")

    # A kind of work has no price.
    expected = ("", "") if preset == "service_request" else ("Boiler service", "99,00")
    assert (values["line_1_name"], values["line_1_price"]) == expected
    assert values["title"]


def test_a_quote_starts_with_the_price_of_the_customers_plan(session):
    world = make_world(session, preset="booking_request")
    service = Service(name={"en": "Windows"}, price_cents=9900)
    session.add(service)
    session.flush()
    session.add(
        ClientService(
            customer_id=world.customer.id, service_id=service.id, price_cents=7500,
            created_at=clock.now(),
        )
    )  # fmt: skip
    request = world.hand_in(service=f"service:{service.id}", date_1="2031-03-10")

    assert start(world, request)["line_1_price"] == "75.00"


def test_a_second_quote_starts_with_the_first(asked):
    world, request, _ = asked
    offers.quote(world, request)

    values = start(world, request)

    assert (values["line_1_name"], values["line_1_quantity"]) == ("Labour", "2.5")
    assert (values["line_2_price"], values["line_2_tax"]) == ("89.90", "19")
    assert values["valid_until"] == "2031-01-31"


class TestEstimateRequest:
    """Every request is an estimate first. Source: C3, C4."""

    @pytest.fixture
    def bridge(self, session):
        return make_world(session, preset="estimate_request")

    @pytest.fixture
    def request_(self, bridge):
        return bridge.hand_in(date_1="2031-03-10", date_1_time="09:30")

    @pytest.mark.feature(27, 170)
    def test_submitting_opens_an_estimate_with_its_number(self, bridge, request_):
        (estimate,) = estimates.of(bridge.session, request_)

        assert (estimate.number, estimate.state, estimate.lines) == ("E-1", "open", [])
        assert estimate.title == "The kitchen tap drips since Sunday."

    def test_approving_completes_and_sends_that_estimate(self, bridge, request_):
        (opened,) = estimates.of(bridge.session, request_)

        sent = offers.quote(bridge, request_, "approve")

        assert sent is opened
        assert (sent.state, sent.title, request_.state) == ("sent", "A new tap", "approved")

    def test_accepting_makes_the_requests_job(self, bridge, request_):
        estimate = offers.quote(bridge, request_, "approve")

        offers.step(bridge, estimate, "accept", bridge.customer)

        job = bridge.session.scalars(select(Job)).one()
        assert (job.request_id, job.title) == (request_.id, "A new tap")
        assert job.description == "The kitchen tap drips since Sunday."

    def test_sending_it_from_its_own_page_answers_the_request(self, bridge, request_):
        (estimate,) = estimates.of(bridge.session, request_)
        offers.step(bridge, estimate, "revise", bridge.owner, offers.answers())

        offers.step(bridge, estimate, "send", bridge.owner)

        assert (estimate.state, request_.state) == ("sent", "approved")
        assert mails(bridge, request_)[-1] == "estimate.sent"

    def test_declining_closes_the_open_estimate(self, bridge, request_):
        sent = requests.Submission({"reason": ""})

        requests.move(bridge.enter(), request_.id, "decline", bridge.owner, sent, at=clock.now())

        assert bridge.session.scalars(select(Estimate.state)).all() == ["declined"]

    def test_a_closed_estimate_makes_place_for_another(self, bridge, request_):
        (first,) = estimates.of(bridge.session, request_)
        offers.step(bridge, first, "close", bridge.owner)

        second = offers.quote(bridge, request_, "approve")

        assert (first.state, second.state, second.number) == ("declined", "sent", "E-2")
