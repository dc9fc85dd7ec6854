"""A message shown before it goes out, exactly as it would; and sent once, as a test."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app import outbox
from app.actor import Actor
from app.errors import N_, Conflict, Invalid, NotFound
from app.models import Company, OutboxMessage, Staff
from app.services import house_words, mail_page, message_examples, message_links
from app.services.addressees import Addressee, CannotBeTold
from app.services.house_texts import Place
from app.services.mail_page import Page
from app.services.message_about import About
from app.services.message_examples import Wanted
from app.services.message_layout import Words, lay_out
from app.services.message_lengths import Length, measure
from app.services.message_shelf import Shelf
from app.services.message_sources import Source, Text, find

TEST: Final = "[Test]"
NO_SMS: Final = N_("Text messages are not set up here, so no test can go out by one.")
_GONE: Final = N_("What this test was about is not there any more.")


@dataclass(frozen=True)
class Shown:
    """A message as it would go out; ``language`` is the one it is really in."""

    language: str
    subject: str
    html: str
    text: str
    length: Length | None  # of an SMS


def show(about: About, source: Source, channel: str, words: tuple[str, Text]) -> Shown:
    """Return one text as its reader would get it. Raises CannotBeTold."""
    language, text = words
    page = lay_out(about, _words(source, channel, language, text))
    if channel == "sms":
        short = mail_page.short(page)
        length = measure(message_links.as_long(about, short))
        return Shown(language, page.subject, "", short, length)
    html = mail_page.as_html(page, about.company, language)
    return Shown(language, page.subject, html, mail_page.as_text(page), None)


def chosen(
    source: Source, typed: Mapping[Place, Text], wanted: Wanted, company: Company
) -> tuple[str, Text]:
    """Return the language and text that a reader would get."""
    kept = {place: text for place, text in typed.items() if text.body}
    now = replace(source, texts=kept)
    return now.fallback(wanted.channel, wanted.language, company)


def send_test(
    session: Session, actor: Actor, source: Source, wanted: Wanted, words: tuple[str, Text],
    at: datetime,
) -> OutboxMessage:  # fmt: skip
    """Promise the signed-in owner a test of a text, by the channel wanted.

    Raises Conflict without a phone number to send it to.
    """
    staff = session.get_one(Staff, actor.id)
    if wanted.channel == "sms" and not staff.phone:
        raise Conflict(N_("There is no phone number on your record to send it to."))
    language, text = words
    promise = outbox.Promise(
        key=f"test-{actor.id}-{at.isoformat()}",
        topic="message",
        payload={
            "message": source.key,
            "test": {
                "where": source.where, "language": language, "record": wanted.record,
                "subject": text.subject, "body": text.body, "button": text.button,
            },
        },
        recipient=actor.ref,
        channel=wanted.channel,
    )  # fmt: skip
    return outbox.post(session, promise, at=at)


def is_test(row: OutboxMessage) -> bool:
    """Return True for a promise of a test."""
    return "test" in row.payload


def lay_out_test(
    session: Session, row: OutboxMessage, company: Company, person: Addressee, shelf: Shelf
) -> tuple[About, Page]:
    """Return a promised test as it is sent. Raises CannotBeTold."""
    test: dict[str, Any] = row.payload["test"]
    _, _, id_ = (row.recipient or "").partition(":")
    reader = Actor("staff", int(id_), company.id, "owner", person.name, email=person.email)
    wanted = Wanted(row.channel, test["language"], test["record"])
    try:
        source = find(session, reader, test["where"], row.payload["message"])
        about = message_examples.about(session, source, wanted, company, reader, row.created_at)
    except (Invalid, NotFound) as error:
        raise CannotBeTold(_GONE) from error
    text = Text(test["subject"], test["body"], test["button"])
    page = lay_out(about, _words(source, row.channel, test["language"], text))
    marked = f"{TEST} {page.subject}"
    if row.channel == "sms":
        page = replace(page, body=f"{TEST} {page.body}")
    return replace(about, row=row, person=person), replace(page, subject=marked)


def _words(source: Source, channel: str, language: str, text: Text) -> Words:
    if not source.is_house:
        mail = source.text("email", language)
        return Words(text.subject or (mail.subject if mail else ""), text.body, language)
    found = house_words.message(source.key, language)
    if found is None:
        return Words(text.subject, text.body, language)
    house = replace(
        found[0], subject=text.subject or found[0].subject, body=text.body,
        button=text.button or found[0].button,
    )  # fmt: skip
    return Words(house.subject, house.body, language, house)
