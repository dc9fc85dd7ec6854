"""Customers are kept in order, and asked whether they may ask for work."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.errors import Forbidden, Invalid, NotFound
from app.models import Company, Customer, Location, OutboxMessage, WebSession
from app.services import access, customers, sessions

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def create(world, actor=None, **raw):
    form = {"name": "Bea Baker", **raw}
    return customers.create(world.session, actor or world.dispatcher, form, at=NOON)


def update(world, **raw):
    return customers.update(world.session, world.dispatcher, world.customer.id, raw, at=NOON)


def why_not(world, **company):
    row = world.session.get_one(Company, world.company_id)
    for name, value in company.items():
        setattr(row, name, value)
    refusal = customers.may_request(world.session.get_one(Customer, world.customer.id), row)
    return refusal.msgid if refusal else None


def test_new_customer_has_plain_defaults(world):
    customer = create(world)

    assert (customer.access, customer.requests, customer.channel) == ("full", "inherit", "email")
    assert customer.email is None
    assert not customer.can_sign_in()


def test_new_customer_is_kept_in_one_spelling(world):
    customer = create(
        world, name="  Bea   Baker ", email=" Bea@Baker.EXAMPLE", phone="+4989555 0100",
        sla_hours="4", street="Oak Road 1", city="Ulm", onboarded="on", language="de",
    )  # fmt: skip

    assert (customer.name, customer.email) == ("Bea Baker", "bea@baker.example")
    assert (customer.phone, customer.sla_hours) == ("+49 89 5550100", 4)
    assert customer.onboarded_at == NOON
    assert customer.language == "de"
    assert (
        world.session.scalars(select(Location).where(Location.customer_id == customer.id))
        .one()
        .line
        == "Oak Road 1, Ulm"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("email", "bea"),
        ("sla_hours", "0"),
        ("sla_hours", "four"),
        ("sla_hours", "99999"),
        ("access", "root"),
        ("requests", "maybe"),
        ("language", "xx"),
        ("channel", "pigeon"),
        ("phone", "n/a"),
    ],
)
def test_wrong_value_is_refused_at_its_field(world, field, value):
    with pytest.raises(Invalid) as caught:
        create(world, **{field: value})

    assert list(caught.value.fields) == [field]


@pytest.mark.feature(185)
@pytest.mark.parametrize("role", ["technician", "customer"])
def test_technicians_and_customers_change_no_records(world, role):
    actor = getattr(world, role)

    with pytest.raises(Forbidden):
        create(world, actor)
    with pytest.raises(Forbidden):
        customers.update(world.session, actor, world.customer.id, {"name": "X"}, at=NOON)
    with pytest.raises(Forbidden):
        customers.add_location(world.session, actor, world.customer.id, {"street": "X"})
    with pytest.raises(Forbidden):
        customers.add_contact(world.session, actor, world.customer.id, {"name": "X"})
    with pytest.raises(Forbidden):
        customers.archive(world.session, actor, world.customer.id, at=NOON)
    with pytest.raises(Forbidden):
        customers.restore(world.session, actor, world.customer.id)


@pytest.mark.feature(182)
def test_another_companys_customer_is_not_there(world, stranger):
    with pytest.raises(NotFound):
        customers.update(
            world.session, world.dispatcher, stranger.customer.id, {"name": "X"}, at=NOON
        )
    with pytest.raises(NotFound):
        customers.add_location(
            world.session, world.dispatcher, stranger.customer.id, {"street": "X"}
        )


def test_update_leaves_what_the_form_does_not_have(world):
    customer = update(world, phone="+49 89 5550199")

    assert customer.name == "Carla Customer"
    assert customer.email == "carla@customer.example"
    assert customer.access == "full"


def test_sla_hours_can_be_taken_back(world):
    update(world, sla_hours="8")

    assert update(world, sla_hours="").sla_hours is None


@pytest.mark.feature("D25")
def test_new_address_ends_the_old_ways_in_and_both_are_told(world):
    session = world.session
    row = session.get_one(Customer, world.customer.id)
    sessions.begin(session, row, agent="", at=NOON)
    old = access.resend(session, row.id, world.dispatcher, at=NOON)
    sent = set(session.scalars(select(OutboxMessage.id)))

    update(world, email="carla@new.example")

    session.expire_all()
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.id.not_in(sent))).all()
    assert not old.is_open(NOON)
    assert session.scalars(select(WebSession)).one().ended_at == NOON
    assert {row.payload["message"] for row in told} == {
        "portal.address_changed", "portal.sign_in_link",
    }  # fmt: skip


def test_same_address_in_other_letters_changes_nothing(world):
    before = set(world.session.scalars(select(OutboxMessage.id)))

    update(world, email=" CARLA@customer.example ")

    assert set(world.session.scalars(select(OutboxMessage.id))) == before


@pytest.mark.feature(29)
@pytest.mark.parametrize(("level", "may"), [("full", True), ("read_only", False), ("none", False)])
def test_full_access_is_needed_to_ask_for_work(world, level, may):
    update(world, access=level)

    assert (why_not(world) is None) is may


@pytest.mark.feature(31)
def test_company_may_ask_for_onboarding_first(world):
    assert "set you up" in why_not(world, eligibility="onboarded")

    update(world, onboarded="on")

    assert why_not(world, eligibility="onboarded") is None


@pytest.mark.feature(31, 123)
def test_a_customer_named_by_staff_need_not_be_set_up_first(world):
    update(world, requests="on")

    assert why_not(world, eligibility="onboarded") is None
    update(world, requests="on", access="read_only")
    assert why_not(world, eligibility="onboarded") is not None


@pytest.mark.feature(30)
def test_archived_customer_may_not_ask(world):
    customers.archive(world.session, world.dispatcher, world.customer.id, at=NOON)
    assert "closed" in why_not(world, eligibility="any_account")

    customers.restore(world.session, world.dispatcher, world.customer.id)
    assert why_not(world) is None


def test_company_may_let_any_account_ask(world):
    update(world, access="read_only")

    assert why_not(world, eligibility="any_account") is None


@pytest.mark.feature(114, 116)
def test_nobody_may_ask_while_requests_are_off(world):
    assert "switched off" in why_not(world, requests_enabled=False)


@pytest.mark.feature(120)
def test_nobody_may_ask_while_the_portal_is_off(world):
    assert "unavailable" in why_not(world, portal_enabled=False)


@pytest.mark.feature(123)
@pytest.mark.parametrize(
    ("company", "own", "may"),
    [
        (True, "inherit", True),
        (True, "on", True),
        (True, "off", False),
        (False, "inherit", False),
        (False, "on", True),
        (False, "off", False),
    ],
)
def test_each_customer_can_be_switched_apart(world, company, own, may):
    update(world, requests=own)

    assert (why_not(world, requests_enabled=company) is None) is may


@pytest.mark.feature(125)
def test_requests_belong_to_the_higher_plans(world):
    assert "plan" in why_not(world, plan="basic")
    assert why_not(world, plan="pro") is None


def test_archiving_signs_the_customer_out(world):
    row = world.session.get_one(Customer, world.customer.id)
    sessions.begin(world.session, row, agent="", at=NOON)

    customers.archive(world.session, world.dispatcher, row.id, at=NOON)

    world.session.expire_all()
    assert world.session.scalars(select(WebSession)).one().ended_at == NOON


@pytest.mark.feature(106)
def test_a_customer_chooses_how_they_are_told_and_nothing_else(world):
    row = world.session.get_one(Customer, world.customer.id)
    row.phone = "+49 731 1234567"
    raw = {"channel": "sms", "language": "de", "name": "Mallory", "access": "none", "phone": "1"}

    customers.choose_contact(world.session, world.customer, raw)

    assert (row.channel, row.language) == ("sms", "de")
    assert (row.name, row.access, row.phone) == ("Carla Customer", "full", "+49 731 1234567")


@pytest.mark.feature(106, "D16")
def test_texts_need_a_number_on_record(world):
    with pytest.raises(Invalid) as caught:
        customers.choose_contact(world.session, world.customer, {"channel": "sms"})

    assert list(caught.value.fields) == ["channel"]


def test_only_the_customer_chooses_for_themselves(world):
    with pytest.raises(Forbidden):
        customers.choose_contact(world.session, world.dispatcher, {"channel": "email"})


def test_place_and_contact_are_added_to_a_customer(world):
    id_ = world.customer.id
    place = customers.add_location(
        world.session, world.dispatcher, id_,
        {"street": "Elm 2", "postcode": "89073", "city": "Ulm", "location_name": "Shop"},
    )  # fmt: skip
    contact = customers.add_contact(
        world.session, world.dispatcher, id_, {"name": "Kim", "email": "Kim@Shop.example"}
    )
    world.session.flush()

    assert str(place) == "Shop · Elm 2, 89073 Ulm"
    assert (contact.customer_id, contact.email) == (id_, "kim@shop.example")


def test_place_without_a_street_is_refused(world):
    with pytest.raises(Invalid) as caught:
        customers.add_location(world.session, world.dispatcher, world.customer.id, {"city": "Ulm"})

    assert list(caught.value.fields) == ["street"]
