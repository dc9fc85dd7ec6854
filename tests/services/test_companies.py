"""A new company works at once, or is refused with a reason."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.errors import Invalid, NotFound
from app.models import (
    OpeningHours,
    OutboxMessage,
    ServiceCategory,
    SignInLink,
    Staff,
    WorkflowVersion,
)
from app.services import companies, presets
from app.tenancy import company_scope, enter_company

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FORM = {
    "name": "Nord Heizung & Söhne",
    "slug": "nord-heizung",
    "owner_name": "Inga Nord",
    "owner_email": " Inga@Nord.Example ",
    "language": "de",
    "timezone": "Europe/Berlin",
    "preset": "service_request",
}


@pytest.fixture
def founded(session):
    company = companies.create(session, FORM, at=NOON)
    enter_company(session, company.id)
    return company


@pytest.mark.feature(6)
def test_new_company_has_the_six_categories_in_three_languages(session, founded):
    rows = session.scalars(select(ServiceCategory).order_by(ServiceCategory.position)).all()

    assert [row.key for row in rows] == [
        "repair", "maintenance", "installation", "inspection", "emergency", "other",
    ]  # fmt: skip
    assert all(set(row.label) == {"en", "es", "de"} for row in rows)


def test_new_company_works_from_monday_to_friday(session, founded):
    rows = session.scalars(select(OpeningHours).order_by(OpeningHours.weekday)).all()

    assert [row.weekday for row in rows] == [0, 1, 2, 3, 4]


@pytest.mark.feature(78, 92)
def test_new_company_offers_the_common_reasons_to_decline(founded):
    english = [words["en"] for words in founded.reasons["decline"]]

    assert len(english) == 4
    assert "outside what our company does" in english[0]
    assert "outside the area" in english[1]
    assert "duplicates" in english[2]
    assert english[3] == "Cancelled at the customer's request."


def test_new_company_runs_version_one_of_its_preset_and_of_jobs(session, founded):
    rows = session.scalars(select(WorkflowVersion)).all()

    assert {"service_request", "job"} <= {row.key for row in rows}
    assert {row.number for row in rows} == {1}
    assert founded.versions == {row.key: row.id for row in rows}
    assert founded.request_workflow == "service_request"


def test_owner_of_a_new_company_is_invited_by_mail(session, founded):
    owner = session.scalars(select(Staff)).one()

    assert (owner.role, owner.email, owner.language) == ("owner", "inga@nord.example", "de")
    assert owner.password_hash is None
    assert session.scalars(select(SignInLink)).one().staff_id == owner.id
    assert session.scalars(select(OutboxMessage)).one().recipient == f"staff:{owner.id}"


@pytest.mark.feature(113)
def test_requests_and_portal_are_on_by_default(founded):
    assert founded.requests_enabled
    assert founded.portal_enabled
    assert founded.takes_requests()


def test_blank_choices_have_defaults(session):
    raw = {**FORM, "language": "", "timezone": "", "preset": ""}

    company = companies.create(session, raw, at=NOON)

    assert (company.language, company.timezone) == ("en", "UTC")
    assert company.request_workflow == presets.names()[0] == "hybrid"


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("", "fill this in"),
        ("admin", "reserved"),
        ("Ärger", "small letters"),
        ("two words", "small letters"),
        ("-x", "small letters"),
        ("1a", "small letters"),
        ("a" * 41, "under 40"),
        ("x/../y", "small letters"),
    ],
)
def test_odd_slug_is_refused_with_a_reason(session, slug, reason):
    with pytest.raises(Invalid) as caught:
        companies.create(session, {**FORM, "slug": slug}, at=NOON)

    assert reason in caught.value.fields["slug"].public


def test_slug_of_another_company_is_refused(session, founded):
    with pytest.raises(Invalid) as caught:
        companies.create(session, {**FORM, "slug": "NORD-heizung"}, at=NOON)

    assert "already" in caught.value.fields["slug"].public


def test_every_fault_is_named_at_once(session):
    raw = {"slug": "x y", "timezone": "Mars/Olympus", "preset": "magic", "language": "xx"}

    with pytest.raises(Invalid) as caught:
        companies.create(session, raw, at=NOON)

    assert set(caught.value.fields) == {
        "name", "slug", "timezone", "preset", "language", "owner_name", "owner_email",
    }  # fmt: skip


def test_two_companies_share_nothing(session, founded):
    other = companies.create(session, {**FORM, "slug": "other"}, at=NOON)

    with company_scope(session, other.id):
        categories = session.scalars(select(ServiceCategory)).all()

    assert {row.company_id for row in categories} == {other.id}


def test_company_is_found_by_its_slug(session, founded):
    assert companies.find(session, "nord-heizung").id == founded.id
    with pytest.raises(NotFound):
        companies.find(session, "nobody")
