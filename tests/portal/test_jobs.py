"""The Jobs page: what is under way and what was done, in a customer's words."""

from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.models import Job, Location, Staff
from tests.portal import work

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # noon in Berlin


@pytest.mark.feature(143, 157)
def test_the_portal_opens_on_active_jobs(carla, world):
    work.make_job(world, title="Cold radiator")
    work.make_job(world, "completed", title="Old boiler")

    page = carla.page("/p/acme/")

    assert page.address == "/p/acme/jobs"
    assert "Cold radiator" in page.text
    assert "Old boiler" not in page.text
    assert 'aria-current="page">Active Jobs' in page.answer.text


@pytest.mark.feature(145)
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("scheduled", "Scheduled"),
        ("assigned", "Technician assigned"),
        ("on_the_way", "On the way"),
        ("arrived", "Technician arrived"),
        ("in_progress", "In progress"),
        ("on_hold", "Paused - we will be in touch"),
    ],
)
def test_each_state_is_said_in_plain_words(carla, world, state, words):
    work.make_job(world, state)

    assert f"</span>{words}</span>" in carla.get("/p/acme/jobs").text


@pytest.mark.feature(144, 146, 152)
def test_a_card_says_what_and_where(carla, world):
    work.make_job(world, title="Cold radiator", description="In the nursery, since Monday.")

    text = carla.page("/p/acme/jobs").text

    assert "Cold radiator" in text
    assert "In the nursery, since Monday." in text
    assert "Rosenweg 3" in text


@pytest.mark.feature(147, "D22")
def test_the_technician_is_named_by_first_name_once_assigned(carla, world):
    world.enter().get_one(Staff, world.technician.id).name = "Milan Kovac"
    job = work.make_job(world)
    before = carla.get("/p/acme/jobs").text
    work.step(world, job, "assign")

    after = carla.get("/p/acme/jobs").text

    assert "Milan" not in before
    assert "Milan takes care of it." in after
    assert "Kovac" not in after + carla.get(f"/p/acme/jobs/{job.ref}").text


@pytest.mark.feature(148)
def test_the_window_stands_on_the_card_in_the_companys_time(carla, world):
    with clock.freeze(NOON):
        work.make_job(
            world, starts_at=NOON + timedelta(days=1), ends_at=NOON + timedelta(days=1, hours=2)
        )

        text = carla.page("/p/acme/jobs").text

    assert "Wednesday 25 November" in text
    assert "Between 12:00 and 14:00." in text


@pytest.mark.feature(148)
def test_without_a_time_the_card_promises_one(carla, world):
    work.make_job(world)

    assert "We are finding a time" in carla.page("/p/acme/jobs").text


@pytest.mark.feature(149)
def test_a_card_says_when_it_last_changed(carla, world):
    with clock.freeze(NOON):
        work.make_job(world, title="Today", at=NOON - timedelta(hours=2))
        work.make_job(world, title="Before", at=NOON - timedelta(days=3))

        text = carla.page("/p/acme/jobs").text

    assert "updated 10:00" in text
    assert "updated Sat 21 Nov" in text


@pytest.mark.feature(150)
def test_what_is_under_way_comes_first(carla, world):
    for state in ("scheduled", "on_the_way", "in_progress"):
        work.make_job(world, state, title=f"Job {state}")

    text = carla.page("/p/acme/jobs").text

    places = [text.index(f"Job {state}") for state in ("in_progress", "on_the_way", "scheduled")]
    assert places == sorted(places)


@pytest.mark.feature(151)
def test_no_internal_word_or_id_is_shown(carla, world):
    job = work.make_job(world, "on_hold", title="Boiler", priority="urgent")
    page = carla.get("/p/acme/jobs").text + carla.get(f"/p/acme/jobs/{job.ref}").text

    for word in (
        "on_hold",
        "on hold",
        "priority",
        "urgent",
        "dispatcher",
        "SLA",
        "A part is on order",
    ):
        assert word not in page, word
    # A public id may begin with the same digits.
    assert f'/jobs/{job.id}"' not in page


@pytest.mark.feature(153)
def test_a_job_moves_to_the_history_when_it_is_done(carla, world):
    job = work.make_job(world, "in_progress", title="Cold radiator")
    work.step(world, job, "complete")

    assert "Cold radiator" not in carla.page("/p/acme/jobs").text
    history = carla.page(carla.page("/p/acme/jobs").link("Service History"))
    assert "Cold radiator" in history.text
    assert "Cold radiator" not in carla.page(history.link("Active Jobs")).text


@pytest.mark.feature(154)
def test_the_history_says_what_when_who_and_where(carla, world):
    world.enter().get_one(Staff, world.technician.id).name = "Milan Kovac"
    with clock.freeze(NOON):
        done = NOON - timedelta(days=30)
        work.make_job(world, "completed", title="Cold radiator", description="Bled it.", at=done)

        answer = carla.get("/p/acme/jobs?show=history")

    assert '<span class="state won"><span class="mark"></span>Completed</span>' in answer.text
    for words in ("Cold radiator", "Bled it.", "Sun 25 Oct", "Milan", "Rosenweg 3"):
        assert words in answer.text, words
    assert "Kovac" not in answer.text


@pytest.mark.feature(155)
def test_older_jobs_are_loaded_on_request_each_once(carla, world):
    for number in range(12):
        at = NOON - timedelta(days=number)
        work.make_job(world, "completed", title=f"Visit {number:02}.", at=at)

    first = carla.page("/p/acme/jobs?show=history")
    second = carla.page(first.link("Show older jobs"))

    shown = [f"Visit {number:02}." for number in range(12)]
    assert [words in first.text for words in shown] == [True] * 10 + [False] * 2
    assert [words in second.text for words in shown] == [False] * 10 + [True] * 2
    assert "Show older jobs" not in second.text


@pytest.mark.feature(182, "C05")
def test_another_customers_job_is_not_there(carla, world):
    neighbour = work.another_customer(world)
    job = work.make_job(world, customer=neighbour.id, location=None, title="Secret boiler")
    done = work.make_job(world, "completed", customer=neighbour.id, location=None)

    assert "Secret boiler" not in carla.get("/p/acme/jobs").text
    assert carla.get(f"/p/acme/jobs/{job.ref}").status_code == 404
    assert carla.get(f"/p/acme/jobs?show=history&before={done.ref}").status_code == 404


@pytest.mark.feature(182, 184)
def test_another_companys_job_is_not_there(carla, world, stranger):
    ref = work.make_job(stranger, title="Foreign boiler").ref
    world.session.commit()

    assert carla.get(f"/p/acme/jobs/{ref}").status_code == 404
    assert "Foreign boiler" not in carla.get("/p/acme/jobs").text


@pytest.mark.feature(185)
def test_a_job_can_be_looked_at_but_not_changed(carla, world):
    job = work.make_job(world)
    page = carla.page(f"/p/acme/jobs/{job.ref}")

    assert {form.action for form in page.forms} == {"/p/acme/logout", "/theme"}
    assert carla.post(f"/p/acme/jobs/{job.ref}", data={"state": "completed"}).status_code in (
        400,
        405,
    )
    assert world.enter().get_one(Job, job.id).state == "scheduled"


@pytest.mark.feature(144)
def test_a_page_that_asks_for_news_gets_them_only_when_there_are_any(carla, world):
    job = work.make_job(world, "assigned")
    first = carla.get("/p/acme/jobs?part=active")
    tag = {"If-None-Match": first.headers["ETag"]}

    assert carla.get("/p/acme/jobs?part=active", headers=tag).status_code == 304
    work.step(world, job, "start_travel")
    news = carla.get("/p/acme/jobs?part=active", headers=tag)

    assert news.status_code == 200
    assert "On the way" in news.text
    assert "<html" not in news.text


def test_the_page_knows_the_tag_of_what_it_shows(carla, world):
    work.make_job(world)

    tag = carla.get("/p/acme/jobs?part=active").headers["ETag"].strip('"')

    assert f'data-tag="&#34;{tag}&#34;"' in carla.get("/p/acme/jobs").text.replace(
        "&quot;", "&#34;"
    )


def test_a_place_with_a_name_is_called_by_it(carla, world):
    world.enter().get_one(Location, world.location_id).name = "Home"
    work.make_job(world)

    assert "Home, Rosenweg 3" in carla.page("/p/acme/jobs").text


@pytest.mark.feature(2)
def test_the_owner_may_name_the_button(carla, world):
    work.company(world).labels = {"request_service": {"en": "+ Request a visit"}}

    page = carla.page("/p/acme/jobs")

    assert page.link("+ Request a visit") == "/p/acme/requests/new"
    assert "Request Service" not in page.text
