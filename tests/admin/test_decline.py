"""Declining: a reason of substance, in words the customer reads."""

import pytest
from sqlalchemy import select

from app.models import Company, Customer, OutboxMessage
from tests.harness.pages import Page
from tests.portal import work

BUTTON = "Decline and tell the customer"
REASON = "We have no capacity that week. Can we do the following week?"


def form_of(client, request):
    return Page(client.get(f"/admin/requests/{request.id}/decline"))


@pytest.mark.feature(75, 80, 81)
def test_declining_with_a_reason_decides_the_request_and_promises_a_mail(world, dispatcher):
    request = world.hand_in()

    answer = dispatcher.submit(form_of(dispatcher, request), BUTTON, reason=REASON)

    assert answer.status_code == 303
    assert request.state == "declined"
    statement = select(OutboxMessage).where(OutboxMessage.subject == "request")
    mails = world.enter().scalars(statement).all()
    assert [mail.payload["message"] for mail in mails] == ["booking.declined"]


@pytest.mark.feature(75)
@pytest.mark.parametrize("reason", ["", "   ", "No.", "\u200b" * 20])
def test_a_reason_without_substance_is_refused(world, dispatcher, reason):
    request = world.hand_in()

    answer = dispatcher.submit(form_of(dispatcher, request), BUTTON, reason=reason)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert request.state == "submitted"


@pytest.mark.feature(77)
def test_staff_are_warned_that_the_customer_reads_it_word_for_word(world, dispatcher):
    page = form_of(dispatcher, world.hand_in())

    assert "Carla Customer reads this word for word" in page.text
    assert "offer another way when there is one" in page.text


@pytest.mark.feature(77, 95)
def test_the_exact_words_stand_in_the_history(world, dispatcher):
    request = world.hand_in()

    dispatcher.submit(form_of(dispatcher, request), BUTTON, reason=REASON)

    assert REASON in dispatcher.page(f"/admin/requests/{request.id}").text


@pytest.mark.feature(78, 92)
def test_common_reasons_are_offered(world, dispatcher):
    page = form_of(dispatcher, world.hand_in())

    assert page.has_button("This kind of work is outside what our company does.")
    assert page.has_button("The address is outside the area we serve.")
    assert page.has_button("We already have a job for this; your request duplicates it.")
    assert page.has_button("Cancelled at the customer's request.")


@pytest.mark.feature(78)
def test_a_common_reason_fills_the_form_in_the_customers_language(world, dispatcher):
    world.enter().get_one(Customer, world.customer.id).language = "de"
    request = world.hand_in()

    answer = dispatcher.submit(
        form_of(dispatcher, request), "The address is outside the area we serve."
    )

    page = Page(answer)
    assert answer.status_code == 200
    assert page.form(BUTTON).value("reason") == (
        "Die Adresse liegt leider außerhalb unseres Einsatzgebiets."
    )
    assert request.state == "submitted"
    assert dispatcher.submit(page, BUTTON).status_code == 303


@pytest.mark.feature(78)
def test_the_companys_own_reasons_are_the_ones_offered(world, dispatcher):
    company = world.enter().get_one(Company, world.company_id)
    company.reasons = {"decline": [{"en": "We are on holiday until the tenth."}]}

    page = form_of(dispatcher, world.hand_in())

    assert page.has_button("We are on holiday until the tenth.")
    assert not page.has_button("The address is outside the area we serve.")


@pytest.mark.feature(84)
def test_a_declined_request_is_frozen(world, dispatcher):
    request = world.hand_in()
    work.decline(world, request, REASON)

    answers = [
        dispatcher.get(f"/admin/requests/{request.id}/{trigger}")
        for trigger in ("approve", "decline")
    ]

    assert [answer.status_code for answer in answers] == [409, 409]


@pytest.mark.feature(84, "D6")
def test_declining_too_late_says_who_approved(world, dispatcher, owner):
    request = world.hand_in()
    page = form_of(owner, request)
    work.approve(world, request)

    late = owner.submit(page, BUTTON, reason=REASON)

    assert late.status_code == 409
    assert "Who Dispatcher Doe" in Page(late).text
    assert request.state == "approved"


def test_keep_it_open_leads_back(world, dispatcher):
    request = world.hand_in()

    assert form_of(dispatcher, request).link("Keep it open") == f"/admin/requests/{request.id}"


@pytest.mark.feature("D16")
def test_staff_see_before_deciding_that_nobody_can_be_told(world, dispatcher):
    row = world.enter().get_one(Customer, world.customer.id)
    row.email = row.phone = None
    request = world.hand_in()

    shown = dispatcher.page(f"/admin/requests/{request.id}").text
    asked = form_of(dispatcher, request).text

    assert "has no e-mail address and no phone number on record, so nobody is told" in shown
    assert "has no e-mail address and no phone number on record, so nobody is told" in asked
    assert BUTTON not in asked


@pytest.mark.feature("D16")
def test_a_phone_number_is_enough_to_be_told(world, dispatcher):
    row = world.enter().get_one(Customer, world.customer.id)
    row.email, row.phone = None, "+49 30 1234567"

    page = dispatcher.page(f"/admin/requests/{world.hand_in().id}")

    assert "nobody is told" not in page.text
