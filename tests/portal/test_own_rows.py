"""Own questions that are answered by a row: a place, a service, somebody of the team."""

import pytest
from sqlalchemy import select

from app.models import Location, Request, Service
from app.services import messages
from app.services.messages import Written
from tests.harness import bookings
from tests.harness.clients import browser_of
from tests.harness.pages import Page
from tests.harness.world import PASSWORD
from tests.portal import work
from tests.portal.test_questions import BUTTON, FORM, ask_for

OWN = (
    {"name": "also_at", "type": "location", "label": {"en": "Also at"}},
    {"name": "then", "type": "service", "label": {"en": "And then"}},
    {"name": "who", "type": "user", "label": {"en": "Who should come"}},
    {"name": "plan", "type": "file", "label": {"en": "A plan"}},
    {"name": "lift", "type": "bool", "label": {"en": "Lift"}},
)


@pytest.fixture
def service(world):
    """A bookable service."""
    row = Service(name={"en": "Descaling"})
    world.enter().add(row)
    world.session.flush()
    return row


@pytest.fixture
def staff(app, world):
    """A dispatcher's browser, signed in."""
    client = browser_of(app)
    client.submit("/admin/login", "Sign in", email="dispatcher@acme.example", password=PASSWORD)
    return client


def asked(world) -> None:
    ask_for(world, {"field": "description"}, *OWN)


def stored(world) -> Request:
    found: Request = world.enter().scalars(select(Request)).one()
    return found


def test_rows_are_drawn_and_stored(carla, world, service):
    asked(world)
    page = carla.page(FORM)

    answer = carla.submit(
        page, BUTTON, description="The tap drips.", also_at=str(world.location_id),
        then=str(service.id), who=str(world.technician.id), lift="yes", plan="secret.pdf",
    )  # fmt: skip

    assert answer.status_code == 303, answer.text
    assert "Technician" in page.text
    assert "Doe" not in page.text
    assert "A plan" not in page.text
    assert stored(world).extra == {
        "also_at": world.location_id, "then": service.id, "who": world.technician.id, "lift": True,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["also_at", "then", "who"])
def test_another_companys_row_is_refused_at_its_question(carla, world, stranger, service, name):
    other = stranger.enter()
    other.add(Service(name={"en": "Theirs"}))
    other.flush()
    theirs = {
        "also_at": stranger.location_id,
        "then": other.scalars(select(Service.id)).one(),
        "who": stranger.technician.id,
    }
    world.enter()
    asked(world)

    answer = carla.submit(FORM, BUTTON, description="Tap", **{name: str(theirs[name])})

    assert answer.status_code == 422
    assert f'id="e-{name}"' in answer.text
    assert world.enter().scalars(select(Request)).all() == []


def test_another_customers_place_is_refused(carla, world):
    neighbour = work.another_customer(world)
    world.session.add(Location(customer_id=neighbour.id, street="Elsewhere 1"))
    world.session.flush()
    elsewhere = world.session.scalars(select(Location.id).where(Location.street == "Elsewhere 1"))
    asked(world)

    answer = carla.submit(FORM, BUTTON, description="Tap", also_at=str(elsewhere.one()))

    assert answer.status_code == 422
    assert 'id="e-also_at"' in answer.text


def test_answers_stand_on_card_request_job_and_in_mails(carla, world, service, staff):
    asked(world)
    carla.submit(
        FORM, BUTTON, description="The tap drips.", then=str(service.id),
        who=str(world.technician.id), lift="yes",
    )  # fmt: skip
    request = stored(world)
    work.approve(world, request)
    job = bookings.job_of(world, request)
    row = bookings.newest_promise(world, "booking.approved")
    row.recipient = f"staff:{world.owner.id}"
    written = messages.write(world.enter(), row, sms_works=False)

    assert "Lift: Yes" in Page(staff.get("/admin/requests/?status=all")).text
    shown = Page(staff.get(f"/admin/requests/{request.id}")).text
    assert "And then Descaling" in shown
    assert "Who should come Technician" in shown
    assert "And then Descaling" in Page(staff.get(f"/admin/jobs/{job.id}")).text
    assert "And then Descaling" in carla.page(f"/p/acme/jobs/{job.ref}").text
    assert isinstance(written, Written)
    assert "And then: Descaling" in written.paper.text
