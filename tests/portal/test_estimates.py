"""Estimates for the customer: the list, one of them, the answer, and who comes too late."""

import pytest
from sqlalchemy import select

from app.models import Job, Request
from tests.admin.conftest import statements
from tests.harness import offers
from tests.harness.pages import Page
from tests.harness.world import make_world
from tests.portal import doors, work


def path(row) -> str:
    return f"/p/acme/estimates/{row.ref}"


@pytest.mark.feature(169)
def test_what_was_offered_stands_in_the_list_with_its_price(carla, world):
    row = offers.make_estimate(world, "sent", title="New boiler")
    offers.make_estimate(world, title="Only a draft")

    page = carla.page("/p/acme/estimates")

    assert "New boiler" in page.text
    assert "€142.80" in page.text
    assert "Only a draft" not in page.text
    assert path(row) in [href for _, href in page.links]


def test_the_tab_is_there_only_with_something_behind_it(carla, world):
    before = carla.page("/p/acme/jobs")
    offers.make_estimate(world, "sent")

    after = carla.page("/p/acme/jobs")

    assert "/p/acme/estimates" not in [href for _, href in before.links]
    assert "/p/acme/estimates" in [href for _, href in after.links]
    assert "An estimate waits for your answer" in after.text


def test_lines_totals_note_and_date_are_shown(carla, world):
    row = offers.make_estimate(world)
    offers.step(world, row, "revise", world.owner, offers.answers())
    offers.step(world, row, "send", world.owner)

    text = carla.page(path(row)).text

    for words in ("Labour", "2.5 × €60.00", "Tax 19%", "€45.58", "€285.48",
                  "Tiles are not included.", "Valid until Friday 31 January 2031"):  # fmt: skip
        assert words in text


def test_accepting_leads_to_the_job(carla, world):
    row = offers.make_estimate(world, "sent")
    page = carla.page(f"{path(row)}/accept")

    answer = carla.submit(page, "Accept")

    job = world.enter().scalars(select(Job)).one()
    assert answer.location == path(row)
    shown = carla.page(path(row))
    assert "A job has been created" in shown.text
    assert f"/p/acme/jobs/{job.ref}" in [href for _, href in shown.links]


def test_asking_for_changes_needs_words_and_keeps_the_form(carla, world):
    row = offers.make_estimate(world, "sent")
    page = carla.page(f"{path(row)}/request_changes")

    refused = carla.submit(page, "Ask for changes", note="  ")
    carla.submit(Page(refused), "Ask for changes", note="Smaller flue, please")

    assert refused.status_code == 422
    assert row.state == "changes_requested"


@pytest.mark.feature("D14")
def test_who_accepts_what_was_taken_back_meanwhile_reads_who_and_when(carla, world):
    row = offers.make_estimate(world, "sent")
    page = carla.page(f"{path(row)}/accept")
    offers.step(world, row, "revise", world.dispatcher, offers.answers(title="Dearer"))

    answer = carla.submit(page, "Accept")

    assert answer.status_code == 409
    assert "Dispatcher of Acme Plumbing changed it on" in Page(answer).text
    assert world.enter().scalars(select(Job)).all() == []


def test_a_revised_offer_can_not_be_accepted_from_the_old_page(carla, world):
    row = offers.make_estimate(world, "sent")
    page = carla.page(f"{path(row)}/accept")
    offers.step(world, row, "revise", world.dispatcher, offers.answers(line_1_price="600"))
    offers.step(world, row, "send", world.dispatcher)

    assert carla.submit(page, "Accept").status_code == 409
    assert row.state == "sent"


def test_what_is_being_prepared_shows_no_price(carla, world):
    row = offers.make_estimate(world, "sent")
    offers.step(world, row, "revise", world.owner, offers.answers(line_1_name="Secret"))

    text = carla.page(path(row)).text

    assert "We are working on a new version" in text
    assert "Secret" not in text


@pytest.mark.parametrize("step", ["", "/accept"])
def test_nobody_elses_estimate_is_there(carla, world, stranger, step):
    theirs = offers.make_estimate(stranger, "sent")
    neighbour = work.another_customer(world)
    row = offers.make_estimate(world, "sent")
    row.customer_id = neighbour.id

    assert carla.get(path(theirs) + step).status_code == 404
    assert carla.get(path(row) + step).status_code == 404


def test_staffs_own_steps_are_not_for_customers(carla, world):
    row = offers.make_estimate(world, "sent")
    page = carla.page(f"{path(row)}/accept")

    token = page.form("Accept").value("csrf_token")

    assert carla.post(f"{path(row)}/close", data={"csrf_token": token}).status_code == 403
    assert carla.get(f"{path(row)}/nothing").status_code == 404


@pytest.mark.feature("I03")
def test_the_list_costs_few_statements_and_no_more_with_more_rows(carla, world):
    offers.make_estimate(world, "sent")
    carla.get("/p/acme/estimates")
    with statements() as few:
        carla.get("/p/acme/estimates")
    for _ in range(6):
        offers.make_estimate(world, "sent")
    world.session.commit()

    with statements() as many:
        carla.get("/p/acme/estimates")

    assert len(few) == len(many) <= 8, many


@pytest.mark.feature(28, 170)
def test_the_confirmation_says_when_where_who_what_and_the_estimates_number(session, client):
    world = make_world(session, preset="estimate_request")
    doors.sign_in(client, world)
    page = client.page("/p/acme/requests/new")

    answer = client.submit(
        page, "Submit Request", date_1="2031-03-10", date_1_time="09:30", location="other",
        street="12 New Street", city="Ulm", contact="other", contact_name="Zoe Porter",
        contact_phone="+49 731 5550199", description="Please rewire the attic.",
    )  # fmt: skip

    text = client.page(answer.location).text
    for words in ("Mon 10 Mar 2031, 9:30", "12 New Street", "Zoe Porter", "+49 731 5550199",
                  "Please rewire the attic.", "E-1"):  # fmt: skip
        assert words in text
    request = world.enter().scalars(select(Request)).one()
    assert request.location_id is None
