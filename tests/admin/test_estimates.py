"""Estimates for staff: the list, one of them, its form without a script, and who is late."""

import pytest
from sqlalchemy import func, select

from app.models import Contact, Estimate, Job
from tests.admin.conftest import statements
from tests.harness import offers
from tests.harness.pages import Page
from tests.harness.world import make_world


def the_estimate(world):
    return world.enter().scalars(select(Estimate)).one()


def new_estimate(client, world, **fields):
    page = client.page(f"/admin/estimates/new?customer={world.customer.id}")
    return client.submit(page, "Save estimate", **{**offers.answers(), **fields})


def test_the_list_shows_what_is_not_decided_and_finds_the_rest_by_state(world, dispatcher):
    offers.make_estimate(world, "sent", title="Still out")
    offers.make_estimate(world, "declined", title="Long gone")

    first = dispatcher.page("/admin/estimates/").text
    declined = dispatcher.page("/admin/estimates/?status=declined").text

    assert "Still out" in first
    assert "Long gone" not in first
    assert "Long gone" in declined


@pytest.mark.feature("I03")
def test_the_list_costs_the_same_however_many_estimates_there_are(world, dispatcher):
    offers.make_estimate(world)
    dispatcher.get("/admin/estimates/")
    with statements() as few:
        dispatcher.get("/admin/estimates/")
    for _ in range(8):
        offers.make_estimate(world, "sent")
    world.session.commit()

    with statements() as many:
        dispatcher.get("/admin/estimates/")

    assert len(many) == len(few) <= 8, many


def test_a_new_estimate_is_opened_and_nobody_is_told(world, dispatcher):
    answer = new_estimate(dispatcher, world)

    row = the_estimate(world)
    assert answer.location == f"/admin/estimates/{row.id}"
    assert (row.number, row.state, row.total_cents) == ("E-1", "open", 28548)
    page = dispatcher.page(answer.location).text
    assert "Nobody was told yet." in page
    assert "€285.48" in page


def test_a_wrong_form_keeps_what_was_typed(world, dispatcher):
    answer = new_estimate(dispatcher, world, line_1_price="a lot", note="Typed words")

    page = Page(answer)
    assert answer.status_code == 422
    assert "Write an amount such as 12.50." in page.text
    form = page.form("Save estimate")
    assert (form.value("line_1_price"), form.value("note")) == ("a lot", "Typed words")
    assert world.enter().scalar(select(func.count(Estimate.id))) == 0


def test_a_line_more_keeps_what_was_typed_and_saves_nothing(world, dispatcher):
    page = dispatcher.page(f"/admin/estimates/new?customer={world.customer.id}")

    more = Page(dispatcher.submit(page, "Add a line", line_1_name="Half typed"))

    form = more.form("Add a line")
    assert (form.value("line_1_name"), form.value("line_4_quantity")) == ("Half typed", "1")
    assert world.enter().scalar(select(func.count(Estimate.id))) == 0


def test_the_same_form_sent_twice_makes_one_estimate(world, dispatcher):
    page = dispatcher.page(f"/admin/estimates/new?customer={world.customer.id}")

    first = dispatcher.submit(page, "Save estimate", **offers.answers())
    second = dispatcher.submit(page, "Save estimate", **offers.answers())

    assert first.location == second.location


def test_a_contact_of_another_customer_is_a_wrong_field(world, stranger, dispatcher):
    theirs = Contact(customer_id=stranger.customer.id, name="Nobody")
    stranger.enter().add(theirs)
    stranger.session.flush()

    assert new_estimate(dispatcher, world, contact=str(theirs.id)).status_code == 422


def test_a_sent_estimate_is_taken_back_and_edited(world, dispatcher):
    row = offers.make_estimate(world, "sent")
    page = dispatcher.page(f"/admin/estimates/{row.id}/revise")

    dispatcher.submit(page, "Save estimate", line_1_price="75.00")

    assert (row.state, row.subtotal_cents) == ("open", 15000)


def test_a_step_that_comes_too_late_says_who_was_first(world, dispatcher):
    row = offers.make_estimate(world, "sent")
    page = dispatcher.page(f"/admin/estimates/{row.id}/close")
    offers.step(world, row, "accept", world.customer)

    answer = dispatcher.submit(page, "Withdraw and tell the customer")

    assert answer.status_code == 409
    assert "Carla Customer" in answer.text


@pytest.mark.feature(71)
def test_a_quote_is_sent_from_the_request_and_each_leads_to_the_other(world, dispatcher):
    request = world.hand_in()
    page = dispatcher.page(f"/admin/requests/{request.id}/send_quote")

    answer = dispatcher.submit(page, "Send a quote instead", **offers.answers())

    row = the_estimate(world)
    shown = dispatcher.page(answer.location)
    assert f"/admin/estimates/{row.id}" in [href for _, href in shown.links]
    assert "Quote sent" in shown.text
    other = dispatcher.page(f"/admin/estimates/{row.id}")
    assert f"/admin/requests/{request.id}" in [href for _, href in other.links]


def test_an_accepted_estimate_leads_to_its_job_and_back(world, dispatcher):
    row = offers.make_estimate(world, "accepted")
    job = world.session.scalars(select(Job)).one()

    shown = dispatcher.page(f"/admin/estimates/{row.id}")
    back = dispatcher.page(f"/admin/jobs/{job.id}")

    assert f"/admin/jobs/{job.id}" in [href for _, href in shown.links]
    assert f"/admin/estimates/{row.id}" in [href for _, href in back.links]


@pytest.mark.feature(27)
def test_approving_completes_the_open_estimate(session, sign_in):
    world = make_world(session, preset="estimate_request")
    request = world.hand_in(date_1="2031-03-10", date_1_time="09:30")
    client = sign_in(world, world.owner)
    page = client.page(f"/admin/requests/{request.id}/approve")

    client.submit(page, "Approve and send the estimate", **offers.answers())

    row = the_estimate(world)
    assert (row.number, row.state, row.title) == ("E-1", "sent", "A new tap")
