"""Visits under plans: the matching one, a new one for this once, never a silent guess."""

import pytest
from sqlalchemy import select

from app import clock
from app.models import ClientService, Job, Location, Service
from app.services import requests
from tests.harness.world import make_world


@pytest.fixture
def booked(session):
    """A company on the preset that schedules visits, with one service in its catalogue."""
    world = make_world(session, preset="booking_request")
    session.add(Service(name={"en": "Window cleaning"}, price_cents=4500))
    session.commit()
    return world


def service_of(world):
    return world.session.scalars(select(Service)).one()


def ask(world, **changes):
    """Hand in a request for the service, for a window that begins on a Saturday."""
    return world.hand_in(
        service=f"service:{service_of(world).id}",
        kind="one_time",
        date_1="2031-03-08",
        date_1_to="2031-03-14",
        **changes,
    )


def plan(world, **columns):
    row = ClientService(
        customer_id=world.customer.id,
        service_id=service_of(world).id,
        created_at=clock.now(),
        **columns,
    )
    world.session.add(row)
    world.session.flush()
    return row


def approve(world, request, **changes):
    raw = {**requests.prefill(world.session, request), **changes}
    sent = requests.Submission(raw, request.event_seq)
    step = requests.move(
        world.session, request.id, "approve", world.dispatcher, sent, at=clock.now()
    )
    world.session.flush()
    return step.made.get("job")


@pytest.mark.feature(66)
@pytest.mark.feature(67)
def test_a_visit_is_scheduled_under_the_active_plan_that_matches(booked):
    found = plan(booked, price_cents=3900)

    job = approve(booked, ask(booked))

    assert job.client_service_id == found.id
    assert booked.session.scalars(select(ClientService)).all() == [found]


@pytest.mark.feature(68)
def test_without_a_plan_one_is_made_for_this_once_at_the_catalogues_price(booked):
    job = approve(booked, ask(booked))

    made = booked.session.scalars(select(ClientService)).one()
    assert (job.client_service_id, made.price_cents, made.every_months) == (made.id, 4500, None)


@pytest.mark.feature("D9")
def test_of_several_plans_the_one_at_the_place_is_offered_then_the_newest(booked):
    elsewhere = Location(customer_id=booked.customer.id, street="Elsewhere 1")
    booked.session.add(elsewhere)
    booked.session.flush()
    here = plan(booked, location_id=booked.location_id)
    plan(booked, location_id=elsewhere.id)
    plan(booked, ended_at=clock.now(), location_id=booked.location_id)
    newest_without_place = plan(booked)

    request = ask(booked)

    offered = requests.prefill(booked.session, request)["client_service"]
    assert offered == str(here.id)
    assert approve(booked, request, client_service=str(newest_without_place.id))
    assert booked.session.scalars(select(Job.client_service_id)).one() == newest_without_place.id


@pytest.mark.feature("D9")
def test_choosing_no_plan_makes_one_for_this_once_whatever_would_match(booked):
    matching = plan(booked)

    job = approve(booked, ask(booked), client_service="")

    assert job.client_service_id != matching.id


def test_the_first_working_day_of_the_window_is_filled_in(booked):
    assert requests.prefill(booked.session, ask(booked))["date"] == "2031-03-10"


@pytest.mark.feature("D12")
def test_a_recurring_wish_becomes_a_proposal_and_no_visit(booked):
    request = booked.hand_in(
        service=f"service:{service_of(booked).id}", kind="recurring", date_1="2031-03-10"
    )

    approve(booked, request)

    assert booked.session.scalars(select(ClientService)).one().is_proposal
    assert booked.session.scalars(select(Job)).all() == []
