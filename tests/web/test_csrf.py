"""No address that changes anything takes a request that our own page did not make."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from tests.harness.clients import Client
from tests.harness.world import PASSWORD, World
from tests.portal import doors

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# Signed by their sender instead; a new one has to be named here on purpose.
SIGNED = ("/webhooks/",)


def unsafe_addresses(app: Flask, world: World) -> Iterator[tuple[str, str]]:
    """Yield method and address of every route that may change something."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        address = adapter.build(rule.endpoint, _values(rule, world), force_external=False)
        for method in sorted(UNSAFE & (rule.methods or set())):
            if not address.startswith(SIGNED):
                yield method, address


@pytest.mark.feature("B03", "B04")
@pytest.mark.parametrize("attempt", ["bare", "text", "override", "stranger's token", "old token"])
def test_every_unsafe_route_refuses_what_our_page_did_not_send(
    app, client, world, new_client, attempt
):
    _sign_in(client, world)
    sent = _sent(attempt, client, world, new_client())

    answers = {
        f"{method} {address}": client.open(address, method=method, **sent).status_code
        for method, address in unsafe_addresses(app, world)
    }

    assert len(answers) > 15
    assert {address: status for address, status in answers.items() if status != 400} == {}


@pytest.mark.feature("B03")
def test_the_refusal_is_a_page_that_says_what_to_do(client, world):
    answer = client.post("/p/acme/login", data={"email": doors.EMAIL})

    assert answer.status_code == 400
    assert "Go back, load it again" in answer.text


def test_a_form_of_our_own_page_is_taken(client, world):
    assert doors.ask(client, world).status_code == 303


def _sign_in(client: Client, world: World) -> None:
    doors.sign_in(client, world)
    page = client.page("/admin/login")
    client.submit(page, "Sign in", email="owner@acme.example", password=PASSWORD)


def _sent(attempt: str, client: Client, world: World, other: Client) -> dict[str, object]:
    if attempt == "text":
        return {"data": '{"email": "carla@customer.example"}', "content_type": "text/plain"}
    if attempt == "override":
        return {"data": {"_method": "GET"}, "headers": {"X-HTTP-Method-Override": "GET"}}
    if attempt == "stranger's token":
        return {"data": {"csrf_token": _token(other)}}
    if attempt == "old token":
        old = _token(client)
        client.submit("/p/acme/enter/none", "Sign out")
        doors.sign_in(client, world)
        return {"data": {"csrf_token": old}}
    return {"data": {}}


def _token(client: Client) -> str:
    return client.page("/p/acme/enter/none").forms[0].value("csrf_token") or ""


def _values(rule: Rule, world: World) -> dict[str, object]:
    values: dict[str, object] = {"slug": world.slug}
    for name in rule.arguments - {"slug"}:
        converter = rule._converters[name]
        items = getattr(converter, "items", None)
        numeric = isinstance(converter, IntegerConverter)
        values[name] = sorted(items)[0] if items else 1 if numeric else "x"
    if "slug" not in rule.arguments:
        values.pop("slug")
    return values
