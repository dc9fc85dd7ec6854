"""Commands do what they promise and refuse in words."""

import pytest
from sqlalchemy import select

from app.models import OutboxMessage, Staff
from app.services import companies, staff_access
from app.tenancy import company_scope

FOUND = [
    "company", "create", "--name", "Nord", "--slug", "nord",
    "--owner-name", "Inga", "--owner-email", "inga@nord.example",
]  # fmt: skip
OLE = ["--company", "nord", "--name", "Ole", "--email", "ole@nord.example", "--role", "technician"]


@pytest.fixture
def run(runner):
    return lambda *words: runner.invoke(args=list(words))


def test_company_is_founded_and_its_address_said(run, session):
    result = run(*FOUND, "--language", "de", "--timezone", "Europe/Berlin")

    assert result.exit_code == 0, result.output
    assert "/p/nord/" in result.output
    assert "inga@nord.example" in result.output
    assert companies.find(session, "nord").timezone == "Europe/Berlin"


def test_refusal_is_said_field_by_field(run):
    run(*FOUND)

    result = run(*FOUND, "--timezone", "Mars/Olympus")

    assert result.exit_code == 1
    assert "slug: Another company has this address already." in result.output
    assert "timezone: " in result.output


def test_staff_are_invited(run, session):
    run(*FOUND)

    result = run("staff", "create", *OLE)

    assert result.exit_code == 0, result.output
    company = companies.find(session, "nord")
    with company_scope(session, company.id):
        ole = session.scalars(select(Staff).where(Staff.name == "Ole")).one()
        invited = session.scalars(
            select(OutboxMessage).where(OutboxMessage.recipient == f"staff:{ole.id}")
        ).one()
    assert (ole.role, invited.payload["message"]) == ("technician", "staff.invitation")


def test_printed_link_opens(run, session):
    run(*FOUND)

    result = run(*["staff", "link", "--company", "nord", "--email", "inga@nord.example"])

    token = result.output.strip().rpartition("/")[2]
    company = companies.find(session, "nord")
    with company_scope(session, company.id):
        link = staff_access.look(session, "invite", token, at=company.created_at)
    assert (link.is_open, link.name) == (True, "Inga")


@pytest.mark.parametrize(
    "words",
    [
        "staff create --company nobody --name X --email x@y.example --role owner",
        "staff link --company nobody --email x@y.example",
    ],
)
def test_unknown_company_is_said(run, words):
    result = run(*words.split())

    assert result.exit_code == 1
    assert "There is nothing here." in result.output


@pytest.mark.on_database("sqlite")
def test_demo_loads_all_five_once_and_says_the_password(run, session):
    first, second = run("demo", "load"), run("demo", "load")

    assert first.output.count(": loaded") == 5, first.output
    assert second.output.count(": is there already") == 5, second.output
    password = second.output.split()[-1]
    places = staff_access.places(session, "owner@bridge.example", password)
    assert [place.company_name for place in places] == ["Bridgewater Electrical & Heating Ltd"]


def test_due_things_are_done_once_by_hand(run):
    run(*FOUND)

    assert run("outbox", "deliver").output.startswith("1 delivered")
    assert run("outbox", "deliver").output.startswith("0 delivered")
    assert run("timers", "run").output == "0 fired\n"


@pytest.mark.parametrize("name", ["worker", "clock", "doctor", "workflow", "demo", "db"])
def test_every_promised_command_is_there(app, name):
    assert name in app.cli.commands
