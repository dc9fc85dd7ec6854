"""Staff answer those who signed up, from the customer's page."""

import pytest
from sqlalchemy import select

from app import clock
from app.models import Company, Customer, OutboxMessage
from app.services import links, signups
from tests.portal import doors

pytestmark = pytest.mark.feature(175, "C8")


@pytest.fixture
def waiting(world):
    """The id of somebody who signed up, confirmed the address and waits for an answer."""
    session, at = world.enter(), clock.now()
    session.get_one(Company, world.company_id).signup = "approval_needed"
    form = {"name": "Nora New", "email": "nora@new.example", "street": "Weg 1"}
    signups.ask(session, form, language="en", at=at)
    token = links.token_of(doors.newest_link(world, links.SIGN_UP))
    return signups.verify(session, token, agent="test", at=at).customer_id


def answer(client, id_, button):
    return client.submit(client.page(f"/admin/customers/{id_}"), button)


def mails(world):
    rows = world.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [row.payload["message"] for row in rows]


def test_the_company_is_told_of_a_sign_up(world, waiting):
    assert mails(world)[-1] == "portal.signed_up"


def test_who_has_not_proven_the_address_stands_in_no_list(world, dispatcher):
    session = world.enter()
    session.get_one(Company, world.company_id).signup = "open"
    form = {"name": "Nora New", "email": "nora@new.example", "street": "Weg 1"}
    signups.ask(session, form, language="en", at=clock.now())

    assert "Nora New" not in dispatcher.page("/admin/customers/").text
    assert "Carla Customer" in dispatcher.page("/admin/customers/").text


def test_letting_somebody_in_mails_them_a_way_in(world, dispatcher, waiting):
    reply = answer(dispatcher, waiting, "Open the account")

    row = world.enter().get_one(Customer, waiting)
    assert reply.status_code == 303
    assert (row.access, row.lead_outcome) == ("full", "won")
    assert mails(world)[-1] == "portal.sign_up_accepted"


def test_refusing_tells_the_person_and_keeps_the_row(world, dispatcher, waiting):
    answer(dispatcher, waiting, "Refuse")

    row = world.enter().get_one(Customer, waiting)
    assert (row.access, row.lead_outcome, row.archived_at is not None) == ("none", "lost", True)
    assert mails(world)[-1] == "portal.sign_up_refused"


def test_a_sign_up_is_answered_once(world, dispatcher, waiting):
    page = dispatcher.page(f"/admin/customers/{waiting}")
    dispatcher.submit(page, "Open the account")

    assert dispatcher.submit(page, "Refuse").status_code == 409
    assert world.enter().get_one(Customer, waiting).lead_outcome == "won"


def test_technicians_and_the_office_do_not_answer_sign_ups(world, office, waiting):
    assert "Open the account" not in office.page(f"/admin/customers/{waiting}").text
