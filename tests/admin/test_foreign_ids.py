"""No staff address reaches another company's rows: every one is tried with foreign ids.

The addresses come from the URL map and the view registry, so a new view is tried by itself.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from wtforms import FormField

from admin_views.fields import RowField
from admin_views.records import RecordView
from app import failpoints
from app.db import Base
from app.tenancy import company_scope
from tests.admin.everything import Ids, addresses, furnish, names_a_row
from tests.harness.clients import Client
from tests.harness.pages import Page
from tests.harness.world import World

CANARY = "Zebrafinch"
NO = (404, 403)  # not there; or shut for everybody, whoever's the row is
pytestmark = pytest.mark.feature("C01", 182)


@pytest.fixture
def wall(request: pytest.FixtureRequest) -> Iterator[None]:
    """What stands between the companies: as usual, or only PostgreSQL's row-level security."""
    if request.param == "database":
        failpoints.arm("skip_orm_tenant_filter=on")
    yield
    failpoints.arm("")


both_walls = pytest.mark.parametrize("wall", ["session", "database"], indirect=True)


@pytest.fixture
def theirs(stranger: World) -> Ids:
    """Ids of another company's rows, by endpoint; its every text has the canary in it."""
    ids = furnish(stranger, CANARY)
    stranger.session.commit()
    return ids


def everything_of(world: World) -> dict[str, Any]:
    """Return every row a company has, in every table."""
    session = world.enter()
    with company_scope(session, world.company_id):
        return {
            table.name: session.execute(
                select(table).where(table.c.company_id == world.company_id).order_by(table.c.id)
            ).all()
            for table in Base.metadata.sorted_tables
            if "company_id" in table.c
        }


def token(client: Client) -> str:
    value = client.page("/admin/me/").form("Save").value("csrf_token")
    assert value
    return value


def call(client: Client, address: Any, csrf: str) -> Any:
    if address.method == "GET":
        return client.get(address.path, buffered=True)
    return client.post(address.path, data={**address.data, "csrf_token": csrf}, buffered=True)


@both_walls
def test_every_address_that_names_a_row_is_not_found(
    app: Flask, world, stranger, theirs, owner, wall
):
    before, csrf = everything_of(stranger), token(owner)
    world.enter()
    tried = [each for each in addresses(app, theirs) if names_a_row(app, each)]

    answers = [(each, call(owner, each, csrf)) for each in tried]

    assert len(tried) > 40
    wrong = [(a.method, a.path, b.status_code) for a, b in answers if b.status_code not in NO]
    assert wrong == []
    assert not [a.path for a, b in answers if CANARY in b.get_data(as_text=True)]
    assert everything_of(stranger) == before


@pytest.mark.parametrize("only", ["sqlite"])
def test_without_any_wall_the_same_addresses_do_reach_them(
    app: Flask, world, stranger, theirs, owner, only
):
    failpoints.arm("skip_orm_tenant_filter=on")
    tried = [each for each in addresses(app, theirs) if names_a_row(app, each)]

    reached = [call(owner, each, "").status_code for each in tried if each.method == "GET"]

    assert reached.count(200) > 10


@both_walls
def test_no_page_shows_a_word_of_theirs(app: Flask, world, stranger, theirs, owner, wall):
    mine = furnish(world, "Sparrow")
    world.session.commit()
    shown = [each for each in addresses(app, mine) if each.method == "GET"]

    pages = {each.path: call(owner, each, "") for each in shown}

    assert len(pages) > 40
    assert any("Sparrow" in page.get_data(as_text=True) for page in pages.values())
    assert [path for path, page in pages.items() if CANARY in page.get_data(as_text=True)] == []


@both_walls
def test_no_lookup_finds_a_row_of_theirs(app: Flask, world, stranger, theirs, owner, wall):
    lookups = [
        (view.endpoint, name)
        for view in app.extensions["admin"][0]._views
        if isinstance(view, RecordView)
        for name in view._form_ajax_refs
    ]

    found = [
        owner.get(f"/admin/{endpoint}/ajax/lookup/?name={name}&query={CANARY}&limit=1000000").json
        for endpoint, name in lookups
    ]

    assert len(lookups) >= 5
    assert found == [[]] * len(lookups)


@both_walls
def test_their_ids_in_our_forms_are_field_errors(app: Flask, world, stranger, theirs, owner, wall):
    mine = furnish(world, "Sparrow")
    world.session.commit()
    before = everything_of(stranger)
    tried = 0
    for view in app.extensions["admin"][0]._views:
        for name in _row_fields(view):
            for address in ("new/", f"edit/?id={mine[view.endpoint]}"):
                page = owner.page(f"/admin/{view.url.removeprefix('/admin/')}/{address}")
                answer = owner.submit(page, "Save", **{name: _their_id(view, name, theirs)})
                assert answer.status_code == 422, (view.endpoint, name)
                assert "Please choose one from the list." in Page(answer).text
                tried += 1

    assert tried >= 12
    assert everything_of(stranger) == before


@both_walls
@pytest.mark.parametrize(
    "field", ["customer", "location", "contact", "service", "technician", "skills", "parts"]
)
def test_their_ids_in_a_new_job_are_field_errors(world, stranger, theirs, owner, field, wall):
    foreign = {
        "customer": theirs["customers"], "location": theirs["locations"],
        "contact": theirs["contacts"], "service": f"service:{theirs['services']}",
        "technician": stranger.technician.id, "skills": theirs["skills"],
        "parts": theirs["parts"],
    }  # fmt: skip
    page = owner.page(f"/admin/jobs/new?customer={world.customer.id}")

    answer = owner.submit(page, "Create job", title="Mine", **{field: str(foreign[field])})

    assert answer.status_code == 422
    assert CANARY not in answer.text


@both_walls
def test_their_technician_can_not_be_given_our_job(world, stranger, theirs, owner, wall):
    mine = furnish(world, "Sparrow")
    world.session.commit()
    page = owner.page(f"/admin/jobs/{mine['jobs']}/assign")

    answer = owner.submit(page, "Assign", technician=str(stranger.technician.id))

    assert answer.status_code == 422


def test_a_cookie_for_the_other_company_is_no_cookie(world, stranger, owner, new_client):
    value = owner.get_cookie("callout_staff").decoded_value
    client = new_client()
    client.set_cookie(
        "callout_staff", value.replace(f"{world.company_id}.", f"{stranger.company_id}.", 1)
    )

    assert client.get("/admin/").status_code == 303


def _row_fields(view: Any) -> list[str]:
    if not isinstance(view, RecordView):
        return []
    form = view._create_form_class
    fields = {name: getattr(getattr(form, name), "field_class", None) for name in dir(form)}
    assert FormField not in fields.values()
    return [name for name, made_of in fields.items() if made_of is RowField]


def _their_id(view: Any, name: str, theirs: Ids) -> str:
    tables = {"category_id": "categories", "service_id": "services"}
    return str(theirs[tables.get(name, name.removesuffix("_id") + "s")])
