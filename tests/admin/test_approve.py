"""Approving: the Create Job form, prefilled, with its three things done at once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app import clock
from app.models import Asset, Customer, Job, JobNeed, Location, Part, Skill
from tests.admin.approving import BUTTON, approve, form_of, job_of, mails_about, names_of
from tests.harness.pages import Page
from tests.harness.world import make_world
from tests.portal import work


@pytest.mark.feature(52)
def test_approve_opens_the_very_form_that_new_job_uses(world, dispatcher):
    request = world.hand_in()

    to_approve = names_of(form_of(dispatcher, request), BUTTON)
    customer = f"/admin/jobs/new?customer={world.customer.id}"
    new = names_of(dispatcher.page(customer), "Create job")

    assert to_approve - {"expected_event"} == new
    assert {"customer", "location", "service", "description", "priority", "date"} < new


@pytest.mark.feature(53, 55, 56)
def test_the_form_is_prefilled_from_the_request(world, dispatcher):
    request = world.hand_in(date_1="2031-03-03", urgency="urgent")

    form = form_of(dispatcher, request).form(BUTTON)

    assert form.value("customer") == str(world.customer.id)
    assert form.value("location") == str(world.location_id)
    assert form.value("service") == f"category:{world.category_id}"
    assert "The kitchen tap drips" in (form.value("description") or "")
    assert form.value("date") == "2031-03-03"
    assert form.value("priority") == "urgent"


@pytest.mark.feature(50, 62, 94)
def test_approving_makes_a_job_decides_the_request_and_promises_a_mail(world, dispatcher):
    request = world.hand_in()

    answer = approve(dispatcher, request)

    assert answer.status_code == 303
    job = job_of(world, request)
    assert (job.state, request.state) == ("scheduled", "approved")
    mail = world.enter().scalars(mails_about(request)).one()
    assert mail.payload["message"] == "booking.approved"
    page = dispatcher.page(answer.location)
    assert f"is now: Approved. Job {job.number} was created." in page.text
    assert page.link(f"{job.number} {job.title}") == f"/admin/jobs/{job.id}"


@pytest.mark.feature(34, 50)
def test_opening_the_form_decides_nothing(world, dispatcher):
    request = world.hand_in()

    form_of(dispatcher, request)

    assert request.state == "submitted"
    assert world.enter().scalar(select(func.count(Job.id))) == 0


@pytest.mark.feature(54, 55, 56, 59)
def test_every_field_can_be_changed(world, dispatcher):
    request = world.hand_in(date_1="2031-03-03")
    other = work.another_customer(world)
    place = Location(customer_id=other.id, street="Tulpenweg 8")
    world.session.add(place)
    world.session.flush()

    approve(
        dispatcher, request, customer=str(other.id), location=str(place.id), title="New title",
        service="", description="Longer words", priority="low", date="2031-04-05",
        start_time="14:00", end_time="16:30",
    )  # fmt: skip

    job = job_of(world, request)
    assert (job.customer_id, job.location_id, job.category_id) == (other.id, place.id, None)
    assert (job.title, job.description, job.priority) == ("New title", "Longer words", "low")
    # Berlin, in summer: two hours before UTC
    assert job.starts_at == datetime(2031, 4, 5, 12, 0, tzinfo=UTC)
    assert job.ends_at == datetime(2031, 4, 5, 14, 30, tzinfo=UTC)


@pytest.mark.feature(57)
def test_a_deadline_may_be_set_by_hand(world, dispatcher):
    request = world.hand_in()

    approve(dispatcher, request, sla_due="2031-01-10T18:00")

    assert job_of(world, request).sla_due_at == datetime(2031, 1, 10, 17, 0, tzinfo=UTC)


@pytest.mark.feature(57, 60, "D18")
def test_a_blank_deadline_is_the_customers_default_from_the_approval(world, dispatcher):
    world.enter().get_one(Customer, world.customer.id).sla_hours = 4
    request = world.hand_in()
    page = form_of(dispatcher, request)
    at = clock.now() + timedelta(hours=2)

    with clock.freeze(at):
        dispatcher.submit(page, BUTTON)

    assert "Blank: 4 h after approval" in page.text
    assert job_of(world, request).sla_due_at == at + timedelta(hours=4)


@pytest.mark.feature(61)
def test_without_a_default_there_is_no_deadline(world, dispatcher):
    request = world.hand_in()

    approve(dispatcher, request)

    assert job_of(world, request).sla_due_at is None


@pytest.mark.feature(58)
def test_skills_parts_and_assets_can_be_attached(world, dispatcher):
    request = world.hand_in()
    skill, part = Skill(name="Gas licence"), Part(name="Siphon")
    asset = Asset(location_id=world.location_id, name="Boiler")
    world.session.add_all([skill, part, asset])
    world.session.flush()

    approve(
        dispatcher, request, skills=[str(skill.id)], parts=[str(part.id)], assets=[str(asset.id)],
        **{f"part_qty_{part.id}": "3"},
    )  # fmt: skip

    needs = world.enter().scalars(select(JobNeed).order_by(JobNeed.id)).all()
    found = [(need.skill_id, need.part_id, need.asset_id, need.quantity) for need in needs]
    assert found == [(skill.id, None, None, 1), (None, part.id, None, 3), (None, None, asset.id, 1)]


@pytest.mark.feature("D11")
def test_a_wish_that_has_passed_is_flagged_and_another_date_works(world, dispatcher):
    at = clock.now() - timedelta(days=5)
    request = world.hand_in(at=at, date_1=str((at + timedelta(days=1)).date()))

    shown = dispatcher.page(f"/admin/requests/{request.id}")
    listed = dispatcher.page("/admin/requests/")
    offered = form_of(dispatcher, request).form(BUTTON).value("date")
    answer = approve(dispatcher, request, date="2031-04-05", start_time="08:00")

    assert "This date has passed. Choose another when you approve." in shown.text
    assert "Passed: " in listed.text
    assert offered == ""
    assert answer.status_code == 303


@pytest.mark.feature(55)
def test_use_puts_a_wished_date_into_the_form(world, dispatcher):
    request = world.hand_in(date_1="2031-03-03")

    page = Page(dispatcher.get(f"/admin/requests/{request.id}"))
    use = next(href for words, href in page.links if words.startswith("Use"))

    assert dispatcher.page(use).form(BUTTON).value("date") == "2031-03-03"


def test_approve_as_asked_takes_one_press_when_nothing_is_missing(session, sign_in):
    world = make_world(session, preset="hybrid")
    day = (clock.now() + timedelta(days=9)).date()
    request = world.hand_in(date_1=day.isoformat(), date_1_part="afternoon")
    client = sign_in(world, world.dispatcher)

    answer = client.submit(client.page(f"/admin/requests/{request.id}"), "Approve as asked")

    job = world.enter().scalars(select(Job)).one()
    assert answer.status_code == 303
    assert (request.state, job.request_id, job.location_id) == (
        "approved", request.id, world.location_id,
    )  # fmt: skip
    assert job.starts_at == datetime.combine(day, time(13), ZoneInfo("Europe/Berlin"))


def test_approve_as_asked_says_what_is_missing(session, sign_in):
    world = make_world(session, preset="hybrid")
    request = world.hand_in()

    answer = sign_in(world, world.dispatcher).get(f"/admin/requests/{request.id}/approve_as_asked")

    assert "choose one under Approve" in Page(answer).text
