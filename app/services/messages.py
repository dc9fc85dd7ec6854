"""Messages written: from a promise in the outbox to a letter somebody can read."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import site
from app.errors import N_
from app.letters import Letter, TextMessage
from app.models import Company, KeptMail, OutboxMessage
from app.services import addressees, house_words, links, mail_page, message_links
from app.services.addressees import Addressee, CannotBeTold
from app.services.delivery import Said
from app.services.house_words import HouseMessage, Tongue
from app.services.mail_page import Page
from app.services.message_about import About
from app.services.message_details import details_of
from app.services.message_links import Link
from app.services.message_shelf import Shelf
from app.services.message_values import MARKS, Values
from workflows import versions
from workflows.placeholders import render

SUBJECT_LENGTH: Final = 180
SECRET_CHANGED: Final = N_("The link in it can't be made any more. Send a fresh one.")


@dataclass(frozen=True)
class Written:
    """A message ready to go, and what is kept of it for staff to look up."""

    paper: Letter | TextMessage
    said: Said


@dataclass(frozen=True)
class Unwritten:
    """A message that will reach nobody, and why."""

    reason: str


@dataclass(frozen=True)
class _Words:
    """The text chosen for one reader: subject and body still hold placeholders."""

    subject: str
    body: str
    language: str
    house: HouseMessage | None = None


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
        channel = addressees.channel_of(person, sms_works=sms_works)
        for words in _choices(session, row, company, person, channel):
            tongue = Tongue(words.language, company.timezone)
            about = About(session, row, company, person, tongue, shelf)
            page = _laid_out(about, words)
            if page.subject and page.body:
                return (_text if channel == "sms" else _letter)(about, page)
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


def _letter(about: About, page: Page) -> Written:
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
    return Written(paper, Said("email", to, language, page.subject, kept))


def _text(about: About, page: Page) -> Written:
    number = addressees.dialled(about.person.phone, about.company)
    paper = TextMessage(number, mail_page.short(page))
    said = Said("sms", number, about.tongue.language, page.subject, paper.text)
    return Written(paper, said)


def _choices(
    session: Session, row: OutboxMessage, company: Company, person: Addressee, channel: str
) -> Iterator[_Words]:
    """Yield words for a reader, the best first: theirs, the company's, English, ours.

    Source: D17. Ours come last, and in English where a definition had words of its own.
    """
    key = row.payload.get("message", "")
    own = _own_words(session, row, key, channel)
    for language in (person.language, company.language, house_words.FALLBACK):
        if language in own:
            yield _Words(*own[language], language)
    wanted = house_words.FALLBACK if own else person.language
    for name in (key, house_words.NEWS):
        found = house_words.message(name, wanted)
        if found is not None:
            house, language = found
            yield _Words(house.subject, house.body, language, house)


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
    say = "{{company.name}}: "
    return {name: (subject, say + subject) for name, (subject, _) in mails.items()}


def _laid_out(about: About, words: _Words) -> Page:
    values = Values(about)
    house = words.house
    body, button = _button(values, render(words.body, values).strip(), house)
    return Page(
        subject=_one_line(render(words.subject, values)),
        body=body,
        values=values,
        button=button,
        code=_code(about, house),
        details=details_of(about),
        notes=[render(note, values) for note in house.notes] if house else [],
        footer=_footer(about),
    )


def _button(values: Values, body: str, house: HouseMessage | None) -> tuple[str, Link | None]:
    """Return the body and its main link: the one it ends in, else the usual page's."""
    about = values.about
    if about.way_in is not None:
        try:
            return body, message_links.way_in(about, house.button if house else "")
        except links.SecretChanged as error:
            raise CannotBeTold(SECRET_CHANGED) from error
    last = values.link_at(body[-1]) if body else None
    if last is not None and not last.is_action:
        return body[:-1].rstrip(), last
    if any(values.link_at(letter) for letter in body):
        return body, None
    return body, message_links.usual(about)


def _code(about: About, house: HouseMessage | None) -> tuple[str, str] | None:
    digits = links.code_of(about.way_in) if about.way_in else None
    return (house.code, digits) if digits and house and house.code else None


def _footer(about: About) -> list[str]:
    company = about.company
    reach = " · ".join(part for part in (company.phone, company.email) if part)
    why = about.tongue.word("why_staff" if about.person.is_staff else "why_customer")
    return [line for line in (company.name, reach, why % company.name) if line]


def _one_line(subject: str) -> str:
    """Return a subject that stays in its line, whatever people typed into what it quotes."""
    return " ".join(MARKS.sub("", subject).split())[:SUBJECT_LENGTH]
