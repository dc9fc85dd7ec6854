"""Approving that is called off, wrong, late or repeated: nothing is lost, nothing done twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.models import Job, Skill
from tests.admin.approving import BUTTON, approve, form_of, job_of, mails_about
from tests.harness.pages import Page
from tests.harness.world import make_world
from tests.portal import work


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
    assert world.enter().scalars(mails_about(request)).all() == []


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
