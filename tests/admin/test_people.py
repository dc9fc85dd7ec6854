"""The team, one's own settings, and founding a company from a page."""

import pytest
from sqlalchemy import select

from app.models import Company, OutboxMessage, ServiceCategory, SignInLink, Staff
from app.services import portals
from app.tenancy import all_companies
from tests.admin.conftest import make_colleague
from tests.harness.pages import Page


def member(world, email):
    return world.enter().scalars(select(Staff).where(Staff.email == email)).one()


def test_an_owner_invites_a_person_by_mail(world, owner):
    page = owner.page("/admin/staff/new/")

    answer = owner.submit(
        page, "Save", name="Ina New", email="INA@acme.example", role="dispatcher", language="de"
    )

    made = member(world, "ina@acme.example")
    assert answer.status_code == 303
    assert (made.name, made.role, made.language) == ("Ina New", "dispatcher", "de")
    link = world.enter().scalars(select(SignInLink).where(SignInLink.staff_id == made.id)).one()
    mails = world.enter().scalars(select(OutboxMessage)).all()
    assert link.id in [mail.payload.get("link_id") for mail in mails]
    assert "Invited" in owner.page("/admin/staff/").text


def test_an_address_that_works_here_already_is_told_in_the_form(world, owner):
    page = owner.page("/admin/staff/new/")

    answer = owner.submit(page, "Save", name="Twice", email="dispatcher@acme.example")

    assert answer.status_code == 422
    assert "Somebody with this address works here already." in Page(answer).text


def test_a_fresh_invitation_ends_the_one_before(world, owner):
    colleague = make_colleague(world, "office")

    for _ in range(2):
        owner.submit(owner.page(f"/admin/staff/edit/?id={colleague.id}"), "Send a new invitation")

    found = select(SignInLink).where(SignInLink.staff_id == colleague.id).order_by(SignInLink.id)
    first, second = world.enter().scalars(found)
    assert first.replaced_at is not None
    assert second.replaced_at is None


def test_access_is_ended_and_given_back(world, owner):
    colleague = make_colleague(world, "office")
    address = f"/admin/staff/edit/?id={colleague.id}"

    owner.submit(owner.page(address), "End their access")
    ended = member(world, colleague.email).disabled_at
    owner.submit(owner.page(address), "Let them sign in again")

    assert ended is not None
    assert member(world, colleague.email).disabled_at is None


def test_a_company_keeps_an_owner(world, owner):
    page = owner.page(f"/admin/staff/edit/?id={world.owner.id}")

    answers = [owner.submit(page, "Save", role="office"), owner.submit(page, "End their access")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "is the only owner" in Page(answers[0]).text
    assert member(world, world.owner.email).role == "owner"


@pytest.mark.feature("C03")
def test_nobody_gives_themselves_a_role_in_their_own_settings(world, dispatcher):
    page = dispatcher.page("/admin/me/")

    dispatcher.submit(
        page, "Save", name="Renamed", role="owner", email="x@y.example", company_id="99",
        password_hash="x",
    )  # fmt: skip

    row = member(world, world.dispatcher.email)
    assert (row.name, row.role, row.company_id) == ("Renamed", "dispatcher", world.company_id)
    assert row.password_hash != "x"


def test_single_keys_are_switched_off_and_on_in_ones_own_settings(world, technician):
    technician.submit(technician.page("/admin/me/"), "Save", keys_enabled="")
    off = member(world, world.technician.email).keys_enabled
    technician.submit(technician.page("/admin/me/"), "Save", keys_enabled="1")

    assert (off, member(world, world.technician.email).keys_enabled) == (False, True)


def test_ones_language_is_the_pages_language(world, dispatcher):
    dispatcher.submit(dispatcher.page("/admin/me/"), "Save", language="de")

    assert '<html lang="de"' in dispatcher.get("/admin/").text


def test_a_name_can_not_be_blank(world, dispatcher):
    answer = dispatcher.submit(dispatcher.page("/admin/me/"), "Save", name="")

    assert answer.status_code == 422
    assert member(world, world.dispatcher.email).name == "Dispatcher Doe"


def test_an_owner_founds_a_company_that_works_at_once(world, owner, client):
    page = owner.page(owner.page("/admin/settings/").link("New company"))

    answer = owner.submit(
        page, "Create company", name="Nova Roofing", slug="nova", owner_name="Nora Nova",
        owner_email="nora@nova.example",
    )  # fmt: skip

    assert answer.status_code == 303
    assert client.get("/p/nova/login").status_code == 200
    portals.enter(world.session, "nova")
    assert len(world.session.scalars(select(ServiceCategory)).all()) == 6
    assert world.session.scalars(select(Staff)).one().email == "nora@nova.example"
    world.enter()


def test_a_slug_that_is_taken_is_told_in_the_form(world, owner):
    page = owner.page("/admin/companies/new")

    answer = owner.submit(
        page, "Create company", name="Acme Two", slug="acme", owner_name="A",
        owner_email="a@b.example",
    )  # fmt: skip

    assert answer.status_code == 422
    assert "Another company has this address already." in Page(answer).text
    with all_companies(world.session):
        assert len(world.session.scalars(select(Company.id)).all()) == 1
