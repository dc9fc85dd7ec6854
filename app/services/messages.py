"""Messages written: from a promise in the outbox to a letter somebody can read."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import site
from app.letters import Letter, TextMessage
from app.models import Company, KeptMail, OutboxMessage
from app.services import addressees, house_texts, house_words, mail_page, message_previews
from app.services.addressees import Addressee, CannotBeTold
from app.services.delivery import Said
from app.services.house_words import Tongue
from app.services.mail_page import Page
from app.services.message_about import About
from app.services.message_layout import Words, lay_out
from app.services.message_shelf import Shelf
from app.services.message_sources import BRIEFLY
from workflows import versions


@dataclass(frozen=True)
class Written:
    """A message ready to go, and what is kept of it for staff to look up."""

    paper: Letter | TextMessage
    said: Said


@dataclass(frozen=True)
class Unwritten:
    """A message that will reach nobody, and why."""

    reason: str


def write(
    session: Session, row: OutboxMessage, *, sms_works: bool, shelf: Shelf | None = None
) -> Written | Unwritten:
    """Return a promised message in its reader's language, or why it can't be written.

    ``shelf`` holds what a whole batch speaks of.
    """
    shelf = shelf or Shelf(session, [row])
    try:
        company = session.get_one(Company, row.company_id)
        person = addressees.find(session, row, company)
        if message_previews.is_test(row):
            if row.channel == "sms" and not sms_works:
                return Unwritten(message_previews.NO_SMS)
            tried, page = message_previews.lay_out_test(session, row, company, person, shelf)
            return (text if row.channel == "sms" else letter)(tried, page)
        channel = addressees.channel_of(person, sms_works=sms_works)
        for words in _choices(shelf, row, company, person, channel):
            tongue = Tongue(words.language, company.timezone)
            about = About(session, row, company, person, tongue, shelf)
            page = lay_out(about, words)
            if page.subject and page.body:
                return (text if channel == "sms" else letter)(about, page, words.note)
    except CannotBeTold as refusal:
        return Unwritten(refusal.message)
    raise LookupError("our own words are incomplete")


def keep(session: Session, letter: Letter) -> None:
    """Store a letter instead of sending it; the same one twice is there once."""
    known = select(KeptMail.id).where(KeptMail.message_id == letter.message_id)
    if session.scalar(known) is None:
        session.add(
            KeptMail(
                message_id=letter.message_id,
                at=letter.at,
                sender=letter.sender_name,
                to=letter.to,
                reply_to=letter.reply_to,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
            )
        )


def message_id(row: OutboxMessage) -> str:
    """Return the Message-ID of a promise: every copy that goes out has the same."""
    host = urlsplit(site.current().public_url).hostname or "localhost"
    digest = hashlib.sha256(f"{row.company_id}.{row.key}".encode()).hexdigest()
    return f"<{digest[:40]}@{host}>"


def letter(about: About, page: Page, note: str | None = None) -> Written:
    """Return a message as a mail."""
    company, language = about.company, about.tongue.language
    to = about.way_in.sent_to if about.way_in else about.person.email or ""
    paper = Letter(
        message_id=message_id(about.row),
        at=about.row.created_at,
        sender_name=" ".join((company.sender_name or company.name).split()),
        to=to,
        subject=page.subject,
        text=mail_page.as_text(page),
        html=mail_page.as_html(page, company, language),
        language=language,
        reply_to=company.reply_to or company.email,
    )
    kept = mail_page.as_text(page, hide=True)
    return Written(paper, Said("email", to, language, page.subject, kept, note))


def text(about: About, page: Page, note: str | None = None) -> Written:
    """Return a message as a text for a phone. Raises CannotBeTold."""
    number = addressees.dialled(about.person.phone, about.company)
    paper = TextMessage(number, mail_page.short(page))
    said = Said("sms", number, about.tongue.language, page.subject, paper.text, note)
    return Written(paper, said)


def _choices(
    shelf: Shelf, row: OutboxMessage, company: Company, person: Addressee, channel: str
) -> Iterator[Words]:
    """Yield words for a reader, the best first: theirs, the company's, English, ours.

    Source: D17. Ours come last, and in English where a definition had words of its own.
    """
    key = row.payload.get("message", "")
    own = _own_words(shelf.session, row, key, channel)
    wanted = (person.language, company.language, house_words.FALLBACK)
    for language in wanted:
        if language in own:
            yield Words(*own[language], language)
    spoken = (house_words.FALLBACK,) if own else wanted
    for name in (key, house_words.NEWS):
        for house, language, note in house_texts.choices(shelf.house_texts, name, channel, spoken):
            yield Words(house.subject, house.body, language, house, note)


def _own_words(
    session: Session, row: OutboxMessage, key: str, channel: str
) -> dict[str, tuple[str, str]]:
    """Return subject and body by language, as the record's own definition has them."""
    version_id = row.payload.get("version_id")
    message = versions.load(session, version_id).messages.get(key) if version_id else None
    if message is None:
        return {}
    mails = {name: (text.subject, text.body) for name, text in message.email.items()}
    if channel == "email":
        return mails
    if message.sms:
        # A text has no subject; its mail's stands in the list of messages.
        return {name: (mails.get(name, (key,))[0], each.body) for name, each in message.sms.items()}
    return {name: (subject, BRIEFLY + subject) for name, (subject, _) in mails.items()}
