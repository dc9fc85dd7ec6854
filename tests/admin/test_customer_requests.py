"""Who may ask for work: set up by staff, or named by staff over the company's setting."""

import pytest

from app.models import Customer
from tests.portal import doors, work


def page_of(client, world):
    return client.page(f"/admin/customers/{world.customer.id}")


def row(world):
    return world.enter().get_one(Customer, world.customer.id)


@pytest.mark.feature(31)
def test_staff_mark_a_customer_as_set_up_and_take_it_back(world, dispatcher):
    work.company(world).eligibility = "onboarded"
    before = page_of(dispatcher, world)

    dispatcher.submit(before, "Mark as set up")
    marked = row(world).onboarded_at
    after = page_of(dispatcher, world)
    dispatcher.submit(after, "Take “set up” back")

    assert "once we have set you up" in before.text
    assert marked is not None
    assert "May send service requests" in after.text
    assert row(world).onboarded_at is None


@pytest.mark.feature(31)
def test_the_office_sees_it_but_does_not_decide_it(world, office):
    page = page_of(office, world)

    assert "Not yet" in page.text
    assert not page.has_button("Mark as set up")


@pytest.mark.feature(123)
def test_staff_let_one_customer_ask_while_the_company_does_not(world, dispatcher, client):
    work.company(world).requests_enabled = False
    doors.sign_in(client, world)
    shut = client.get("/p/acme/requests/new").status_code
    form = page_of(dispatcher, world)

    dispatcher.submit(form, "Save", requests="on")

    assert shut == 403
    assert client.get("/p/acme/requests/new").status_code == 200
