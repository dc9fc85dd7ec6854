"""The demo's inbox: there in the demo alone, with links that can be followed."""

import re

import pytest

from app import clock
from app.db import db
from app.letters import Letter
from app.services import messages
from app.tenancy import enter_company
from tests.harness.clients import browser_of
from tests.harness.databases import settings_for
from tests.harness.world import make_world

LINK = "http://127.0.0.1:8000/p/acme/enter/abc"


@pytest.fixture
def demo(store, queue_server, tmp_path, app):
    """A browser on the same database, with the demo on."""
    from wsgi import create_app

    made = create_app(
        settings_for(tmp_path, APP_ENV="demo", REDIS_URL=queue_server.url, **store.environment)
    )
    with made.app_context():
        world = make_world(db.session())
        enter_company(db.session(), world.company_id)
        for number, person in enumerate(("carla@customer.example", "other@customer.example")):
            messages.keep(db.session(), letter(number, person))
        db.session.commit()
        db.session.remove()
    yield browser_of(made)
    with made.app_context():
        db.engine.dispose()


def letter(number: int, person: str) -> Letter:
    return Letter(
        message_id=f"<{number}@x>", at=clock.now(), sender_name="Acme <b>Plumbing</b>", to=person,
        subject=f"Letter {number}", text=f"Come in: {LINK} <script>alert(1)</script>",
        html=f'<html><head></head><body><a href="{LINK}">Open</a></body></html>',
    )  # fmt: skip


def test_it_is_not_there_when_the_demo_is_off(client):
    assert client.get("/demo/inbox").status_code == 404


def test_the_newest_mail_comes_first_with_its_link(demo):
    page = demo.get("/demo/inbox").text

    assert page.index("Letter 1") < page.index("Letter 0")
    assert f'<a href="{LINK}">' in page


def test_one_persons_mails_can_be_shown_alone(demo):
    page = demo.get("/demo/inbox?to=Carla@customer.example").text

    assert "Letter 0" in page
    assert "Letter 1" not in page


def newest(demo):
    """Return the number of the first mail in the list."""
    found = re.search(r'href="/demo/inbox/(\d+)"', demo.get("/demo/inbox").text)
    assert found
    return found[1]


def test_a_mail_can_be_opened_and_read(demo):
    key = newest(demo)

    page = demo.get(f"/demo/inbox/{key}").text

    assert f"/demo/inbox/{key}/html" in page
    assert f'<a href="{LINK}">' in page
    assert "<script>alert" not in page


def test_its_html_stays_in_its_frame(demo):
    key = newest(demo)

    answer = demo.get(f"/demo/inbox/{key}/html")

    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert '<base target="_top">' in answer.text


@pytest.mark.parametrize("key", ["999999999", str(2**63)])
def test_a_mail_that_is_not_there_is_404(demo, key):
    assert demo.get(f"/demo/inbox/{key}").status_code == 404
