"""My Service Requests: where each one stands, in words, and the customer's own steps."""

import pytest

from app import clock
from app.models import Job, Request
from app.services import requests
from tests.harness.world import make_world
from tests.portal import work

LIST = "/p/acme/requests"
REASON = "We do not install heat pumps. Ask Huber in Rosenheim."


@pytest.mark.feature(101)
def test_the_list_has_every_request_newest_first(carla, world):
    world.hand_in(description="First tap")
    world.hand_in(description="Second tap")

    page = carla.page(LIST)

    assert "My Service Requests" in page.text
    assert page.text.index("Second tap") < page.text.index("First tap")


@pytest.mark.feature(93)
def test_a_request_that_waits_is_pending(carla, world):
    request = world.hand_in()

    for address in (LIST, f"{LIST}/{request.ref}"):
        text = carla.page(address).text
        assert "Pending" in text
        assert "Your team has not reviewed the request yet" in text


@pytest.mark.feature(94, 62)
def test_an_approved_request_says_so_and_leads_to_its_job(carla, world):
    request = world.hand_in(description="Tap drips")
    work.approve(world, request)

    page = carla.page(f"{LIST}/{request.ref}")
    listed = carla.page(LIST).text

    assert "Approved" in listed
    assert "A job has been created and will be scheduled" in listed
    link = next(href for words, href in page.links if words.startswith("See the job"))
    assert "Tap drips" in carla.page(link).text


@pytest.mark.feature(95, 77)
def test_a_declined_request_gives_the_reason_word_for_word(carla, world):
    request = world.hand_in()
    work.decline(world, request, REASON)

    for address in (LIST, f"{LIST}/{request.ref}"):
        text = carla.page(address).text
        assert "Declined" in text
        assert "The request was reviewed and could not be fulfilled" in text
        assert f"“{REASON}”" in text


@pytest.mark.feature(100)
def test_the_companys_instructions_stand_with_the_decline(carla, world):
    work.company(world).decline_instructions = {"en": "Please call us to talk about it."}
    request = world.hand_in()
    pending = carla.page(f"{LIST}/{request.ref}").text
    work.decline(world, request, REASON)

    assert "Please call us to talk about it." not in pending
    assert "Please call us to talk about it." in carla.page(f"{LIST}/{request.ref}").text


@pytest.mark.feature(115)
def test_requests_stay_in_sight_while_new_ones_are_off(carla, world):
    request = world.hand_in(description="Tap drips")
    work.company(world).requests_enabled = False

    page = carla.page(LIST)

    assert "Tap drips" in page.text
    assert "Request Service" not in page.text
    assert carla.get(f"{LIST}/{request.ref}").status_code == 200


@pytest.mark.feature(74)
def test_a_job_that_is_called_off_leaves_its_request_approved(carla, world):
    request = world.hand_in()
    work.approve(world, request)
    job = world.enter().query(Job).one()
    work.step(world, job, "cancel")

    assert "Approved" in carla.page(f"{LIST}/{request.ref}").text


@pytest.mark.feature(182, "C05")
def test_another_customers_request_is_not_there(carla, world):
    request = world.hand_in(description="Secret tap")
    request.customer_id = work.another_customer(world).id

    assert "Secret tap" not in carla.page(LIST).text
    assert carla.get(f"{LIST}/{request.ref}").status_code == 404
    assert carla.get(f"{LIST}/{request.ref}/approve").status_code == 404


@pytest.mark.feature(182, 184)
def test_another_companys_request_is_not_there(carla, world, stranger):
    stranger.enter()
    ref = stranger.hand_in().ref
    stranger.session.commit()

    assert carla.get(f"{LIST}/{ref}").status_code == 404


def test_the_timeline_is_newest_first_and_keeps_the_teams_names_to_itself(carla, world):
    request = world.hand_in()
    work.decline(world, request, REASON)

    text = carla.page(f"{LIST}/{request.ref}").text.partition("So far")[2]

    assert text.index("Declined") < text.index("You sent the request")
    assert world.dispatcher.name not in text


@pytest.mark.feature(29, 187)
def test_a_customer_cannot_take_a_step_of_the_team(carla, world):
    request = world.hand_in()
    page = carla.page(f"{LIST}/{request.ref}")
    token = page.forms[0].value("csrf_token")

    answer = carla.post(f"{LIST}/{request.ref}/approve", data={"csrf_token": token})

    assert answer.status_code == 403
    assert carla.get(f"{LIST}/{request.ref}/approve").status_code == 403
    assert carla.get(f"{LIST}/{request.ref}/nonsense").status_code == 404
    assert world.enter().get_one(Request, request.id).state == "submitted"


class TestStepsOfACustomer:
    """The preset in which a customer may answer a proposal and cancel."""

    @pytest.fixture
    def world(self, session):
        """A company on the preset ``hybrid``."""
        return make_world(session, preset="hybrid")

    @pytest.fixture
    def proposed(self, carla, world):
        """A request to which the team proposed another time."""
        answers = {"service": "", "service_text": "A new tap", "kind": "one_time"}
        request = world.hand_in(**answers)
        raw = {"proposed_at": "2099-05-06T08:00", "note": "Would Wednesday suit you?"}
        requests.move(
            world.enter(), request.id, "counter_propose", world.dispatcher,
            requests.Submission(raw), at=clock.now(),
        )  # fmt: skip
        return request

    @pytest.mark.feature(86, 99)
    def test_a_proposal_asks_for_an_answer_on_every_page_that_lists_it(self, carla, proposed):
        jobs, page = carla.page("/p/acme/jobs"), carla.page(f"{LIST}/{proposed.ref}")

        assert "We suggest another time" in jobs.text
        assert "Wed 6 May 2099, 8:00. Please answer." in jobs.text
        assert "Wednesday 6 May 2099 8:00" in page.text
        assert "(your answer needed)" in jobs.text
        assert "“Would Wednesday suit you?”" in page.text

    @pytest.mark.feature(88)
    def test_accepting_takes_one_press(self, carla, world, proposed):
        answer = carla.submit(f"{LIST}/{proposed.ref}", "Accept")

        assert (answer.status_code, answer.location) == (303, f"{LIST}/{proposed.ref}")
        assert world.enter().get_one(Request, proposed.id).state == "approved"

    def test_a_step_that_asks_something_has_a_page_of_its_own(self, carla, world, proposed):
        page = carla.page(f"{LIST}/{proposed.ref}")
        form = carla.page(page.link("That time doesn't suit me"))

        carla.submit(form, "That time doesn't suit me", note="Thursday would.")

        request = world.enter().get_one(Request, proposed.id)
        assert request.state == "under_review"

    @pytest.mark.feature(90)
    def test_a_customer_may_cancel_after_being_asked(self, carla, world, proposed):
        page = carla.page(f"{LIST}/{proposed.ref}")

        carla.submit(carla.page(page.link("Cancel request")), "Cancel request")

        assert world.enter().get_one(Request, proposed.id).state == "cancelled"

    @pytest.mark.feature("D14")
    def test_a_step_that_comes_too_late_says_what_became_of_it(self, carla, world, proposed):
        form = carla.page(f"{LIST}/{proposed.ref}/cancel")
        carla.submit(f"{LIST}/{proposed.ref}", "Accept")

        answer = carla.submit(form, "Cancel request")

        assert answer.status_code == 409
        assert "This changed since you opened it." in answer.text
        assert carla.get(f"{LIST}/{proposed.ref}/cancel").status_code == 409
        assert world.enter().get_one(Request, proposed.id).state == "approved"
