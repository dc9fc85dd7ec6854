"""Message texts as an owner sees them: list, fields, preview, test, and the way back."""

import re

import pytest
from limits import parse
from sqlalchemy import select

from admin_views import message_texts
from app.models import Company, KeptMail, OutboxMessage, Staff, WorkflowDraft
from tests.harness.pages import Page
from tests.portal import work

LIST = "/admin/message-texts/"
TEXT = "/admin/message-texts/service_request/booking.declined"
SIGN_IN = "/admin/message-texts/house/portal.sign_in_link"


def typed(client, address=TEXT, button="Save draft", **changes):
    """Return the form of a message as it would be sent, with changes."""
    return client.page(address).form(button).filled(**changes)


@pytest.mark.feature(107)
def test_the_list_says_in_words_what_is_sent_when_and_to_whom(world, owner):
    page = owner.page(LIST)

    for words in (
        "Service requests", "Jobs", "For signing in, and for everything else", "Sign-in link",
        "after “Decline”, to the customer", "Mail: English · Español · Deutsch", "as shipped",
    ):  # fmt: skip
        assert words in page.text
    assert "booking." not in page.text
    assert "_" not in page.text


def test_the_workflow_editor_leads_to_a_message_even_to_one_that_is_still_to_be_written(
    world, owner
):
    answer = owner.get(f"{LIST}?workflow=service_request&message=own.thanks")
    page = owner.page(answer.location)

    assert answer.status_code == 303
    assert page.status == 200
    assert "No step sends it yet" in page.text
    assert world.enter().scalars(select(WorkflowDraft)).all() == []


@pytest.mark.feature(107, 108)
def test_a_text_is_kept_in_the_draft_and_the_page_says_so(world, owner):
    answer = owner.post(TEXT, data=typed(owner, email_subject_de="Leider nein"))
    page = owner.page(answer.location)

    assert "Draft saved" in page.text
    assert page.form("Save draft").value("email_subject_de") == "Leider nein"
    assert page.link("Review and publish").endswith("/service_request/publish")
    assert "in the draft" in owner.page(LIST).text


def test_an_unknown_placeholder_is_refused_at_its_field_and_what_was_typed_stays(world, owner):
    data = typed(owner, email_body_de="Guten Tag {{customer.vorname}}")

    answer = owner.post(TEXT, data=data)

    assert answer.status_code == 422
    assert "There is no placeholder “customer.vorname”" in answer.text.replace("&#34;", '"')
    assert 'aria-describedby="email_body_de-error"' in answer.text
    assert Page(answer).form("Save draft").value("email_body_de") == data["email_body_de"][0:]
    assert world.enter().scalars(select(WorkflowDraft)).all() == []


def test_who_comes_second_reads_that_somebody_else_saved(world, owner):
    mine = typed(owner, email_subject_en="Mine")
    owner.post(TEXT, data=typed(owner, email_subject_en="Theirs"))

    answer = owner.post(TEXT, data=mine)

    assert answer.status_code == 409
    assert "Somebody else saved this draft meanwhile" in answer.text
    assert "Mine" in answer.text


@pytest.mark.feature(107)
def test_the_sign_in_mail_is_changed_at_once_and_goes_back(world, owner):
    answer = owner.post(SIGN_IN, data=typed(owner, SIGN_IN, "Save", email_subject_en="Your way in"))
    page = owner.page(answer.location)
    assert "changed by you" in page.text
    assert "Your way in" in owner.page(SIGN_IN).text

    back = next(form for form in page.forms if form.action.endswith("/back/0"))
    owner.post(back.action, data=back.filled())

    page = owner.page(SIGN_IN)
    assert page.form("Save").value("email_subject_en") == "Your link to {{company.name}}"
    assert "as it is now" in page.text


@pytest.mark.feature("D17")
def test_where_a_language_is_missing_the_text_its_readers_get_is_shown(world, owner):
    owner.post(TEXT, data=typed(owner, email_subject_es="", email_body_es=""))

    text = owner.page(TEXT).text

    assert "Missing. Who reads Español gets English:" in text
    assert "Español missing" in owner.page(LIST).text


# The preview


def test_the_preview_shows_what_is_typed_and_keeps_nothing(world, owner):
    data = typed(owner, email_body_de="Neu: {{customer.first_name}}!", shown_language="de")

    answer = owner.post(f"{TEXT}/preview", data=data, headers={"HX-Request": "true"})
    letter = owner.post(f"{TEXT}/letter", data=data)

    assert "Neu: Olive!" in answer.text
    assert "<html" not in answer.text
    assert "Neu: Olive!" in letter.text
    assert world.enter().scalars(select(WorkflowDraft)).all() == []


def test_without_a_script_the_preview_is_a_page_with_what_was_typed(world, owner):
    answer = owner.post(f"{TEXT}/preview", data=typed(owner, email_subject_en="Only typed"))

    assert "<html" in answer.text
    assert Page(answer).form("Save draft").value("email_subject_en") == "Only typed"


def test_the_mail_is_shown_in_a_frame_that_can_do_nothing(world, owner):
    letter = owner.get(f"{TEXT}/letter")
    policy = letter.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "frame-ancestors 'self'" in policy
    assert re.search(r"<iframe[^>]* sandbox ", owner.get(TEXT).text)


def test_what_an_owner_types_is_text_in_the_mail(world, owner):
    attack = "<img src=x onerror=alert(1)>"

    letter = owner.post(
        f"{TEXT}/letter", data=typed(owner, email_body_en=attack, shown_language="en")
    )

    assert "<img" not in letter.text
    assert "&lt;img" in letter.text


def test_a_real_record_is_offered_and_shown(world, owner):
    request = world.hand_in()
    work.decline(world, request, "That is too far away.")
    data = typed(owner, shown_record=str(request.id), shown_language="en")

    answer = owner.post(f"{TEXT}/preview", data=data, headers={"HX-Request": "true"})

    assert "That is too far away." in answer.text
    assert f"{request.number} Carla Customer" in owner.page(TEXT).text


@pytest.mark.feature("C01")
def test_a_record_of_another_company_is_not_there(world, stranger, owner):
    stranger.enter()
    theirs = stranger.hand_in(description="Zebrafinch")
    stranger.session.commit()
    world.enter()
    data = typed(owner, shown_record=str(theirs.id))

    answer = owner.post(f"{TEXT}/preview", data=data, headers={"HX-Request": "true"})

    assert "This record is not there any more" in answer.text
    assert "Zebrafinch" not in answer.text + owner.get(TEXT).text
    assert owner.post(f"{TEXT}/letter", data=data).status_code == 422


def test_an_sms_is_shown_with_its_length(world, owner):
    data = typed(
        owner,
        sms_body_en="x" * 100 + " {{portal.link}}" + "y" * 20,
        shown_channel="sms",
        shown_language="en",
    )

    answer = owner.post(f"{TEXT}/preview", data=data, headers={"HX-Request": "true"})

    # As long as with a real link, though the one shown is short.
    assert "175 letters, 2 SMS" in answer.text


# A test of it


def test_a_test_is_promised_to_the_owner_through_the_outbox(world, owner):
    answer = owner.post(
        f"{TEXT}/test", data=typed(owner, email_subject_en="Tried", shown_language="en"),
        headers={"HX-Request": "true"},
    )  # fmt: skip

    assert "A test is on its way to you." in answer.text
    row = world.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert row.recipient == world.owner.ref
    assert row.payload["test"]["subject"] == "Tried"
    assert world.session.scalars(select(KeptMail)).all() == []


def test_tests_have_a_limit(world, owner, monkeypatch):
    monkeypatch.setattr(message_texts, "TESTS", parse("1/hour"))
    data = typed(owner, shown_language="en")

    first, second = (owner.post(f"{TEXT}/test", data=data).status_code for _ in range(2))

    assert (first, second) == (200, 429)


def test_no_test_is_promised_by_sms_where_none_can_go(world, owner):
    data = typed(owner, sms_body_en="Come", shown_channel="sms", shown_language="en")

    answer = owner.post(f"{TEXT}/test", data=data, headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "Text messages are not set up here" in answer.text


def test_a_test_of_wrong_words_says_what_is_wrong(world, owner):
    answer = owner.post(f"{TEXT}/test", data=typed(owner, email_body_en="{{nothing}}"))

    assert answer.status_code == 422
    assert "There is no placeholder" in answer.text


# In other words


@pytest.mark.parametrize("language", ["de", "es"])
def test_the_pages_speak_their_readers_language(world, owner, language):
    world.enter().get_one(Staff, world.owner.id).language = language
    world.session.commit()

    for address in (LIST, TEXT, SIGN_IN):
        text = owner.page(address).text
        for english in ("Message texts", "Preview", "Placeholders", ", to the customer", "shipped"):
            assert english not in text


def test_a_company_reads_its_own_name_and_no_codes(world, owner):
    world.enter().get_one(Company, world.company_id).name = "Acme <b>Plumbing</b>"
    world.session.commit()

    assert "<b>Plumbing" not in owner.get(TEXT).text
