"""One step for many requests: a partition before, a report after, each on its own."""

import pytest
from sqlalchemy import func, select

from app.models import Customer, Event, Request
from tests.admin.conftest import statements
from tests.harness.pages import Page
from tests.portal import work

REASON = "We are closed for the holidays, please ask again after the tenth."
DECLINE = "/admin/bulk/requests/decline"


def chosen(client, *requests):
    """Return the page that shows who can be declined."""
    return Page(client.get(DECLINE, query_string={"id": [each.id for each in requests]}))


def test_the_queue_lets_one_choose_several(world, dispatcher):
    request = world.hand_in()

    plain = dispatcher.page("/admin/requests/")
    page = dispatcher.page("/admin/requests/?select=1")

    assert "Select several" in plain.text
    assert "Select Carla Customer" in page.text
    assert page.has_button("Chosen ones: Decline")
    assert f'value="{request.id}"' in dispatcher.get("/admin/requests/?select=1").text


def test_before_it_is_said_who_takes_the_step_and_who_does_not(world, dispatcher):
    first, second = world.hand_in(), world.hand_in()
    work.approve(world, second)

    page = chosen(dispatcher, first, second)

    assert "Decline: 1 request" in page.text
    assert "Not possible while Approved." in page.text


@pytest.mark.feature(75, 77)
def test_after_it_is_said_what_became_of_each(world, dispatcher, owner):
    first, second = world.hand_in(), world.hand_in()
    page = chosen(dispatcher, first, second)
    work.approve(world, second)  # meanwhile, by somebody else

    answer = dispatcher.submit(page, "Decline: 2 requests", reason=REASON)
    report = Page(dispatcher.get(answer.location))

    assert answer.status_code == 303
    assert (first.state, second.state) == ("declined", "approved")
    assert "Done for 1 request" in report.text
    assert "Not done, and why" in report.text
    assert "Not possible while Approved." in report.text


def test_what_all_share_is_mended_before_anything_happens(world, dispatcher):
    first, second = world.hand_in(), world.hand_in()

    answer = dispatcher.submit(
        chosen(dispatcher, first, second), "Decline: 2 requests", reason="No."
    )

    assert answer.status_code == 422
    assert Page(answer).form("Decline: 2 requests").value("reason") == "No."
    assert {first.state, second.state} == {"submitted"}


def test_sent_twice_it_is_done_once(world, dispatcher):
    requests = [world.hand_in() for _ in range(3)]
    page = chosen(dispatcher, *requests)

    for _ in range(2):
        dispatcher.submit(page, "Decline: 3 requests", reason=REASON)

    declined = select(func.count(Event.id)).where(Event.trigger == "decline")
    assert world.enter().scalar(declined) == 3


def test_customers_of_several_languages_are_pointed_out(world, dispatcher):
    first = world.hand_in()
    session = world.enter()
    other = Customer(name="Herta Haus", language="de", created_at=first.submitted_at)
    session.add(other)
    session.flush()
    second = world.hand_in()
    second.customer_id = other.id
    session.flush()

    page = chosen(dispatcher, first, second)

    assert "They read different languages" in page.text


@pytest.mark.feature(182)
def test_another_companys_requests_are_not_there(world, stranger, dispatcher):
    stranger.enter()
    theirs = stranger.hand_in()
    world.enter()
    mine = world.hand_in()

    page = chosen(dispatcher, mine, theirs)
    dispatcher.submit(page, "Decline: 1 request", reason=REASON, id=str(theirs.id))

    assert stranger.enter().scalars(select(Request.state)).all() == ["submitted"]


def test_only_steps_made_for_it_are_taken(world, dispatcher):
    request = world.hand_in()

    answer = dispatcher.get(f"/admin/bulk/requests/approve?id={request.id}")

    assert "This step is taken one by one." in Page(answer).text


def test_nothing_chosen_leads_back(dispatcher):
    assert dispatcher.get(DECLINE).status_code == 303


def test_ten_cost_no_more_statements_to_look_at_than_two(world, dispatcher):
    ids = [world.hand_in().id for _ in range(10)]
    world.session.commit()

    counts = []
    for some in (ids, ids[:2], ids):
        with statements() as seen:
            dispatcher.get(DECLINE, query_string={"id": some})
        counts.append(len(seen))

    assert counts[1] == counts[2]
