"""The test mail server does what tests of delivery rely on."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.harness import mailboxes
from tests.harness.mailboxes import Mailbox


def send(box: Mailbox, subject: str = "Hello", timeout: float = 5.0) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", subject
    message.set_content("Grüße")
    with smtplib.SMTP(box.host, box.port, timeout=timeout) as client:
        client.send_message(message)


def test_a_message_is_kept_as_sent(mailbox):
    send(mailbox, "Guten Tag")

    [delivery] = mailbox.to("b@example.com")
    assert (delivery.subject, delivery.body().strip()) == ("Guten Tag", "Grüße")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (mailboxes.PUT_OFF, smtplib.SMTPDataError),
        (mailboxes.REFUSE, smtplib.SMTPDataError),
        (mailboxes.REFUSE_RECIPIENT, smtplib.SMTPRecipientsRefused),
        (mailboxes.PUT_OFF_RECIPIENT, smtplib.SMTPRecipientsRefused),
        (mailboxes.DROP, smtplib.SMTPServerDisconnected),
        (mailboxes.HANG, smtplib.SMTPServerDisconnected),
    ],
)
def test_a_planned_fault_meets_one_message_and_the_next_is_taken(mailbox, answer, error):
    mailbox.plan(answer)

    with pytest.raises(error):
        send(mailbox, timeout=0.3)
    send(mailbox, "Again")

    assert [each.subject for each in mailbox.deliveries] == ["Again"]
    assert mailbox.attempts == 2


def test_a_yes_that_nobody_hears_keeps_the_message(mailbox):
    mailbox.plan(mailboxes.ACCEPT_AND_DROP)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mailbox)

    assert len(mailbox.deliveries) == 1


def test_a_stopped_server_refuses_connections_until_it_is_back(mailbox):
    mailbox.stop()
    with pytest.raises(ConnectionRefusedError):
        send(mailbox)

    mailbox.start()
    send(mailbox)

    assert len(mailbox.deliveries) == 1
