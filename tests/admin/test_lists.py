"""Generated lists: sorted, paged, looked up in, and harmless when exported."""

import csv
import io
from typing import Any

import pytest
from flask import Flask

from admin_views import export, lookups
from admin_views.records import RecordView
from app import clock
from app.db import db
from app.models import (
    Contact,
    Customer,
    Part,
    Skill,
)
from tests.admin.conftest import statements
from tests.admin.rows import rows
from tests.harness.pages import Page


def record_views(app: Flask) -> list[RecordView]:
    return [view for view in app.extensions["admin"][0]._views if isinstance(view, RecordView)]


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


def test_skills_are_ordered_by_name(world, owner):
    world.enter().add_all([Skill(name="Zinc"), Skill(name="Asbestos")])

    text = owner.page("/admin/skills/").text

    assert text.index("Asbestos") < text.index("Zinc")
