"""Jobs: the dashboard, one job and its steps, a new one, and whose a technician sees."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.models import Customer, Job, Location, OutboxMessage, Part, Skill
from app.models.job import JobNeed
from tests.admin.conftest import make_colleague, statements
from tests.harness.pages import Page
from tests.portal import work


def new_job(client, world, **fields):
    page = client.page(f"/admin/jobs/new?customer={world.customer.id}")
    return client.submit(page, "Create job", **{"title": "Mend the tap", **fields})


def the_job(world):
    return world.enter().scalars(select(Job)).one()


def test_the_list_shows_open_jobs_and_finds_the_others_by_state(world, dispatcher):
    work.make_job(world, "scheduled", title="Still open")
    work.make_job(world, "completed", title="Long done")

    open_jobs = dispatcher.page("/admin/jobs/").text
    done = dispatcher.page("/admin/jobs/?status=completed").text

    assert "Still open" in open_jobs
    assert "Long done" not in open_jobs
    assert "Long done" in done


def test_the_list_goes_on_page_by_page(world, dispatcher):
    begin = clock.now() - timedelta(days=2)
    for number in range(32):
        work.make_job(world, title=f"Job {number:02d}.", at=begin + timedelta(minutes=number))

    first = dispatcher.page("/admin/jobs/")

    assert "Job 31." in first.text
    assert "Job 01." not in first.text
    assert "Job 01." in dispatcher.page(first.link("Show more")).text


def test_the_list_costs_the_same_however_many_jobs_there_are(world, dispatcher):
    work.make_job(world)
    dispatcher.get("/admin/jobs/")
    with statements() as few:
        dispatcher.get("/admin/jobs/")
    for _ in range(12):
        work.make_job(world)
    world.session.commit()

    with statements() as many:
        dispatcher.get("/admin/jobs/")

    assert len(many) == len(few) <= 8


def test_a_late_job_says_so(world, dispatcher):
    job = work.make_job(world)
    job.sla_due_at = clock.now() - timedelta(hours=1)

    assert "Late since" in dispatcher.page("/admin/jobs/").text


@pytest.mark.feature(63)
def test_a_new_job_is_made_from_scratch(world, dispatcher):
    answer = new_job(
        dispatcher, world, location=str(world.location_id), date="2031-04-05", start_time="09:00"
    )

    job = the_job(world)
    assert answer.location == f"/admin/jobs/{job.id}"
    assert (job.title, job.state, job.location_id) == (
        "Mend the tap", "scheduled", world.location_id,
    )  # fmt: skip


def test_a_new_job_with_a_technician_is_assigned(world, dispatcher):
    new_job(dispatcher, world, technician=str(world.technician.id))

    assert the_job(world).state == "assigned"


def test_a_new_job_gets_its_parts_with_their_quantity(world, dispatcher):
    part = Part(name="Siphon")
    world.enter().add(part)
    world.session.flush()

    new_job(dispatcher, world, parts=[str(part.id)], **{f"part_qty_{part.id}": "2"})

    need = world.enter().scalars(select(JobNeed)).one()
    assert (need.part_id, need.quantity) == (part.id, 2)


def test_a_wrong_new_job_is_shown_again_as_typed(world, dispatcher):
    answer = new_job(dispatcher, world, title="", description="Typed words")

    page = Page(answer)
    assert answer.status_code == 422
    assert page.form("Create job").value("description") == "Typed words"
    assert "Please fill this in." in page.text
    assert world.enter().scalar(select(func.count(Job.id))) == 0


def test_a_place_of_another_customer_is_refused(world, dispatcher):
    other = work.another_customer(world)
    place = Location(customer_id=other.id, street="Elsewhere 1")
    world.session.add(place)
    world.session.flush()

    answer = new_job(dispatcher, world, location=str(place.id))

    assert answer.status_code == 422


def test_choosing_a_customer_brings_their_places(world, dispatcher):
    page = dispatcher.page("/admin/jobs/new")

    before = page.answer.text
    after = dispatcher.submit(page, "Find", customer=str(world.customer.id)).text

    assert "Rosenweg 3" not in before
    assert "Rosenweg 3" in after


def test_find_reaches_customers_beyond_the_list(world, dispatcher):
    world.enter().add_all(
        Customer(name=f"Aa {n:03d}", email=f"a{n}@x.example", created_at=clock.now())
        for n in range(205)
    )
    world.session.add(Customer(name="Zz Last", email="zz@x.example", created_at=clock.now()))
    page = dispatcher.page("/admin/jobs/new")

    found = dispatcher.submit(page, "Find", customer_search="zz@x").text

    assert "Zz Last" not in page.text
    assert "Zz Last" in found


def test_a_job_shows_its_work_its_people_and_its_history(world, dispatcher):
    skill = Skill(name="Gas licence")
    world.enter().add(skill)
    world.session.flush()
    job = work.make_job(world, "assigned", description="Boiler is cold", skills=(skill.id,))

    page = dispatcher.page(f"/admin/jobs/{job.id}")

    for words in ("Boiler is cold", "Gas licence", "Technician Doe", "Rosenweg 3", "Assigned"):
        assert words in page.text
    assert page.link("Carla Customer") == f"/admin/customers/{world.customer.id}"


def test_assigning_goes_through_the_definitions_form(world, dispatcher):
    job = work.make_job(world)
    page = dispatcher.page(f"/admin/jobs/{job.id}/assign")

    blank = dispatcher.submit(page, "Assign", technician="")
    done = dispatcher.submit(page, "Assign", technician=str(world.technician.id))

    assert blank.status_code == 422
    assert done.location == f"/admin/jobs/{job.id}"
    assert (job.state, job.technician_id) == ("assigned", world.technician.id)


def test_a_step_without_questions_is_one_button(world, dispatcher):
    job = work.make_job(world, "assigned")

    answer = dispatcher.submit(dispatcher.page(f"/admin/jobs/{job.id}"), "Set out")

    assert answer.status_code == 303
    assert job.state == "on_the_way"


def test_a_technician_sees_the_own_jobs_only(world, technician):
    mine = work.make_job(world, "assigned", title="Mine to do")
    work.make_job(world, "scheduled", title="Nobody's yet")
    colleague = make_colleague(world, "technician", "Tessa Other")
    theirs = work.make_job(world, "scheduled", title="Hers")
    theirs.technician_id = colleague.id

    text = technician.page("/admin/jobs/").text

    assert "Mine to do" in text
    assert "Nobody's yet" not in text
    assert "Hers" not in text
    assert technician.get(f"/admin/jobs/{mine.id}").status_code == 200
    assert technician.get(f"/admin/jobs/{theirs.id}").status_code == 404
    assert technician.get(f"/admin/jobs/{theirs.id}/refuse").status_code == 404


def test_a_technician_takes_the_steps_of_the_own_job(world, technician):
    job = work.make_job(world, "assigned")

    technician.submit(technician.page(f"/admin/jobs/{job.id}"), "Set out")

    assert job.state == "on_the_way"


@pytest.mark.feature(186)
def test_a_technician_is_offered_neither_requests_nor_new_jobs(world, technician):
    work.approve(world, world.hand_in())
    job = the_job(world)
    job.technician_id = world.technician.id

    pages = [technician.page(url) for url in ("/admin/", "/admin/jobs/", f"/admin/jobs/{job.id}")]

    for page in pages:
        assert not [href for _, href in page.links if "/requests" in href or "/jobs/new" in href]


def test_an_empty_list_says_how_jobs_begin(world, dispatcher, technician):
    assert "A job begins when you approve a request" in dispatcher.page("/admin/jobs/").text
    assert "Jobs that are assigned to you appear here" in technician.page("/admin/jobs/").text


def test_a_job_without_a_time_gets_one_and_its_customer_is_told(world, dispatcher):
    job = work.make_job(world)
    world.session.commit()
    page = dispatcher.page(f"/admin/jobs/{job.id}/set_time")

    times = {"starts_at": "2031-03-03T09:00", "ends_at": "2031-03-03T11:00"}
    answer = dispatcher.submit(page, "Set the time and tell the customer", **times)

    world.enter().refresh(job)
    assert answer.status_code == 303
    assert (job.starts_at, job.ends_at) == (
        datetime(2031, 3, 3, 8, tzinfo=UTC), datetime(2031, 3, 3, 10, tzinfo=UTC),
    )  # fmt: skip
    told = select(OutboxMessage).where(OutboxMessage.subject == "job")
    assert [row.payload["message"] for row in world.session.scalars(told)] == ["job.time_set"]


def test_a_job_moved_without_an_end_takes_as_long_as_before(world, dispatcher):
    at = datetime(2031, 3, 3, 8, tzinfo=UTC)
    job = work.make_job(world, starts_at=at, ends_at=at + timedelta(hours=3))
    world.session.commit()
    page = dispatcher.page(f"/admin/jobs/{job.id}/set_time")

    dispatcher.submit(page, "Set the time and tell the customer", starts_at="2031-03-04T09:00")

    world.enter().refresh(job)
    assert job.starts_at == at + timedelta(days=1)
    assert job.ends_at == at + timedelta(days=1, hours=3)


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("2020-03-03T09:00", "", "Must be in the future"),
        ("2031-03-03T09:00", "2031-03-03T08:00", "The end must be after the beginning"),
        ("soon", "", "date"),
    ],
)
def test_an_odd_time_is_refused_at_its_field(world, dispatcher, starts, ends, said):
    job = work.make_job(world)
    world.session.commit()
    page = dispatcher.page(f"/admin/jobs/{job.id}/set_time")

    answer = dispatcher.submit(
        page, "Set the time and tell the customer", starts_at=starts, ends_at=ends
    )

    assert answer.status_code == 422
    assert said in Page(answer).text
