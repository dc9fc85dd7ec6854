"""Approving: the Create Job form, prefilled, with its three things done at once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.models import Asset, Customer, Event, Job, JobNeed, Location, OutboxMessage, Part, Skill
from tests.harness.pages import Page
from tests.harness.world import make_world
from tests.portal import work

BUTTON = "Approve & Create Job"


def form_of(client, request, **arguments):
    return Page(client.get(f"/admin/requests/{request.id}/approve", query_string=arguments))


def approve(client, request, **fields):
    return client.submit(form_of(client, request), BUTTON, **fields)


def job_of(world, request):
    return world.enter().scalars(select(Job).where(Job.request_id == request.id)).one()


def names_of(page: Page, button: str) -> set[str]:
    return {name for name, _ in page.form(button).fields}


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
    mail = world.enter().scalars(_mails_about(request)).one()
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


@pytest.mark.feature("D7")
def test_cancel_leads_back_and_leaves_the_request_waiting(world, dispatcher):
    request = world.hand_in()

    back = form_of(dispatcher, request).link("Cancel")

    assert back == f"/admin/requests/{request.id}"
    assert Page(dispatcher.get(back)).status == 200
    assert request.state == "submitted"


@pytest.mark.feature(63, "D8")
def test_a_wrong_field_creates_nothing_and_keeps_what_was_typed(world, dispatcher):
    request = world.hand_in()

    answer = approve(
        dispatcher, request, title="", description="My longer words", date="2031-04-05",
        start_time="16:00", end_time="14:00",
    )  # fmt: skip

    page = Page(answer)
    assert answer.status_code == 422
    assert page.form(BUTTON).value("description") == "My longer words"
    assert page.form(BUTTON).value("start_time") == "16:00"
    assert "The end must be after the beginning." in page.text
    assert request.state == "submitted"
    assert world.enter().scalar(select(func.count(Job.id))) == 0
    assert world.enter().scalars(_mails_about(request)).all() == []


@pytest.mark.feature("D8")
def test_a_definitions_complaint_stands_beside_the_field_it_is_about(session, sign_in):
    hybrid = make_world(session, "hybrid", preset="hybrid")
    client = sign_in(hybrid, hybrid.dispatcher)
    request = hybrid.hand_in(date_1="2031-03-03", date_1_part="morning")

    answer = approve(client, request, date="2020-01-01", start_time="08:00", end_time="10:00")

    field = answer.text.split('for="date"')[1].split("</div>")[0]
    assert answer.status_code == 422
    assert "The visit must be in the future" in field


@pytest.mark.feature("D8")
def test_a_mended_form_can_be_sent_again(world, dispatcher):
    request = world.hand_in()

    refused = Page(approve(dispatcher, request, title=""))
    answer = dispatcher.submit(refused, BUTTON, title="Tap")

    assert answer.status_code == 303
    assert job_of(world, request).title == "Tap"


@pytest.mark.feature("D24")
def test_the_same_form_sent_twice_makes_one_job(world, dispatcher):
    request = world.hand_in()
    page = form_of(dispatcher, request)

    first, second = dispatcher.submit(page, BUTTON), dispatcher.submit(page, BUTTON)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert job_of(world, request)


@pytest.mark.feature("D6")
def test_who_comes_late_reads_who_did_what_and_when(world, dispatcher, owner):
    request = world.hand_in()
    opened_by_both = [form_of(client, request) for client in (dispatcher, owner)]

    dispatcher.submit(opened_by_both[0], BUTTON)
    with clock.freeze(clock.now() + timedelta(minutes=3)):
        late = owner.submit(opened_by_both[1], BUTTON)

    page = Page(late)
    job = job_of(world, request)
    assert late.status_code == 409
    assert "Who Dispatcher Doe" in page.text
    assert "What Approve → Approved" in page.text
    assert "3 min ago" in page.text
    assert page.link(f"{job.number} {job.title}") == f"/admin/jobs/{job.id}"


@pytest.mark.feature("D6")
def test_a_program_that_comes_late_is_told_in_json(world, dispatcher, owner):
    request = world.hand_in()
    form = form_of(owner, request).form(BUTTON)
    approve(dispatcher, request)

    answer = owner.post(form.action, data=form.filled(), headers={"Accept": "application/json"})

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "blocked"


@pytest.mark.feature(73)
def test_an_approved_request_is_frozen(world, dispatcher):
    request = world.hand_in()
    work.approve(world, request)

    answers = [
        dispatcher.get(f"/admin/requests/{request.id}/{trigger}")
        for trigger in ("approve", "decline", "cancel")
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert not Page(dispatcher.get(f"/admin/requests/{request.id}")).has_button("Decline")


@pytest.mark.feature(74)
def test_cancelling_the_job_leaves_its_request_approved(world, dispatcher):
    request = world.hand_in()
    work.approve(world, request)
    job = job_of(world, request)

    page = dispatcher.page(f"/admin/jobs/{job.id}/cancel")
    answer = dispatcher.submit(page, "Cancel job and tell the customer")

    assert answer.status_code == 303
    assert (job.state, request.state) == ("cancelled", "approved")


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


@pytest.mark.feature(54)
def test_find_offers_other_customers_and_keeps_what_was_typed(world, dispatcher):
    request = world.hand_in()
    other = work.another_customer(world)

    answer = dispatcher.submit(
        form_of(dispatcher, request), "Find", customer_search="nadia", title="My title"
    )

    assert answer.status_code == 200
    assert f'<option value="{other.id}"' in answer.text
    assert Page(answer).form(BUTTON).value("title") == "My title"
    assert request.state == "submitted"


@pytest.mark.feature("C02")
def test_rows_of_another_company_are_field_errors(world, stranger, dispatcher):
    request = world.hand_in()
    skill = Skill(name="Theirs")
    stranger.enter().add(skill)
    stranger.session.flush()
    foreign = {
        "customer": str(stranger.customer.id), "location": str(stranger.location_id),
        "service": f"category:{stranger.category_id}", "technician": str(stranger.technician.id),
        "skills": [str(skill.id)],
    }  # fmt: skip
    world.enter()

    for name, value in foreign.items():
        answer = approve(dispatcher, request, **{name: value})
        assert answer.status_code == 422, name
        assert "Please choose one from the list." in Page(answer).text
    assert request.state == "submitted"


@pytest.mark.feature("B03")
def test_without_the_forms_token_nothing_happens(world, dispatcher):
    request = world.hand_in()
    form = form_of(dispatcher, request).form(BUTTON)

    answer = dispatcher.post(form.action, data=form.filled(csrf_token=None))

    assert answer.status_code == 400
    assert request.state == "submitted"


def test_the_steps_event_keeps_what_was_asked(world, dispatcher):
    request = world.hand_in()

    approve(dispatcher, request, title="Tap")

    event = world.enter().scalars(select(Event).where(Event.trigger == "approve")).one()
    assert event.actor_ref == world.dispatcher.ref


def _mails_about(request):
    return select(OutboxMessage).where(
        OutboxMessage.subject == "request",
        OutboxMessage.subject_id == request.id,
        OutboxMessage.recipient.startswith("customer:"),
    )
