"""The matrix of messages: on and off in the draft, the way at once. Source: C21, C22."""

import pytest
from sqlalchemy import select

from app.models import Company, Customer, OutboxMessage, WorkflowDraft
from tests.services.messaging import decide, write
from workflows import document

MATRIX = "/admin/notifications/"
APPROVED = "service_request/step.approve.approved/booking.approved/customer"
DECLINED = "service_request/step.decline.declined/booking.declined/customer"


def company(world):
    return world.enter().get_one(Company, world.company_id)


def save(owner, **fields):
    return owner.submit(owner.page(MATRIX), "Save", **fields)


@pytest.mark.feature("C21", "C22")
def test_the_matrix_shows_who_is_told_of_what(world, owner):
    page = owner.page(MATRIX)

    form = page.form("Save")
    assert "Approve" in page.text
    assert "Your request … is approved" in page.text
    assert form.value(APPROVED) == "email"
    assert form.value("usual") == "email"
    assert [name for name, _ in form.fields if name.startswith("job/")]


@pytest.mark.feature("C21", "C22")
def test_the_way_of_one_message_counts_at_once(world, owner):
    _customer(world).phone = "+49 731 123456"
    row = decide(world, "approve")
    save(owner, **{APPROVED: "sms"})

    written = write(world, row, sms_works=True)

    assert company(world).channels["booking.approved"] == {"customer": "sms"}
    assert (written.said.channel, written.paper.to) == ("sms", "+49731123456")
    assert world.session.scalars(select(WorkflowDraft)).all() == []


@pytest.mark.feature("C21")
def test_both_ways_are_two_promises_and_two_letters(world, owner):
    save(owner, **{APPROVED: "both"})
    _customer(world).phone = "+49 731 123456"

    decide(world, "approve")

    rows = world.session.scalars(
        select(OutboxMessage).where(OutboxMessage.recipient == f"customer:{world.customer.id}")
    ).all()
    found = [row for row in rows if row.payload["message"] == "booking.approved"]
    channels = [write(world, row, sms_works=True).said.channel for row in found]
    assert channels == ["email", "sms"]
    assert len({row.key for row in found}) == 2


@pytest.mark.feature("C21")
def test_without_a_phone_both_ways_are_one_mail(world, owner):
    save(owner, **{APPROVED: "both"})

    row = decide(world, "approve")

    assert write(world, row, sms_works=True).said.channel == "email"


@pytest.mark.feature("C22")
def test_switching_a_message_off_and_on_is_an_edit_of_the_draft(world, owner):
    save(owner, **{DECLINED: "off"})
    off = _draft(world)
    save(owner, **{DECLINED: "email"})
    on = _draft(world)

    assert "booking.declined" not in [_message(use) for use in _effects(off, "decline")]
    assert "booking.declined" in [_message(use) for use in _effects(on, "decline")]
    assert "booking.declined" in off.messages or "booking.declined" in on.messages


@pytest.mark.feature("C22")
def test_the_messages_of_jobs_have_their_own_draft(world, owner):
    fields = [name for name, _ in owner.page(MATRIX).form("Save").fields if name.startswith("job/")]
    first = next(name for name in fields if name.endswith("/customer"))

    answer = save(owner, **{first: "off"})

    assert answer.status_code == 303
    assert [row.key for row in world.enter().scalars(select(WorkflowDraft))] == ["job"]
    assert "Preview and publish" in owner.page(MATRIX).text


@pytest.mark.feature("C21")
def test_the_usual_way_of_customers_is_chosen_once(world, owner):
    save(owner, usual="sms", **{APPROVED: "sms", DECLINED: "sms"})

    assert company(world).channels["*"] == {"customer": "sms"}
    assert company(world).channel_for("booking.approved", "customer") == "sms"


def test_an_odd_way_is_refused(world, owner):
    page = owner.page(MATRIX)
    answer = owner.post(MATRIX, data={**page.form("Save").filled(), APPROVED: "pigeon"})

    assert answer.status_code == 422
    assert company(world).channels == {"*": {"customer": "email"}}


def _customer(world):
    return world.enter().get_one(Customer, world.customer.id)


def _draft(world):
    row = world.enter().scalars(select(WorkflowDraft)).one()
    return document.read(row.text).definition


def _effects(definition, trigger):
    return definition.transitions_of(trigger)[0].effects


def _message(use):
    return use.params.get("message")
