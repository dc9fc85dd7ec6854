"""The line to a mail server: what arrives, and what each kind of trouble becomes."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.errors import GatewayError
from app.gateways import mail
from app.gateways.mail import MailLine, MailServer
from app.letters import Letter
from tests.gateways.odd_server import OddServer, odd_server
from tests.harness.mailboxes import Mailbox
from tests.harness.servers import free_port

LETTER = Letter(
    message_id="<abc@callout.example>",
    at=datetime(2030, 1, 2, 8, tzinfo=UTC),
    sender_name="Müller, Söhne & Co",
    to="carla@customer.example",
    subject="Bestätigt: Größe",
    text="Guten Tag\n\nZeile zwei",
    html="<p>Guten Tag</p>",
    language="de",
    reply_to="office@navigator.example",
)


_opened: list[MailLine] = []


@pytest.fixture(autouse=True)
def _context():
    with Flask(__name__).app_context():
        yield
        while _opened:
            _opened.pop().close()


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    monkeypatch.setattr(mail, "ANSWER_S", 0.5)
    monkeypatch.setattr(mail, "LETTER_S", 1.0)
    monkeypatch.setattr(mail, "GOODBYE_S", 0.2)


def line_to(server: Mailbox | OddServer, **rest: Any) -> MailLine:
    _opened.append(MailLine(MailServer("127.0.0.1", server.port, "us@callout.example", **rest)))
    return _opened[-1]


def refusal_of(server: Mailbox | OddServer, letter: Letter = LETTER, **rest: Any):
    line = line_to(server, **rest)
    with pytest.raises(GatewayError) as caught:
        line.send(letter)
    return caught.value


def test_a_letter_arrives_as_text_and_html_from_the_company(mailbox):
    line_to(mailbox).send(LETTER)

    [taken] = mailbox.deliveries
    assert taken.body().splitlines() == ["Guten Tag", "", "Zeile zwei"]
    assert taken.body("html").strip() == "<p>Guten Tag</p>"
    [sender] = taken.message["From"].addresses
    assert sender.display_name == "Müller, Söhne & Co"
    assert sender.addr_spec == "us@callout.example"
    assert taken.subject == "Bestätigt: Größe"


def test_its_headers_say_what_it_is(mailbox):
    line_to(mailbox).send(LETTER)

    message = mailbox.deliveries[0].message
    assert message["Reply-To"] == "office@navigator.example"
    assert message["Message-ID"] == "<abc@callout.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "de"
    assert message["Date"].datetime == LETTER.at


def test_the_same_letter_twice_is_the_same_bytes():
    with odd_server() as server:
        line_to(server).send(LETTER)
        time.sleep(1.1)
        line_to(server).send(LETTER)

    assert server.messages[0] == server.messages[1]


def test_a_batch_goes_over_one_connection():
    with odd_server() as server:
        line = line_to(server)
        for _ in range(10):
            line.send(LETTER)
        line.close()

    assert (len(server.messages), server.connections) == (10, 1)


def test_a_long_batch_changes_the_connection_before_the_server_does(monkeypatch):
    monkeypatch.setattr(mail, "LETTERS_A_CONNECTION", 3)
    with odd_server() as server:
        line = line_to(server)
        for _ in range(7):
            line.send(LETTER)

    assert (len(server.messages), server.connections) == (7, 3)


@pytest.mark.parametrize("part", ["subject", "sender_name", "reply_to", "to"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_no_header_can_be_smuggled_in(part, end):
    changed: dict[str, Any] = {part: f"a@b.example{end}Bcc: x@y.example"}
    with odd_server() as server:
        refusal = refusal_of(server, replace(LETTER, **changed))

    assert refusal.permanent
    assert server.messages == []


def test_an_address_outside_ascii_is_refused_before_anybody_is_asked():
    with odd_server() as server:
        refusal = refusal_of(server, replace(LETTER, to="жук@customer.example"))

    assert (refusal.reason, refusal.permanent) == (mail.UNWRITABLE, True)


def test_a_domain_outside_ascii_is_written_the_old_way(mailbox):
    line_to(mailbox).send(replace(LETTER, to="carla@bücher.example"))

    assert mailbox.to("carla@xn--bcher-kva.example")


def test_a_refused_connection_is_tried_again_later():
    line = MailLine(MailServer("127.0.0.1", free_port(), "us@callout.example"))

    with pytest.raises(GatewayError) as caught:
        line.send(LETTER)

    assert (caught.value.down, caught.value.permanent) == (True, False)


def test_a_name_nobody_resolves_is_tried_again_later():
    line = MailLine(MailServer("nowhere.invalid", 25, "us@callout.example"))

    with pytest.raises(GatewayError) as caught:
        line.send(LETTER)

    assert (caught.value.down, caught.value.permanent) == (True, False)


@pytest.mark.parametrize("stage", ["BANNER", "EHLO", "MAIL", "RCPT", "DATA", "end"])
def test_silence_at_any_stage_ends_after_the_timeout(stage):
    with odd_server(**{stage: ""}) as server:
        begun = time.monotonic()
        refusal = refusal_of(server)

    assert (refusal.reason, refusal.down) == (mail.SILENT, True)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("stage", ["BANNER", "EHLO", "MAIL", "RCPT", "DATA", "end"])
def test_a_dropped_connection_is_tried_again_later(stage):
    with odd_server(**{stage: "DROP"}) as server:
        refusal = refusal_of(server)

    assert (refusal.down, refusal.permanent) == (True, False)


def test_a_server_that_answers_one_byte_at_a_time_is_cut_off():
    with odd_server(drip_s=0.15) as server:
        begun = time.monotonic()
        refusal = refusal_of(server)

    assert refusal.down
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("stage", "answer", "flags"),
    [
        ("BANNER", "421 too busy", "down"),
        ("BANNER", "554 go away", "down"),
        ("MAIL", "421 closing", "down"),
        ("MAIL", "451 later", ""),
        ("MAIL", "550 not your address", "ours"),
        ("MAIL", "530 sign in first", "ours"),
        ("MAIL", "552 too large", "permanent"),
        ("RCPT", "450 later", ""),
        ("RCPT", "421 closing", "down"),
        ("RCPT", "550 5.1.1 no such person", "permanent"),
        ("RCPT", "535 sign in", "ours"),
        ("end", "451 later", ""),
        ("end", "552 mailbox full", "permanent"),
        ("end", "554 spam", "permanent"),
        ("end", "535 sign in", "ours"),
    ],
)
def test_each_answer_has_its_consequence(stage, answer, flags):
    with odd_server(**{stage: answer}) as server:
        refusal = refusal_of(server)

    said = {name for name in ("permanent", "ours", "down") if getattr(refusal, name)}
    assert said == set(flags.split())
    assert answer in refusal.detail


def test_our_credentials_refused_is_our_own_fault():
    with odd_server(AUTH="535 5.7.8 bad credentials") as server:
        refusal = refusal_of(server, username="us", password="secret")

    assert (refusal.reason, refusal.ours) == (mail.LOCKED_OUT, True)
    assert "secret" not in refusal.detail


def test_a_server_without_the_encryption_we_were_told_of_gets_no_password():
    with odd_server() as server:
        refusal = refusal_of(server, username="us", password="secret", use_tls=True)

    assert (refusal.reason, refusal.ours) == (mail.NOT_OFFERED, True)


def test_after_a_refused_address_the_line_still_works():
    with odd_server(RCPT="550 no such person") as server:
        line = line_to(server)
        with pytest.raises(GatewayError):
            line.send(LETTER)
        server.says.clear()

        line.send(LETTER)

    assert (len(server.messages), server.connections) == (1, 1)


def test_after_a_dropped_connection_the_line_opens_another():
    with odd_server(end="DROP") as server:
        line = line_to(server)
        with pytest.raises(GatewayError):
            line.send(LETTER)
        server.says.clear()

        line.send(LETTER)

    assert (len(server.messages), server.connections) == (1, 2)


def test_a_server_that_does_not_say_goodbye_keeps_nobody():
    with odd_server(QUIT="") as server:
        line = line_to(server)
        line.send(LETTER)
        begun = time.monotonic()
        line.close()

    assert time.monotonic() - begun < 1


def test_no_password_is_in_what_is_logged():
    assert "secret" not in repr(MailServer("h", 25, "s", "user", "secret"))
