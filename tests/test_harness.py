"""The fixtures keep tests apart, and show a test and its clients what the other wrote."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask, g, render_template_string, request
from sqlalchemy import func, select, text

from app import clock
from app.db import db
from app.models import Company, Skill
from app.tenancy import all_companies, company_scope
from tests.harness.clients import browser_of
from tests.harness.pages import Page

FORM = """
<h1>Jobs &amp; visits</h1> <a href="/next">On</a>
<form method="post" action="/send">
  <input type="hidden" name="csrf_token" value="t0k3n"><input name="email" value="a@b.example">
  <select name="urgency">
    <option value="low">Low</option><option value="high" selected>High</option>
  </select>
  <select name="site"><option value="1">One</option><option value="2">Two</option></select>
  <textarea name="reason">
typed</textarea>
  <input type="checkbox" name="agree" value="yes" checked><input type="checkbox" name="spam">
  <button name="act" value="go">Approve</button> <button>Decline</button>
</form>
<form action="/find"><input name="q"><input type="submit" value="Search"></form>
"""


@pytest.fixture
def small() -> Flask:
    """A small site that shows its form and repeats what it was sent."""
    app = Flask("small")
    app.add_url_rule("/", view_func=lambda: render_template_string(FORM), endpoint="form")
    app.add_url_rule("/send", view_func=sent, methods=["POST"])
    app.add_url_rule("/find", view_func=asked, endpoint="find")
    app.add_url_rule("/count", view_func=count_visits)
    return app


def sent() -> dict[str, str]:
    return request.form.to_dict()


def asked() -> dict[str, str]:
    return request.args.to_dict()


def count_visits() -> str:
    g.visits = g.get("visits", 0) + 1
    return str(g.visits)


def test_a_form_is_sent_as_its_page_shows_it(small):
    client = browser_of(small)

    answer = client.submit("/", "Approve", reason="too far")

    assert answer.json == {
        "csrf_token": "t0k3n", "email": "a@b.example", "urgency": "high", "site": "1",
        "reason": "too far", "agree": "yes", "act": "go",
    }  # fmt: skip


def test_a_search_form_asks_by_its_address(small):
    assert browser_of(small).submit("/", "Search", q="pump").json == {"q": "pump"}


def test_a_page_is_read_as_text_links_and_fields(small):
    page = browser_of(small).page("/")

    assert page.text.startswith("Jobs & visits")
    assert page.link("On") == "/next"
    assert page.form("Decline").value("reason") == "typed"
    assert not page.has_button("Accept")


def test_a_missing_button_is_named(small):
    with pytest.raises(AssertionError, match="Accept"):
        Page(browser_of(small).get("/")).form("Accept")


def test_requests_do_not_share_what_one_request_remembers(small):
    client = browser_of(small)

    with small.app_context():
        assert [client.get("/count").text for _ in range(2)] == ["1", "1"]


def add_company(session, slug: str = "acme") -> Company:
    with all_companies(session):
        company = Company(slug=slug, name="Acme", created_at=clock.now())
        session.add(company)
        session.flush()
    return company


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_with_no_rows(session, turn):
    company = add_company(session)
    with company_scope(session, company.id):
        session.add(Skill(name="Welding"))
        session.flush()
        assert session.scalar(select(func.count(Skill.id))) == 1
    session.commit()


def test_another_connection_sees_what_was_written_once_a_request_is_made(app, session, client):
    add_company(session)
    before = slugs_seen_by_others(app)

    client.get("/healthz")

    assert (before, slugs_seen_by_others(app)) == ([], ["acme"])


def slugs_seen_by_others(app: Flask) -> list[str]:
    def look() -> list[str]:
        with app.app_context(), all_companies(db.session()) as session:
            return list(session.scalars(select(Company.slug)))

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result()


@pytest.mark.on_database("postgresql")
def test_the_application_owns_nothing_and_sees_no_company_unasked(session):
    add_company(session)
    session.commit()

    sees = session.scalar(text("SELECT count(*) FROM company"))
    role = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    owned = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"
    assert (sees, session.scalar(text(role)), session.scalar(text(owned))) == (0, False, 0)
