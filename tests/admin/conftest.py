"""Browsers of people who are signed in as staff."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from itsdangerous import Signer
from sqlalchemy import event

from app import clock, site
from app.actor import Actor
from app.db import db
from app.models import Staff
from app.services import sessions
from app.web import cookies
from tests.harness.clients import Client, browser_of
from tests.harness.world import World

SignIn = Callable[[World, Actor], Client]


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Return a browser in which a member of staff is signed in, without the slow password."""

    def open_browser(world: World, who: Actor) -> Client:
        row = world.enter().get_one(Staff, who.id)
        token = sessions.begin(world.session, row, agent="test", at=clock.now())
        client = browser_of(app)
        signer = Signer(list(reversed(site.current().secrets)), salt=cookies.STAFF)
        value = signer.sign(f"{world.company_id}.{token}").decode()
        client.set_cookie(cookies.STAFF, value)
        return client

    return open_browser


@pytest.fixture
def owner(world: World, sign_in: SignIn) -> Client:
    """The owner's browser."""
    return sign_in(world, world.owner)


@pytest.fixture
def dispatcher(world: World, sign_in: SignIn) -> Client:
    """The dispatcher's browser."""
    return sign_in(world, world.dispatcher)


@pytest.fixture
def technician(world: World, sign_in: SignIn) -> Client:
    """The technician's browser."""
    return sign_in(world, world.technician)


@pytest.fixture
def office(world: World, sign_in: SignIn) -> Client:
    """The browser of somebody in the office."""
    return sign_in(world, make_colleague(world, "office"))


def make_colleague(world: World, role: str, name: str = "Odette Office") -> Actor:
    """Add a member of staff and return them as an actor."""
    email = f"{name.split(maxsplit=1)[0].lower()}@{world.slug}.example"
    row = Staff(email=email, name=name, role=role, created_at=clock.now(), password_hash="x")
    world.enter().add(row)
    world.session.flush()
    return Actor("staff", row.id, world.company_id, role, name, "en", email)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what reaches the database inside the block, without BEGIN and COMMIT."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about one of the databases where the other is used."""
    left_out = [item for item in items if _is_elsewhere(getattr(item, "callspec", None))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _is_elsewhere(callspec) -> bool:
    params = callspec.params if callspec else {}
    wanted = "postgresql" if params.get("wall") == "database" else params.get("only")
    return wanted is not None and wanted != params.get("database_kind")
