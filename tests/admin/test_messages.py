"""The list of messages: what gave up stands on top, with its reason and a way to try again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, outbox
from app.models import OutboxMessage
from app.services import slots
from app.tenancy import all_companies
from tests.harness.pages import Page

REASON = "The mailbox does not exist.\n550 5.1.1 no such user"


def make_mail(world, subject, *, gave_up=False, sent=False, **fields) -> OutboxMessage:
    key = f"{subject}-{fields}"[:64]
    promise = outbox.Promise(
        key=key, topic="message", payload={}, recipient=f"customer:{world.customer.id}",
        subject="customer", subject_id=world.customer.id,
    )  # fmt: skip
    row = outbox.post(world.enter(), promise, at=clock.now())
    row.sent_subject, row.sent_language, row.sent_text = subject, "de", f"Text of {subject}"
    if gave_up:
        row.gave_up_at, row.reason, row.attempts = clock.now(), REASON, 3
    if sent:
        row.sent_at = clock.now()
    for name, value in fields.items():
        setattr(row, name, value)
    world.session.flush()
    return row


def test_what_gave_up_comes_first_with_its_reason_in_words(world, dispatcher):
    make_mail(world, "Old failure", gave_up=True)
    make_mail(world, "Newer success", sent=True)

    page = dispatcher.page("/admin/messages/")

    assert page.text.index("Old failure") < page.text.index("Newer success")
    assert "The mailbox does not exist." in page.text
    assert "550 5.1.1 no such user" in page.text
    assert "Mail, Deutsch" in page.text
    assert page.link("Customer") == f"/admin/customers/{world.customer.id}"


def test_retry_sends_it_again(world, dispatcher):
    row = make_mail(world, "Failure", gave_up=True)

    answer = dispatcher.submit(dispatcher.page("/admin/messages/"), "Retry , Carla Customer")

    assert answer.location == "/admin/messages/"
    assert (row.gave_up_at, row.attempts) == (None, 0)
    assert row.due_at <= clock.now()
    assert "It is on its way again." in dispatcher.page("/admin/messages/").text


def test_what_has_gone_out_can_not_be_sent_again(world, dispatcher):
    row = make_mail(world, "Success", sent=True)
    csrf = dispatcher.page("/admin/me/").form("Save").value("csrf_token")

    answer = dispatcher.post(f"/admin/messages/{row.id}/retry", data={"csrf_token": csrf})

    assert answer.status_code == 409
    assert "This message has gone out already." in Page(answer).text


def test_a_message_shows_what_was_said(world, dispatcher):
    row = make_mail(world, "Your request", sent=True, sent_to="carla@customer.example")

    page = dispatcher.page(f"/admin/messages/{row.id}")

    assert "Text of Your request" in page.text
    assert "carla@customer.example" in page.text
    assert not page.has_button("Retry")


@pytest.mark.parametrize(
    ("status", "shown"),
    [("gave_up", "Failure"), ("retrying", "Again"), ("all", "Success")],
)
def test_messages_are_filtered_by_status(world, dispatcher, status, shown):
    make_mail(world, "Failure", gave_up=True)
    make_mail(world, "Again", attempts=2)
    make_mail(world, "Success", sent=True)

    text = dispatcher.page(f"/admin/messages/?status={status}").text

    assert shown in text
    if status != "all":
        assert "Success" not in text


def test_the_menu_counts_what_gave_up(world, dispatcher):
    make_mail(world, "Failure", gave_up=True)
    make_mail(world, "Success", sent=True)

    assert dispatcher.page("/admin/").link("Messages 1 waiting") == "/admin/messages/"


def test_the_list_goes_on_page_by_page(world, dispatcher):
    for number in range(55):
        make_mail(world, f"Mail {number:02d}.", sent=True)

    first = dispatcher.page("/admin/messages/")

    assert "Mail 54." in first.text
    assert "Mail 02." not in first.text
    assert "Mail 02." in dispatcher.page(first.link("Show more")).text


@pytest.mark.feature(105)
def test_an_open_page_learns_that_messages_are_late_and_why(world, dispatcher):
    for promised in world.enter().scalars(select(OutboxMessage)):  # the invitation of long ago
        world.session.delete(promised)
    before = dispatcher.get("/admin/requests/waiting-count")
    with all_companies(world.session):
        until = clock.now() + timedelta(minutes=1)
        slots.pause(world.session, "email", "Refused.\n535 no", until=until)
    world.enter()

    after = dispatcher.get(
        "/admin/requests/waiting-count", headers={"If-None-Match": before.headers["ETag"]}
    )

    assert before.json["late"] is None
    assert after.json["late"] == "Notifications are delayed. Refused."
    assert "Notifications are delayed. Refused." in dispatcher.page("/admin/messages/").text
