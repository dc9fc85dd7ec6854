"""Asking for service: one form, one request, nothing typed lost."""

import pytest
from sqlalchemy import func, select

from app.models import Customer, Job, Location, ServiceCategory
from tests.harness.pages import Page
from tests.portal import work

FORM = "/p/acme/requests/new"
BUTTON = "Submit Request"


@pytest.fixture
def answers(world):
    """What a customer types."""
    return world.answers()


@pytest.mark.feature(1, 3, 10, 26)
def test_a_customer_asks_from_the_jobs_page_and_the_request_waits(carla, world, answers):
    page = carla.page(carla.page("/p/acme/jobs").link("Request Service"))

    answer = carla.submit(page, BUTTON, **answers)

    request = work.requests_of(world)[0]
    assert (answer.status_code, answer.location) == (303, f"/p/acme/requests/{request.ref}?sent=1")
    assert request.description == "The kitchen tap drips since Sunday."
    assert (request.state, request.waiting_on) == ("submitted", "dispatcher")


@pytest.mark.feature(34)
def test_a_request_is_no_job(carla, world, answers):
    carla.submit(FORM, BUTTON, **answers)

    assert world.enter().scalar(select(func.count(Job.id))) == 0
    assert "The kitchen tap drips" not in carla.page("/p/acme/jobs").text


def test_the_confirmation_says_what_was_asked_and_what_comes_next(carla, answers):
    page = carla.page(carla.submit(FORM, BUTTON, **answers).location)

    for words in (
        "We have your request", "R-", "The kitchen tap drips since Sunday.", "Rosenweg 3",
        "carla@customer.example", "Nothing is booked until then.", "What happens next",
    ):  # fmt: skip
        assert words in page.text, words


@pytest.mark.feature(6)
def test_the_six_kinds_of_work_are_offered_and_kept(carla, world, answers):
    offered = carla.page(FORM).text
    emergency = (
        world.enter()
        .scalars(select(ServiceCategory).where(ServiceCategory.key == "emergency"))
        .one()
    )

    carla.submit(FORM, BUTTON, **{**answers, "service": f"category:{emergency.id}"})

    for words in ("Repair", "Maintenance", "Installation", "Inspection", "Emergency", "Other"):
        assert words in offered, words
    assert work.requests_of(world)[0].category_id == emergency.id


@pytest.mark.feature(11)
def test_urgency_is_normal_unless_said_otherwise(carla, world, answers):
    carla.submit(FORM, BUTTON, **{**answers, "urgency": None})
    carla.submit(FORM, BUTTON, **{**answers, "urgency": "urgent"})

    assert [request.urgency for request in work.requests_of(world)] == ["normal", "urgent"]


@pytest.mark.feature(12)
def test_a_preferred_date_may_be_given_or_left_out(carla, world, answers):
    carla.submit(FORM, BUTTON, **answers)
    carla.submit(FORM, BUTTON, **answers, date_1="2099-05-06")

    days = [
        [wish.day.isoformat() for wish in one.preferred_dates] for one in work.requests_of(world)
    ]
    assert days == [[], ["2099-05-06"]]


@pytest.mark.feature("D11")
def test_a_day_that_has_passed_is_refused(carla, world, answers):
    answer = carla.submit(FORM, BUTTON, **answers, date_1="2020-05-06")

    assert answer.status_code == 422
    assert "This day has passed." in answer.text
    assert work.requests_of(world) == []


@pytest.mark.feature(18)
def test_the_places_are_the_customers_own(carla, world, answers):
    neighbour = work.another_customer(world)
    theirs = Location(customer_id=neighbour.id, street="Fremdweg 9")
    world.session.add(theirs)
    world.session.flush()

    offered = carla.page(FORM).text
    answer = carla.submit(FORM, BUTTON, **{**answers, "location": str(theirs.id)})

    assert "Rosenweg 3" in offered
    assert "Fremdweg 9" not in offered
    assert answer.status_code == 422
    assert work.requests_of(world) == []


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(carla, answers):
    answer = carla.submit(
        FORM, BUTTON, **{**answers, "description": "", "urgency": "urgent", "date_1": "2099-05-06"}
    )

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert '<p class="error" id="e-description">Please describe what is needed.</p>' in answer.text
    assert '<a href="#description">' in answer.text
    kept = Page(answer).form(BUTTON)
    assert kept.value("urgency") == "urgent"
    assert kept.value("date_1") == "2099-05-06"
    assert kept.value("service") == answers["service"]


def test_a_long_text_comes_back_whole_and_harmless(carla, world, answers):
    words = 'Tap <script>alert(1)</script> "drips"\n\n  & more'

    answer = carla.submit(FORM, BUTTON, **{**answers, "description": words, "service": None})

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert Page(answer).form(BUTTON).value("description") == words


@pytest.mark.feature("D24")
def test_pressed_twice_it_is_one_request(carla, world, answers):
    page = carla.page(FORM)

    first, second = (carla.submit(page, BUTTON, **answers) for _ in range(2))

    assert first.location == second.location
    assert len(work.requests_of(world)) == 1


@pytest.mark.feature("D24")
def test_other_words_in_a_form_sent_before_are_kept_for_a_new_one(carla, world, answers):
    page = carla.page(FORM)
    carla.submit(page, BUTTON, **answers)

    answer = carla.submit(page, BUTTON, **{**answers, "description": "And the shower too."})
    again = carla.submit(answer, BUTTON)

    assert answer.status_code == 409
    assert "This form was sent before" in answer.text
    assert again.status_code == 303
    assert [one.description for one in work.requests_of(world)][1:] == ["And the shower too."]


def test_a_form_without_its_token_is_refused(carla, world, answers):
    assert carla.post(FORM, data=answers).status_code == 400
    assert work.requests_of(world) == []


@pytest.mark.feature(29)
def test_who_may_only_look_has_no_button_and_no_form(carla, world, answers):
    page = carla.page(FORM)
    world.enter().get_one(Customer, world.customer.id).access = "read_only"

    jobs, form = carla.page("/p/acme/jobs"), carla.get(FORM)
    sent = carla.submit(page, BUTTON, **answers)

    assert "Request Service" not in jobs.text
    assert (form.status_code, sent.status_code) == (403, 403)
    assert "Your account can look but not ask for work." in form.text
    assert work.requests_of(world) == []


@pytest.mark.feature(114, 116, 117)
def test_switched_off_the_button_and_the_form_are_gone_and_jobs_stay(carla, world):
    work.make_job(world, title="Cold radiator")
    work.company(world).requests_enabled = False

    jobs, form = carla.page("/p/acme/jobs"), carla.get(FORM)

    assert "Request Service" not in jobs.text
    assert "Cold radiator" in jobs.text
    assert form.status_code == 403
    assert BUTTON not in form.text


@pytest.mark.feature(116, "D5")
def test_switched_off_while_the_form_was_open_the_text_stays_in_sight(carla, world, answers):
    page = carla.page(FORM)
    work.company(world).requests_enabled = False

    answer = carla.submit(page, BUTTON, **answers)

    assert answer.status_code == 403
    assert "New requests are switched off at the moment." in answer.text
    assert "The kitchen tap drips since Sunday." in answer.text
    assert work.requests_of(world) == []


@pytest.mark.feature(118)
def test_switched_on_again_everything_is_as_before(carla, world, answers):
    carla.submit(FORM, BUTTON, **answers)
    work.company(world).requests_enabled = False
    carla.get(FORM)
    work.company(world).requests_enabled = True

    assert carla.submit(FORM, BUTTON, **answers).status_code == 303
    assert len(work.requests_of(world)) == 2


def test_the_form_says_how_long_an_answer_usually_takes_once_there_were_enough(carla, world):
    before = carla.page(FORM).text
    for number in range(5):
        request = world.hand_in(description=f"Tap {number}")
        work.decline(world, request, "This is outside of our area.")

    assert "usually" not in before
    assert "We usually answer within 1 hour." in carla.page(FORM).text
