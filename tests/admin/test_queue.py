"""The Service Requests tab: cards, filters, the badge, and what a page of it costs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.models import ServiceCategory
from tests.admin.conftest import statements
from tests.harness.pages import Page
from tests.portal import work


@pytest.mark.feature(35)
def test_requests_have_a_tab_on_the_jobs_dashboard(world, dispatcher):
    world.hand_in()

    page = dispatcher.page("/admin/jobs/")

    assert page.link("Service Requests 1 waiting") == "/admin/requests/"
    assert "The kitchen tap drips" in dispatcher.page("/admin/requests/").text


@pytest.mark.feature(36)
def test_the_menu_links_to_the_requests(world, dispatcher):
    assert dispatcher.page("/admin/").link("Requests") == "/admin/requests/"


@pytest.mark.feature(37)
def test_the_badge_counts_what_waits_and_nothing_else(world, dispatcher):
    first, second, third = (world.hand_in() for _ in range(3))
    work.decline(world, third, "We are fully booked that week.")

    assert "Requests 2 waiting" in dispatcher.page("/admin/").text
    work.approve(world, second)
    assert "Requests 1 waiting" in dispatcher.page("/admin/customers/").text
    work.approve(world, first)
    assert "Requests 1 waiting" not in dispatcher.page("/admin/").text


@pytest.mark.feature(37)
def test_an_open_page_learns_the_count_by_asking_again(world, dispatcher):
    before = dispatcher.get("/admin/requests/waiting-count")
    same = dispatcher.get(
        "/admin/requests/waiting-count", headers={"If-None-Match": before.headers["ETag"]}
    )
    world.hand_in()
    after = dispatcher.get(
        "/admin/requests/waiting-count", headers={"If-None-Match": before.headers["ETag"]}
    )

    assert (before.json["waiting"], before.json["label"]) == (0, "0")
    assert same.status_code == 304
    assert (after.json["waiting"], after.json["label"]) == (1, "1")


@pytest.mark.feature(38, 39, 40, 41, 42, 43)
def test_a_card_shows_who_where_what_how_urgent_and_when(world, dispatcher):
    category = world.enter().get_one(ServiceCategory, world.category_id)
    category.label = {"en": "Repair"}
    at = clock.now() - timedelta(hours=5)
    world.hand_in(at=at, urgency="urgent", date_1=str((at + timedelta(days=9)).date()))

    answer = dispatcher.get("/admin/requests/")
    card = answer.text.split('class="rcard-row"')[1].split("</li>")[0]

    for words in ("Carla Customer", "Rosenweg 3", "Repair", "kitchen tap drips", "Urgent"):
        assert words in card
    assert (at + timedelta(days=9)).strftime("%-d %b") in card
    assert f'datetime="{at.isoformat()}"' in card
    assert ">5 h</time>" in card


@pytest.mark.feature(41, 42)
def test_a_card_says_when_nothing_is_urgent_and_no_date_is_wished(world, dispatcher):
    world.hand_in(urgency="normal")

    text = dispatcher.page("/admin/requests/").text

    assert "Urgent" not in text
    assert "No date wished" in text


@pytest.mark.feature(45, 118)
def test_the_list_is_filtered_by_status(world, dispatcher):
    waiting = world.hand_in(description="This one waits.")
    approved = world.hand_in(description="This one was approved.")
    declined = world.hand_in(description="This one was declined.")
    work.approve(world, approved)
    work.decline(world, declined, "We are fully booked that week.")

    shown = {
        status: dispatcher.page(f"/admin/requests/?status={status}").text
        for status in ("waiting", "submitted", "approved", "declined", "all")
    }

    assert waiting.id
    assert "This one waits." in shown["waiting"]
    assert "was approved" not in shown["waiting"]
    assert "This one waits." in shown["submitted"]
    assert "This one was approved." in shown["approved"]
    assert "This one waits." not in shown["approved"]
    assert "This one was declined." in shown["declined"]
    assert all(f"This one {words}" in shown["all"] for words in ("waits", "was a", "was d"))


@pytest.mark.feature(45)
def test_each_filter_says_how_many_there_are(world, dispatcher):
    world.hand_in()
    work.decline(world, world.hand_in(), "We are fully booked that week.")

    text = dispatcher.page("/admin/requests/").text

    assert "Waiting 1" in text
    assert "Declined 1" in text


@pytest.mark.feature(46)
def test_each_card_has_an_approve_and_a_decline_button(world, dispatcher):
    request = world.hand_in()

    page = dispatcher.page("/admin/requests/")

    assert page.link("Approve , Carla Customer") == f"/admin/requests/{request.id}/approve"
    assert page.link("Decline , Carla Customer") == f"/admin/requests/{request.id}/decline"


@pytest.mark.feature(46, 73)
def test_a_decided_card_offers_no_decision(world, dispatcher):
    work.approve(world, world.hand_in())

    page = dispatcher.page("/admin/requests/?status=approved")

    assert not any(words.startswith(("Approve ,", "Decline ,")) for words, _ in page.links)


def test_what_waits_longest_comes_first_and_the_rest_page_by_page(world, dispatcher):
    begin = clock.now() - timedelta(days=3)
    for number in range(33):
        world.hand_in(at=begin + timedelta(hours=number), description=f"Number {number:02d}.")

    first = dispatcher.page("/admin/requests/")
    second = dispatcher.page(first.link("Show more"))

    assert "Number 00." in first.text
    assert "Number 29." in first.text
    assert "Number 30." not in first.text
    assert "Number 32." in second.text
    assert "Number 29." not in second.text


@pytest.mark.parametrize("after", ["nonsense", "99999999999999999999999-1", "1-"])
def test_a_mangled_place_in_the_list_is_its_beginning(world, dispatcher, after):
    world.hand_in()

    assert "The kitchen tap drips" in dispatcher.page(f"/admin/requests/?after={after}").text


def test_an_empty_queue_says_what_will_appear(world, dispatcher):
    assert "New requests from the customer portal appear here" in (
        dispatcher.page("/admin/requests/").text
    )


@pytest.mark.feature("E02")
def test_what_customers_write_is_shown_as_text(world, dispatcher):
    world.hand_in(description='"><img src=x onerror=pwn()>')

    answer = dispatcher.get("/admin/requests/")

    assert "<img src=x" not in answer.text
    assert '"><img src=x onerror=pwn()>' in Page(answer).text


def test_a_page_of_the_queue_takes_few_statements_however_many_requests_there_are(
    world, dispatcher
):
    _hand_in_by_many(world, 3)
    dispatcher.get("/admin/requests/")  # the first one loads the definitions
    with statements() as few:
        dispatcher.get("/admin/requests/")
    _hand_in_by_many(world, 20)

    with statements() as many:
        answer = dispatcher.get("/admin/requests/")

    assert len(few) <= 8, "\n".join(few)
    assert len(many) == len(few)
    assert answer.status_code == 200


def test_a_page_of_the_queue_is_small(world, dispatcher):
    _hand_in_by_many(world, 15)

    assert len(dispatcher.get("/admin/requests/").data) < 25 * 1024


def _hand_in_by_many(world, count):
    categories = world.enter().scalars(select(ServiceCategory.id)).all()
    for number in range(count):
        world.hand_in(service=f"category:{categories[number % len(categories)]}")
    world.session.commit()
