"""My Schedule: appointments to come by day, in the company's zone, and as calendar files."""

from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.models import Customer, Job
from app.services import calendar_files
from app.services.calendar_files import Appointment
from tests.harness import bookings
from tests.portal import doors, work

PAGE = "/p/acme/schedule"
SOON = datetime(2031, 3, 5, 23, 30, tzinfo=UTC)  # already Thursday in Berlin


@pytest.mark.feature(72, 98)
def test_appointments_stand_by_day_in_the_companys_zone(carla, world):
    later = SOON + timedelta(days=3)
    work.make_job(world, "scheduled", title="Boiler", starts_at=later)
    work.make_job(world, "assigned", title="Tap", starts_at=SOON, ends_at=SOON + timedelta(hours=1))

    text = carla.page(PAGE).text

    assert "Thursday 6 March 2031" in text
    assert "0:30" in text
    assert "Berlin time" in text
    assert "Rosenweg 3, Ulm" in text
    assert "Technician comes" in text
    assert "Doe" not in text
    assert text.index("Tap") < text.index("Boiler")


@pytest.mark.feature(72)
def test_what_is_over_or_called_off_is_not_on_the_schedule(carla, world):
    past = clock.now() - timedelta(days=2)
    work.make_job(world, "scheduled", title="Forgotten", starts_at=past)
    work.make_job(world, "completed", title="Done", starts_at=SOON)
    work.make_job(world, "in_progress", title="Long one", starts_at=past)

    text = carla.page(PAGE).text

    assert "Forgotten" not in text
    assert "Done" not in text
    assert "Long one" in text


@pytest.mark.feature(161)
def test_work_without_a_time_comes_last_and_says_so(carla, world):
    work.make_job(world, "scheduled", title="Some day")
    work.make_job(world, "scheduled", title="A day", starts_at=SOON)

    text = carla.page(PAGE).text

    assert text.index("A day") < text.index("We are finding a time") < text.index("Some day")


@pytest.mark.feature(72, 88, 98)
def test_an_agreed_time_appears_and_the_request_leads_there(session, client):
    world = bookings.make_booking(session)
    request = bookings.ask(world)
    bookings.propose(world, request)
    client.submit(bookings.mailed_answers(world)["accept"], "Accept")

    page = client.page(f"/p/acme/requests/{request.ref}")

    assert "Your appointment is confirmed" in page.text
    assert "Wednesday 5 March 2031 10:00" in page.text
    shown = client.page(page.link("My Schedule"))
    assert shown.address == PAGE
    assert "A dripping tap" in shown.text


@pytest.mark.feature(32, 98)
def test_nothing_stands_on_the_schedule_before_somebody_agrees(session, client):
    world = bookings.make_booking(session)
    request = bookings.ask(world)
    bookings.propose(world, request)
    doors.sign_in(client, world)

    assert "No appointments to come" in client.page(PAGE).text
    assert session.query(Job).all() == []


@pytest.mark.feature(182, "C05")
def test_nobody_elses_appointments_are_there(carla, world):
    job = work.make_job(world, "scheduled", title="Secret", starts_at=SOON)
    neighbour = work.another_customer(world)
    job.customer_id, job.location_id = neighbour.id, None

    assert "Secret" not in carla.page(PAGE).text
    assert carla.get(f"{PAGE}/{job.ref}.ics").status_code == 404


def test_the_navigation_bears_the_companys_own_name(carla, world):
    work.company(world).labels = {"my_schedule": {"en": "Our visits"}}
    carla.get(PAGE)

    page = carla.page(PAGE)

    assert page.link("Our visits") == PAGE


def test_an_appointment_can_be_taken_along(carla, world):
    job = work.make_job(world, "scheduled", title="Tap; really, now", starts_at=SOON)

    answer = carla.get(f"{PAGE}/{job.ref}.ics")

    assert answer.mimetype == "text/calendar"
    assert f'filename="{job.number}.ics"' in answer.headers["Content-Disposition"]
    lines = answer.text.split("\r\n")
    assert "DTSTART:20310305T233000Z" in lines
    assert "DTEND:20310306T013000Z" in lines
    assert r"SUMMARY:Tap\; really\, now · Acme Plumbing" in lines


def test_without_a_time_there_is_no_calendar_file(carla, world):
    job = work.make_job(world, "scheduled")

    assert carla.get(f"{PAGE}/{job.ref}.ics").status_code == 404


@pytest.mark.feature("E11")
def test_a_title_can_not_break_out_of_its_line():
    hostile = "Tap\r\nATTACH:http://evil.example/\nBEGIN:VALARM\x00" + "ü" * 80
    visit = Appointment("u", hostile, "P", SOON, SOON + timedelta(hours=1), "http://x/")

    text = calendar_files.write(visit, at=SOON)

    lines = text.split("\r\n")
    assert not [line for line in lines if line.startswith(("ATTACH", "BEGIN:VALARM"))]
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = text.replace("\r\n ", "")
    assert r"SUMMARY:Tap\nATTACH:http://evil.example/\nBEGIN:VALARM" + "ü" * 80 in unfolded


def test_an_address_typed_for_this_once_stands_there_too(session, client):
    world = bookings.make_booking(session)
    request = bookings.ask(world, location="other", street="Lindenhof 1", city="Bonn")
    bookings.propose(world, request)
    client.submit(bookings.mailed_answers(world)["accept"], "Accept")

    assert world.enter().get_one(Customer, world.customer.id).locations[0].street == "Rosenweg 3"
    assert "Lindenhof 1, Bonn" in client.page(PAGE).text


@pytest.mark.feature(99)
def test_a_proposal_shows_as_a_dot_on_this_page_too(session, client):
    world = bookings.make_booking(session)
    doors.sign_in(client, world)
    before = client.page(PAGE).text
    bookings.propose(world, bookings.ask(world))

    assert "your answer needed" not in before
    assert "your answer needed" in client.page(PAGE).text
