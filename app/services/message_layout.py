"""A message's words laid out for one reader: subject, body, button, particulars, footer."""

from dataclasses import dataclass
from typing import Final

from app.errors import N_
from app.services import links, message_links
from app.services.addressees import CannotBeTold
from app.services.house_words import HouseMessage
from app.services.mail_page import Page
from app.services.message_about import About
from app.services.message_details import details_of
from app.services.message_links import Link
from app.services.message_values import MARKS, Values
from workflows.placeholders import render

SUBJECT_LENGTH: Final = 180
SECRET_CHANGED: Final = N_("The link in it can't be made any more. Send a fresh one.")


@dataclass(frozen=True)
class Words:
    """The text chosen for one reader: subject and body still hold placeholders.

    ``note`` says what staff should know about the choice, a msgid.
    """

    subject: str
    body: str
    language: str
    house: HouseMessage | None = None
    note: str | None = None


def lay_out(about: About, words: Words) -> Page:
    """Return the message as its reader gets it. Raises CannotBeTold."""
    values = Values(about)
    house = words.house
    body, button = _button(values, render(MARKS.sub("", words.body), values).strip(), house)
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
    digits = message_links.code(about)
    return (house.code, digits) if digits and house and house.code else None


def _footer(about: About) -> list[str]:
    company = about.company
    reach = " · ".join(part for part in (company.phone, company.email) if part)
    why = about.tongue.word("why_staff" if about.person.is_staff else "why_customer")
    return [line for line in (company.name, reach, why % company.name) if line]


def _one_line(subject: str) -> str:
    """Return a subject that stays in its line, whatever people typed into what it quotes."""
    return " ".join(MARKS.sub("", subject).split())[:SUBJECT_LENGTH]
