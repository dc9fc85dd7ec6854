"""Home: what needs somebody now, for each role its own."""

from datetime import timedelta

import pytest

from app import clock
from tests.admin.conftest import statements
from tests.admin.test_messages import make_mail
from tests.portal import work


@pytest.mark.feature(51)
def test_home_says_how_many_wait_and_who_waits_longest(world, dispatcher):
    at = clock.now()
    world.hand_in(at=at - timedelta(hours=26), description="Waits longest")
    world.hand_in(at=at - timedelta(hours=1), description="Came later")

    page = dispatcher.page("/admin/")

    assert "2 requests wait for an answer" in page.text
    assert "Oldest 26 h · Carla Customer, Waits longest" in page.text


def test_home_shows_todays_jobs_and_those_without_a_technician(world, dispatcher):
    at = clock.now()
    work.make_job(world, title="Today's job", starts_at=at, ends_at=at + timedelta(hours=1))
    later = at + timedelta(days=3)
    work.make_job(world, title="Later job", starts_at=later, ends_at=later + timedelta(hours=1))

    text = dispatcher.page("/admin/").text

    assert "Today's job" in text
    assert "1 job today has no technician" in text
    assert "Later job" not in text


def test_home_tells_of_messages_that_failed(world, office):
    make_mail(world, "Failure", gave_up=True)

    assert "1 message could not be delivered" in office.page("/admin/").text


def test_home_says_so_when_nothing_waits(world, dispatcher):
    assert "Nothing waits for you" in dispatcher.page("/admin/").text


@pytest.mark.feature(186)
def test_a_technicians_day_holds_the_own_jobs_and_no_requests(world, technician):
    at = clock.now()
    world.hand_in(description="Waits for an answer")
    mine = work.make_job(world, title="Mine", starts_at=at, ends_at=at + timedelta(hours=1))
    mine.technician_id = world.technician.id
    work.make_job(world, title="Not mine", starts_at=at, ends_at=at + timedelta(hours=1))

    text = technician.page("/admin/").text

    assert "Mine" in text
    assert "Not mine" not in text
    assert "Waits for an answer" not in text


def test_home_costs_few_statements(world, dispatcher):
    world.hand_in()
    work.make_job(world)
    dispatcher.get("/admin/")

    with statements() as seen:
        dispatcher.get("/admin/")

    assert len(seen) <= 7, "\n".join(seen)
