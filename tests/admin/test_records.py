"""Generated screens: shut at first, honest about errors."""

import pytest
from flask import Flask

from admin_views.base import EVERYBODY, NOBODY, Doors, StaffPage
from admin_views.records import RecordView
from app import clock
from app.models import (
    Asset,
    ClientService,
    Company,
    Customer,
    Part,
    Service,
    ServiceCategory,
    Staff,
)
from tests.admin.rows import rows
from tests.harness.pages import Page
from tests.portal import work

FORBIDDEN = {
    "id", "company_id", "company", "state", "state_since", "outcome", "waiting_on", "event_seq",
    "event_digest", "workflow_version_id", "said", "password_hash", "total_cents", "ref",
    "created_at", "archived_at", "portal_since", "disabled_at", "ended_at",
}  # fmt: skip


def record_views(app: Flask) -> list[RecordView]:
    return [view for view in app.extensions["admin"][0]._views if isinstance(view, RecordView)]


@pytest.mark.feature("C11")
def test_a_view_that_names_nobody_lets_nobody_in():
    assert StaffPage.doors == Doors()
    assert all(roles == NOBODY for roles in vars(RecordView.doors).values())


@pytest.mark.feature("C03")
def test_no_form_has_a_field_for_what_people_may_not_write(app):
    for view in record_views(app):
        for form in (view._create_form_class, view._edit_form_class):
            with app.test_request_context("/"):
                names = {name for name in dir(form) if hasattr(getattr(form, name), "field_class")}
            assert not names & FORBIDDEN, view.endpoint


@pytest.mark.feature("C03")
def test_what_the_form_does_not_ask_is_not_written(world, stranger, owner):
    part = Part(name="Siphon", stock=1)
    world.enter().add(part)
    world.session.flush()
    page = owner.page(f"/admin/parts/edit/?id={part.id}")

    owner.submit(page, "Save", name="Trap", company_id=str(stranger.company_id), id="77")

    assert [(row.id, row.name, row.company_id) for row in rows(world, Part)] == [
        (part.id, "Trap", world.company_id)
    ]


def test_a_row_that_is_not_there_is_not_found(world, owner):
    for address in ("/admin/parts/edit/?id=999", "/admin/parts/edit/", "/admin/parts/edit/?id=x"):
        assert owner.get(address).status_code == 404


def test_a_wrong_field_answers_422_with_what_was_typed(world, owner):
    page = owner.page("/admin/parts/new/")

    answer = owner.submit(page, "Save", name="", number="P-17", price_cents="dear")

    assert answer.status_code == 422
    assert "Write an amount such as 12.50." in Page(answer).text
    assert Page(answer).form("Save").value("number") == "P-17"
    assert Page(answer).form("Save").value("price_cents") == "dear"
    assert rows(world, Part) == []


@pytest.mark.parametrize(("typed", "cents"), [("12.50", 1250), ("12,5", 1250), ("", None)])
def test_amounts_are_read_as_people_write_them(world, owner, typed, cents):
    owner.submit(owner.page("/admin/parts/new/"), "Save", name="Siphon", price_cents=typed)

    assert rows(world, Part)[0].price_cents == cents


def test_amounts_follow_the_companys_currency(world, owner):
    world.enter().get_one(Company, world.company_id).currency = "JPY"
    owner.submit(owner.page("/admin/parts/new/"), "Save", name="Siphon", price_cents="1250")

    part = rows(world, Part)[0]
    page = owner.page(f"/admin/parts/edit/?id={part.id}")
    assert part.price_cents == 1250
    assert page.form("Save").value("price_cents") == "1250"
    assert owner.submit(page, "Save", price_cents="12.50").status_code == 422


@pytest.mark.parametrize(("language", "shown"), [("en", "12.50"), ("de", "12,50")])
def test_an_amount_is_shown_as_its_reader_types_it(world, sign_in, language, shown):
    part = Part(name="Siphon", price_cents=1250)
    world.enter().add(part)
    world.session.get_one(Staff, world.owner.id).language = language
    world.session.commit()
    client = sign_in(world, world.owner)

    found = client.get(f"/admin/parts/edit/?id={part.id}").text

    assert f'value="{shown}"' in found


@pytest.mark.parametrize("typed", ["-1", "1e9", "NaN", "Infinity", "99999999999999"])
def test_odd_amounts_are_refused(world, owner, typed):
    answer = owner.submit(owner.page("/admin/parts/new/"), "Save", name="Siphon", price_cents=typed)

    assert answer.status_code == 422


def test_a_name_that_is_taken_is_told_in_the_form(world, owner):
    owner.submit(owner.page("/admin/skills/new/"), "Save", name="Gas licence")

    again = owner.submit(owner.page("/admin/skills/new/"), "Save", name="Gas licence")

    assert again.status_code == 422
    assert "Another entry has this already." in Page(again).text


def test_what_is_in_use_stays(world, owner):
    asset = Asset(location_id=world.location_id, name="Boiler")
    world.enter().add(asset)
    world.session.flush()
    work.make_job(world, assets=(asset.id,))
    page = owner.page(f"/admin/assets/edit/?id={asset.id}")

    answer = owner.submit(page, "Delete Boiler")

    assert answer.status_code == 409
    assert len(rows(world, Asset)) == 1


def test_texts_come_in_every_language(world, owner):
    page = owner.page("/admin/services/new/")

    nothing = owner.submit(page, "Save")
    done = owner.submit(page, "Save", name_en="Leak detection", name_de="Leckortung")

    assert (nothing.status_code, done.status_code) == (422, 303)
    assert rows(world, Service)[0].name == {"en": "Leak detection", "de": "Leckortung"}


@pytest.mark.feature(6)
def test_categories_are_rows_that_an_owner_edits_and_archives(world, owner):
    page = owner.page(f"/admin/categories/edit/?id={world.category_id}")
    owner.submit(page, "Save", label_en="Mending", archived="y")
    owner.submit(owner.page("/admin/categories/new/"), "Save", label_en="Gutter Cleaning")

    found = {row.id: row for row in rows(world, ServiceCategory)}
    assert found[world.category_id].label["en"] == "Mending"
    assert found[world.category_id].archived_at is not None
    assert [row.key for row in found.values()][-1] == "gutter_cleaning"


def test_an_archived_row_can_be_offered_again(world, owner):
    world.enter().get_one(ServiceCategory, world.category_id).archived_at = clock.now()
    page = owner.page(f"/admin/categories/edit/?id={world.category_id}")

    owner.submit(page, "Save", archived=None)

    assert world.enter().get_one(ServiceCategory, world.category_id).archived_at is None


def test_a_plan_joins_a_customer_and_a_service(world, owner):
    service = Service(name={"en": "Boiler service"})
    world.enter().add(service)
    world.session.flush()

    owner.submit(
        owner.page("/admin/plans/new/"), "Save", customer_id=str(world.customer.id),
        service_id=str(service.id), location_id=str(world.location_id), price_cents="99",
        every_months="12",
    )  # fmt: skip

    plan = rows(world, ClientService)[0]
    assert (plan.customer_id, plan.price_cents, plan.every_months) == (world.customer.id, 9900, 12)
    assert "Boiler service" in owner.page("/admin/plans/").text


def test_a_plans_place_must_be_the_customers(world, owner):
    other = Customer(name="Other", created_at=clock.now())
    service = Service(name={"en": "Boiler service"})
    world.enter().add_all([other, service])
    world.session.flush()

    answer = owner.submit(
        owner.page("/admin/plans/new/"), "Save", customer_id=str(other.id),
        service_id=str(service.id), location_id=str(world.location_id),
    )  # fmt: skip

    assert answer.status_code == 422
    assert "This location belongs to another customer." in Page(answer).text


@pytest.mark.feature("B04")
@pytest.mark.parametrize("door", ["new/", "edit/?id={}", "delete/"])
def test_a_write_without_a_token_is_refused(world, owner, door):
    part = Part(name="Siphon")
    world.enter().add(part)
    world.session.flush()

    answer = owner.post(f"/admin/parts/{door.format(part.id)}", data={"name": "x", "id": part.id})

    assert answer.status_code == 400
    assert [row.name for row in rows(world, Part)] == ["Siphon"]


@pytest.mark.feature("B04")
def test_inline_edits_and_bulk_actions_stay_shut(world, owner):
    token = owner.page("/admin/parts/new/").form("Save").value("csrf_token")

    for door in ("ajax/update/", "action/"):
        answer = owner.post(f"/admin/parts/{door}", data={"csrf_token": token, "action": "delete"})
        assert answer.status_code == 403


def test_every_generated_address_has_a_policy(app):
    for view in record_views(app):
        for _url, name, _methods in view._urls:
            assert view.roles_for(name) <= EVERYBODY
