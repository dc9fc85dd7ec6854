"""What a page of the portal costs: few statements, the same number for one record and for many."""

import pytest
from sqlalchemy import select

from app import clock
from app.models import Contact, Request
from tests.admin.conftest import statements
from tests.portal import work

PAGES = ("/p/acme/jobs", "/p/acme/jobs?show=history", "/p/acme/requests", "/p/acme/schedule")


def fill(world, count: int) -> None:
    """Make so many requests and jobs, each with all that a row shows."""
    person = Contact(customer_id=world.customer.id, name="Karl Keeper")
    world.enter().add(person)
    world.session.flush()
    for number in range(count):
        world.hand_in(description=f"Tap {number}", date_1="2099-05-06").contact_id = person.id
        work.make_job(world, "assigned", starts_at=clock.now())
        work.make_job(world, "completed")
    world.session.commit()  # else the page's count would hold these rows too


@pytest.mark.feature("I03")
@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_few_statements_and_no_more_with_more_rows(carla, world, address):
    fill(world, 1)
    carla.get(address)
    with statements() as few:
        carla.get(address)
    fill(world, 6)
    with statements() as many:
        carla.get(address)

    assert len(few) == len(many) <= 8, many


@pytest.mark.feature("I03")
def test_the_page_of_one_request_costs_few_statements(carla, world):
    fill(world, 2)
    ref = world.enter().scalars(select(Request.ref)).first()
    carla.get(f"/p/acme/requests/{ref}")

    with statements() as seen:
        carla.get(f"/p/acme/requests/{ref}")

    assert len(seen) <= 11, seen
