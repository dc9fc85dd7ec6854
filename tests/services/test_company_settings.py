"""Owners change settings, and only what the form has."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.errors import Forbidden, Invalid
from app.models import Company, Customer, WebSession
from app.services import companies, company_settings, sessions

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def change(world, actor=None, **raw):
    return companies.update_settings(world.session, actor or world.owner, raw, at=NOON)


def customer_of(world):
    return world.session.get_one(Customer, world.customer.id)


@pytest.mark.feature(112, 118)
def test_requests_are_switched_off_and_on_apart_from_the_portal(world):
    off = change(world, requests_enabled=["", ""])
    assert (off.requests_enabled, off.portal_enabled) == (False, True)

    on = change(world, requests_enabled=["", "on"])
    assert on.takes_requests()


@pytest.mark.feature(119, 188)
@pytest.mark.parametrize("role", ["dispatcher", "technician", "customer"])
def test_only_an_owner_switches_the_portal(world, role):
    with pytest.raises(Forbidden):
        change(world, getattr(world, role), portal_enabled="")

    assert world.session.get_one(Company, world.company_id).portal_enabled


@pytest.mark.feature("D4", 120)
def test_switching_the_portal_off_signs_customers_out_and_staff_not(world):
    session = world.session
    sessions.begin(session, customer_of(world), agent="", at=NOON)
    staff = WebSession(
        staff_id=world.owner.id, token_digest="x", email=world.owner.email,
        created_at=NOON, seen_at=NOON, expires_at=NOON,
    )  # fmt: skip
    session.add(staff)

    change(world, portal_enabled="")

    session.expire_all()
    rows = session.scalars(select(WebSession)).all()
    assert {bool(row.customer_id): row.ended_at for row in rows} == {True: NOON, False: None}


def test_another_companys_customers_stay_signed_in(world, stranger):
    stranger.enter()
    sessions.begin(world.session, customer_of(stranger), agent="", at=NOON)
    world.enter()

    change(world, portal_enabled="")

    stranger.enter()
    world.session.expire_all()
    assert world.session.scalars(select(WebSession)).one().ended_at is None


@pytest.mark.feature(122)
def test_fields_that_are_not_in_the_form_stay(world):
    before = change(world, sender_name="Acme", brand="#ABCDEF", email="office@acme.example")

    after = change(world, portal_enabled="")

    assert after is before
    assert (after.sender_name, after.brand) == ("Acme", "#abcdef")
    assert after.email == "office@acme.example"
    assert after.requests_enabled


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("brand", "red"),
        ("brand", "#12345"),
        ("brand", "#12345g"),
        ("reply_to", "nobody"),
        ("email", "a@b"),
        ("timezone", "Europe/Atlantis"),
        ("language", "tlh"),
        ("currency", "EURO"),
        ("eligibility", "everybody"),
        ("customer_session_days", "366"),
        ("customer_session_days", "-5"),
        ("name", "   "),
        ("phone", "+1 2"),
    ],
)
def test_wrong_value_is_refused_at_its_field(world, field, value):
    with pytest.raises(Invalid) as caught:
        change(world, **{field: value})

    assert list(caught.value.fields) == [field]


def test_card_and_place_are_kept_in_their_usual_form(world):
    company = change(
        world, phone="+498955501 00", currency="usd", timezone="America/Lima", language="es",
        address="One Road\r\nTown\x00", customer_session_days="7", reply_to="Office@Acme.example",
    )  # fmt: skip

    assert company.phone == "+49 89 5550100"
    assert (company.currency, company.timezone, company.language) == ("USD", "America/Lima", "es")
    assert company.address == "One Road\nTown"
    assert company.customer_session_days == 7
    assert company.reply_to == "office@acme.example"


@pytest.mark.feature(78)
def test_reasons_are_one_text_a_language_line_by_line(world):
    company = change(
        world,
        decline_reasons_en="Too far away.\n\n  We are full.  \n",
        decline_reasons_de="Zu weit.\nWir sind voll.",
    )

    assert company.reasons["decline"] == [
        {"en": "Too far away.", "de": "Zu weit."},
        {"en": "We are full.", "de": "Wir sind voll."},
    ]
    assert (
        company_settings.text_in(company, "decline_reasons_de", "de") == "Zu weit.\nWir sind voll."
    )


def test_half_translated_reasons_are_refused(world):
    with pytest.raises(Invalid) as caught:
        change(world, decline_reasons_en="One\nTwo", decline_reasons_es="Uno")

    assert list(caught.value.fields) == ["decline_reasons_es"]


@pytest.mark.feature(83)
def test_instructions_after_a_decline_are_kept_by_language(world):
    change(world, decline_instructions_en="Ring us.", decline_instructions_de="Rufen Sie an.")

    company = change(world, decline_instructions_de="")

    assert company.decline_instructions == {"en": "Ring us."}
