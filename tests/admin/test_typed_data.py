"""Addresses and people typed into a request: they stay there until staff take them over."""

import pytest
from sqlalchemy import select

from app import clock
from app.errors import Conflict, Forbidden
from app.models import Contact, Customer, Event, Location
from app.services import typed_data
from tests.harness import bookings
from tests.harness.pages import Page
from tests.harness.world import make_world
from tests.portal import work

pytestmark = pytest.mark.feature("D21")
ADDRESS = {"location": "other", "street": "Lindenhof 1", "postcode": "53111", "city": "Bonn"}
PERSON = {"contact": "other", "contact_name": "Karl Keeper", "contact_phone": "+49 228 1234567"}
BUTTON = "Accept into the customer’s record"


@pytest.fixture
def world(session):
    """A company on the preset that takes new addresses and contacts."""
    return make_world(session, preset="hybrid")


@pytest.fixture
def request_(world):
    """A request with an address and a person that nobody has on record."""
    found = world.hand_in(date_1="2031-03-03", date_1_part="morning", **ADDRESS, **PERSON)
    world.session.flush()
    return found


def customer(world) -> Customer:
    found: Customer = world.enter().get_one(Customer, world.customer.id)
    return found


@pytest.mark.feature(20, 21, 22)
def test_what_is_typed_stays_with_the_request(world, request_):
    assert [str(place) for place in customer(world).locations] == ["Rosenweg 3, Ulm"]
    assert customer(world).contacts == []
    assert request_.address_once["street"] == "Lindenhof 1"
    assert request_.contact_once["name"] == "Karl Keeper"


def test_staff_take_an_address_over_by_one_press(world, request_, dispatcher):
    page = Page(dispatcher.get(f"/admin/requests/{request_.id}"))
    buttons = [f for f in page.forms if any(text == BUTTON for text, _ in f.buttons)]

    answer = dispatcher.post(buttons[1].action, data={**buttons[1].filled(), "what": "address"})

    assert answer.status_code == 303
    places = world.enter().scalars(select(Location).order_by(Location.id)).all()
    assert [place.line for place in places] == ["Rosenweg 3, Ulm", "Lindenhof 1, 53111 Bonn"]
    assert (request_.location_id, request_.address_once) == (places[1].id, None)
    assert request_.contact_once is not None


def test_it_is_written_down_who_took_it_over(world, request_, dispatcher):
    typed_data.keep(world.enter(), request_.id, world.dispatcher, ["person"], at=clock.now())
    world.session.flush()

    event = world.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert (event.trigger, event.actor_ref) == ("record.kept", world.dispatcher.ref)
    assert event.input["person"]["words"] == "Karl Keeper"
    page = dispatcher.page(f"/admin/requests/{request_.id}")
    assert "Dispatcher Doe took it into the customer’s record" in page.text


def test_approving_takes_it_over_in_one_go(world, request_, dispatcher):
    form = dispatcher.page(f"/admin/requests/{request_.id}/approve")

    answer = dispatcher.submit(form, "Approve & Create Job")

    assert "Add “Lindenhof 1, 53111 Bonn” to the customer’s locations" in form.text
    assert answer.status_code == 303
    job = bookings.job_of(world, request_)
    assert str(job.location) == "Lindenhof 1, 53111 Bonn"
    assert str(job.contact) == "Karl Keeper"
    assert len(customer(world).locations) == 2


def test_a_refused_approval_takes_nothing_over(world, request_, dispatcher):
    form = dispatcher.page(f"/admin/requests/{request_.id}/approve")

    answer = dispatcher.submit(form, "Approve & Create Job", title="")

    assert answer.status_code == 422
    assert len(customer(world).locations) == 1
    assert (request_.state, request_.event_seq) == ("submitted", 1)
    again = dispatcher.submit(Page(answer), "Approve & Create Job", title="Tap")
    assert again.status_code == 303
    assert len(customer(world).locations) == 2


def test_without_the_tick_the_job_shows_the_address_and_the_record_stays(
    world, request_, dispatcher, client
):
    form = dispatcher.page(f"/admin/requests/{request_.id}/approve")

    dispatcher.submit(form, "Approve & Create Job", keep_address="", keep_person="")

    job = bookings.job_of(world, request_)
    assert job.location_id is None
    assert len(customer(world).locations) == 1
    assert "Lindenhof 1, 53111 Bonn" in dispatcher.page(f"/admin/jobs/{job.id}").text
    assert "Lindenhof 1, 53111 Bonn" in dispatcher.page("/admin/jobs/").text


def test_a_place_chosen_by_hand_stands_over_the_box(world, request_, dispatcher):
    form = dispatcher.page(f"/admin/requests/{request_.id}/approve")

    dispatcher.submit(form, "Approve & Create Job", location=str(world.location_id))

    assert bookings.job_of(world, request_).location_id == world.location_id
    assert len(customer(world).locations) == 1


def test_it_is_taken_over_once(world, request_):
    typed_data.keep(world.enter(), request_.id, world.owner, ["address"], at=clock.now())

    with pytest.raises(Conflict):
        typed_data.keep(world.session, request_.id, world.owner, ["address"], at=clock.now())


def test_customers_and_technicians_may_not(world, request_):
    for who in (world.customer, world.technician):
        with pytest.raises(Forbidden):
            typed_data.keep(world.enter(), request_.id, who, ["address"], at=clock.now())


def test_two_who_take_it_over_make_one_place(world, request_, dispatcher, owner):
    first = Page(dispatcher.get(f"/admin/requests/{request_.id}")).forms
    second = Page(owner.get(f"/admin/requests/{request_.id}")).forms
    for client, forms in ((dispatcher, first), (owner, second)):
        form = next(f for f in forms if f.action.endswith("/record/keep"))
        client.post(form.action, data={**form.filled(), "what": "address"})

    assert len(world.enter().scalars(select(Location)).all()) == 2
    assert world.session.scalars(select(Contact)).all() == []
    assert work.requests_of(world)[0].location_id is not None
