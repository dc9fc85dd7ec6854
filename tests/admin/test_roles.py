"""Who may pass which staff address: a golden table, and every address tried by every role."""

from pathlib import Path

import pytest
from flask import Flask

from app.actor import STAFF_ROLES
from tests.admin.conftest import make_colleague
from tests.admin.everything import addresses, furnish, staff_rules

GOLDEN = Path(__file__).with_name("roles.txt")
pytestmark = pytest.mark.feature("C11")


def declared(app: Flask) -> dict[str, frozenset[str]]:
    """Return the roles each staff endpoint declares."""
    views = {view.endpoint: view for view in app.extensions["admin"][0]._views}
    found = {}
    for rule in staff_rules(app):
        endpoint, _, method = rule.endpoint.partition(".")
        found[rule.endpoint] = views[endpoint].roles_for(method)
    return found


def test_the_declared_roles_are_the_ones_agreed_on(app):
    """Change roles.txt only when somebody should get in, or be kept out, who was not before."""
    table = [
        f"{endpoint}: {' '.join(sorted(roles)) or 'nobody'}"
        for endpoint, roles in sorted(declared(app).items())
    ]

    assert table == GOLDEN.read_text().splitlines()


@pytest.mark.feature(186, 187, 188)
@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_passes_where_the_table_says_and_nowhere_else(app, world, sign_in, role):
    ids = furnish(world, "Sparrow")
    who = {a.role: a for a in (world.owner, world.dispatcher, world.technician)}.get(role)
    client = sign_in(world, who or make_colleague(world, role))
    csrf = client.page("/admin/me/").form("Save").value("csrf_token")
    allowed = {endpoint for endpoint, roles in declared(app).items() if role in roles}

    shut_out = set()
    for each in addresses(app, ids):
        kwargs = {"data": {**each.data, "csrf_token": csrf}} if each.method == "POST" else {}
        answer = client.open(each.path, method=each.method, buffered=True, **kwargs)
        assert answer.status_code < 500, each.path
        if answer.status_code == 403:
            shut_out.add(each.endpoint)

    assert shut_out == set(declared(app)) - allowed


def test_nobody_gets_in_without_signing_in(app, world, client):
    ids = furnish(world, "Sparrow")

    for each in addresses(app, ids):
        if each.method == "GET":
            answer = client.get(each.path)
            assert answer.status_code == 303, each.path
            assert answer.location.startswith("/admin/login")
            as_program = client.get(each.path, headers={"Accept": "application/json"})
            assert as_program.status_code == 401


def test_a_person_who_was_let_go_is_out_at_the_next_page(world, owner, dispatcher):
    page = owner.page(f"/admin/staff/edit/?id={world.dispatcher.id}")

    owner.submit(page, "End their access")

    assert dispatcher.get("/admin/requests/").status_code == 303


def test_a_changed_role_counts_from_the_next_page(world, owner, dispatcher):
    page = owner.page(f"/admin/staff/edit/?id={world.dispatcher.id}")

    owner.submit(page, "Save", role="technician")

    assert dispatcher.get("/admin/requests/").status_code == 403


@pytest.mark.feature(186)
@pytest.mark.parametrize("path", ["", "waiting-count", "{}", "{}/approve", "{}/decline"])
def test_technicians_reach_no_address_of_requests(world, technician, path):
    request = world.hand_in()

    answer = technician.get(f"/admin/requests/{path.format(request.id)}")

    assert answer.status_code == 403
    assert "kitchen tap" not in answer.text
