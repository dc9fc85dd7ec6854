"""Generated screens: shut at first, honest about errors, harmless when exported."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from admin_views import export, lookups
from admin_views.base import EVERYBODY, NOBODY, Doors, StaffPage
from admin_views.records import RecordView
from app import clock
from app.db import db
from app.models import (
    Asset,
    ClientService,
    Company,
    Contact,
    Customer,
    Part,
    Service,
    ServiceCategory,
    Skill,
)
from tests.admin.conftest import statements
from tests.harness.pages import Page
from tests.portal import work

FORBIDDEN = {
    "id", "company_id", "company", "state", "state_since", "outcome", "waiting_on", "event_seq",
    "event_digest", "workflow_version_id", "said", "password_hash", "total_cents", "ref",
    "created_at", "archived_at", "portal_since", "disabled_at", "ended_at",
}  # fmt: skip


def record_views(app: Flask) -> list[RecordView]:
    return [view for view in app.extensions["admin"][0]._views if isinstance(view, RecordView)]


def rows(world, model):
    return world.enter().scalars(select(model)).all()


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


@pytest.mark.feature("C02")
@pytest.mark.parametrize("sent", ["999999", "-1", "abc", str(2**70), ""])
def test_a_picker_refuses_what_is_no_row_of_ours(world, owner, sent):
    answer = owner.submit(owner.page("/admin/contacts/new/"), "Save", name="Karl", customer_id=sent)

    assert answer.status_code == 422
    assert "Please choose one from the list." in Page(answer).text
    assert rows(world, Contact) == []


@pytest.mark.feature("C02")
def test_a_lookup_finds_own_rows_and_never_more_than_fifty(world, stranger, owner):
    stranger.enter().add(Customer(name="Zora Stranger", created_at=clock.now()))
    stranger.session.flush()
    world.enter().add_all(Customer(name=f"Zoe {n}", created_at=clock.now()) for n in range(60))

    found = owner.get("/admin/contacts/ajax/lookup/?name=customer&query=zo&limit=1000000").json

    assert len(found) == 50
    assert all(label.startswith("Zoe") for _, label in found)


@pytest.mark.parametrize("odd", ["limit=-5", "limit=x", "offset=-1", f"offset={2**70}", "limit="])
def test_an_odd_lookup_is_answered_all_the_same(world, owner, odd):
    address = f"/admin/contacts/ajax/lookup/?name=customer&query=&{odd}"

    assert owner.get(address).status_code == 200
    assert owner.get("/admin/contacts/ajax/lookup/?name=nothing").status_code == 404


def test_lookup_limits_are_clamped():
    assert lookups.clamp("1000000", "0") == (50, 0)
    assert lookups.clamp(None, None) == (10, 0)
    assert lookups.clamp("0", "99999") == (1, 1000)


@pytest.mark.feature("E09")
def test_an_export_is_harmless_in_a_spreadsheet(world, owner):
    names = ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\tTab", "Plain, with comma"]
    world.enter().add_all(Part(name=name, stock=3, price_cents=1250) for name in names)

    answer = owner.get("/admin/parts/export/csv/", buffered=True)

    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert lines[0] == ["Name", "Part number", "Price", "In stock"]
    cells = [line[0] for line in lines[1:]]
    assert len(cells) == len(names)
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]
    assert "Plain, with comma" in cells
    assert lines[1][2:] == ["12.50", "3"]


def test_an_export_holds_no_markup_and_only_what_was_searched(world, owner):
    world.enter().get_one(Customer, world.customer.id).phone = "+49 30 1"
    world.session.add(Customer(name="Other", created_at=clock.now()))

    text = owner.get("/admin/customers/export/csv/?search=carla", buffered=True).get_data(
        as_text=True
    )

    assert "<" not in text
    assert "Carla Customer,carla@customer.example" in text
    assert "Other" not in text


def test_an_export_is_capped(world, owner, monkeypatch, app):
    view = next(view for view in record_views(app) if view.endpoint == "parts")
    monkeypatch.setattr(view, "export_max_rows", 3)
    world.enter().add_all(Part(name=f"Part {n}") for n in range(7))

    text = owner.get("/admin/parts/export/csv/", buffered=True).get_data(as_text=True)

    assert len(text.strip().splitlines()) == 4
    assert owner.get("/admin/parts/export/xlsx/").status_code == 404


def test_an_export_gives_its_connection_back(world, owner):
    pool: Any = db.engine.pool

    owner.get("/admin/parts/export/csv/", buffered=True)

    assert pool.checkedout() == 0


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        ({"en": "a", "de": "b"}, "a / b"),
        ([1, 2], "1, 2"),
        ("\rx", "'\rx"),
    ],
)
def test_cells_are_plain_text(value, cell):
    assert export.plain_value(value) == cell


def test_a_list_is_sorted_by_its_headings(world, owner):
    world.enter().add_all([Part(name="Aa", stock=9), Part(name="Bb", stock=1)])
    page = owner.page("/admin/parts/")

    by_stock = owner.page(page.link("In stock")).text
    back = owner.page(owner.page(page.link("In stock")).link("In stock ↑")).text

    assert by_stock.index("Bb") < by_stock.index("Aa")
    assert back.index("Aa") < back.index("Bb")


def test_a_long_list_goes_on_without_counting(world, owner):
    world.enter().add_all(Part(name=f"Part {n:03d}") for n in range(60))
    world.session.commit()
    owner.get("/admin/parts/")

    with statements() as seen:
        first = owner.page("/admin/parts/")

    assert "Part 059" in first.text
    assert "Part 000" in owner.page(first.link("Next")).text
    assert not [one for one in seen if "count(" in one and "FROM part" in one]


def test_lists_with_relations_cost_the_same_however_long_they_are(world, owner):
    world.enter().add(Contact(customer_id=world.customer.id, name="One"))
    world.session.commit()
    owner.get("/admin/contacts/")
    with statements() as few:
        owner.get("/admin/contacts/")
    for number in range(12):
        someone = Customer(name=f"C{number}", created_at=clock.now())
        world.enter().add(someone)
        world.session.flush()
        world.session.add(Contact(customer_id=someone.id, name=f"P{number}"))
    world.session.commit()

    with statements() as many:
        owner.get("/admin/contacts/")

    assert len(many) == len(few) <= 8


def test_an_empty_list_teaches_and_offers_one_way_to_start(world, owner):
    page = owner.page("/admin/skills/")

    assert "Skills such as “gas licence” can be asked for on a job." in page.text
    assert page.link("Add skill") == "/admin/skills/new/"
    assert "Nothing found" in owner.page("/admin/parts/?search=zzz").text


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


@pytest.mark.parametrize("odd", ["%00", "%F0%9F%92%A9", "'%20OR%201=1", "%25", "_"])
def test_odd_searches_are_answered(world, owner, odd):
    assert owner.get(f"/admin/customers/?search={odd}").status_code in (200, 404)
    assert owner.get(f"/admin/requests/?status={odd}").status_code in (200, 404)


@pytest.mark.feature("E02")
def test_what_people_type_is_shown_as_text(world, owner):
    evil = '"><img src=x onerror=pwn()>'
    world.enter().get_one(Customer, world.customer.id).name = evil
    world.session.add(Part(name=evil))
    world.session.flush()
    part = rows(world, Part)[0]

    addresses = (
        "/admin/customers/", f"/admin/customers/{world.customer.id}", "/admin/parts/",
        f"/admin/parts/edit/?id={part.id}", "/admin/jobs/new", "/admin/contacts/new/",
    )  # fmt: skip
    for address in addresses:
        assert "<img src=x" not in owner.get(address).text, address


def test_every_generated_address_has_a_policy(app):
    for view in record_views(app):
        for _url, name, _methods in view._urls:
            assert view.roles_for(name) <= EVERYBODY


def test_skills_are_ordered_by_name(world, owner):
    world.enter().add_all([Skill(name="Zinc"), Skill(name="Asbestos")])

    text = owner.page("/admin/skills/").text

    assert text.index("Asbestos") < text.index("Zinc")
