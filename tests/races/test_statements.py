"""How many statements a step costs, and that it does not grow with the company."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.db import db
from tests.harness.clients import Client
from tests.harness.pages import Page
from tests.harness.world import PASSWORD, World

MOST = 10


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what reaches the database inside the block, without BEGIN and COMMIT."""
    seen: list[str] = []

    def note(_conn, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def approve_as_prefilled(world: World, client: Client) -> list[str]:
    """Approve a new request exactly as the form came; return the statements of the POST."""
    request = world.hand_in(date_1="2031-03-03", urgency="urgent")
    world.session.commit()
    form = Page(client.get(f"/admin/requests/{request.id}/approve")).form("Approve & Create Job")
    with statements() as seen:
        answer = client.post(form.action, data=form.filled())
    assert answer.status_code == 303
    return seen


@pytest.fixture
def dispatcher(world: World, new_client: Callable[[], Client]) -> Client:
    """The dispatcher's browser, signed in."""
    client = new_client()
    client.submit("/admin/login", "Sign in", email="dispatcher@acme.example", password=PASSWORD)
    return client


def test_an_approval_as_prefilled_takes_at_most_ten_statements(world, dispatcher):
    approve_as_prefilled(world, dispatcher)  # the first one loads the definitions

    seen = approve_as_prefilled(world, dispatcher)

    assert len(seen) <= MOST, "\n".join(seen)


def test_an_approval_costs_the_same_among_many_requests(world, dispatcher):
    approve_as_prefilled(world, dispatcher)
    alone = approve_as_prefilled(world, dispatcher)
    for _ in range(60):
        world.hand_in()
    world.session.commit()

    among_many = approve_as_prefilled(world, dispatcher)

    assert len(among_many) == len(alone)
