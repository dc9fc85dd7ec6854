"""The messages an owner may word: a workflow's own in its draft, and the house messages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from app import languages
from app.actor import Actor
from app.errors import NotFound
from app.models import Company
from app.services import house_texts, house_words, workflow_drafts
from app.services.house_texts import Place, Texts
from workflows import versions
from workflows.schema import Definition
from workflows.schema.base import MessageKey
from workflows.verifier.messages import Sending, may_say, sendings

HOUSE: Final = "house"
# A message without an SMS says its mail's subject, after who it comes from.
BRIEFLY: Final = "{{company.name}}: "
_FOR_STAFF: Final = ("portal.signed_up",)
_KEY: Final = TypeAdapter(MessageKey)


@dataclass(frozen=True)
class Text:
    """One message in one language on one channel; a button only where the house has one."""

    subject: str = ""
    body: str = ""
    button: str = ""


@dataclass(frozen=True)
class Source:
    """One message with all its texts, as they stand while they are worked on."""

    where: str  # the key of a workflow, or HOUSE
    key: str
    codes: tuple[str, ...]  # languages a text may be in
    needed: tuple[str, ...]  # languages that must not be missing
    texts: Mapping[Place, Text]
    known: frozenset[str]  # placeholders
    edition: int = 0
    ours: Mapping[Place, Text] = field(default_factory=dict)
    definition: Definition | None = None

    @property
    def is_house(self) -> bool:
        """Return True for one of the house messages."""
        return self.where == HOUSE

    @property
    def has_button(self) -> bool:
        """Return True where the button's words are the owner's to choose."""
        return any(text.button for text in self.ours.values())

    @property
    def subject(self) -> str:
        """Return the kind of record the message is about: request, customer, staff, …"""
        if self.definition is not None:
            return self.definition.subject
        return "request" if self.key == house_words.NEWS else self.key.partition(".")[0]

    @property
    def is_for_staff(self) -> bool:
        """Return True when nobody but staff reads it."""
        if self.definition is None:
            return self.key.startswith("staff.") or self.key in _FOR_STAFF
        to = {name for one in self.sendings() for name in one.params.to}
        return bool(to) and "customer" not in to

    def sendings(self) -> list[Sending]:
        """Return the places that send it."""
        found = sendings(self.definition) if self.definition else ()
        return [one for one in found if one.params.message == self.key]

    def text(self, channel: str, language: str) -> Text | None:
        """Return the text in force in a language, None where it is missing."""
        return self.texts.get((channel, language)) or self.ours.get((channel, language))

    def fallback(self, channel: str, language: str, company: Company) -> tuple[str, Text]:
        """Return what a reader of a language gets, and in which language. Source: D17."""
        for code in (language, company.language, house_words.FALLBACK):
            found = self.text(channel, code) or self._from_mail(channel, code)
            if found is not None:
                return code, found
        news = house_words.message(house_words.NEWS, house_words.FALLBACK)
        return house_words.FALLBACK, Text(news[0].subject, news[0].body) if news else Text()

    def _from_mail(self, channel: str, code: str) -> Text | None:
        """Return the SMS made of a mail, where a message has none of its own."""
        mail = self.text("email", code)
        if channel != "sms" or mail is None:
            return None
        if self.is_house:
            return Text(body=mail.body)
        has_sms = any(place[0] == "sms" for place in self.texts)
        return None if has_sms else Text(body=BRIEFLY + mail.subject)


def find(session: Session, actor: Actor, where: str, key: str) -> Source:
    """Return one message; one that a draft does not have yet is blank.

    Raises Forbidden, NotFound.
    """
    house_texts.check_owner(actor)
    if where == HOUSE:
        return of_house(key, house_texts.newest(session))
    try:
        _KEY.validate_python(key)
    except ValidationError as error:
        raise NotFound("message", key) from error
    definition, edition = working_definition(session, actor, where)
    return of_definition(definition, where, key, edition)


def working_definition(session: Session, actor: Actor, where: str) -> tuple[Definition, int]:
    """Return a workflow as its draft has it, else as published; and the draft's edition."""
    draft = workflow_drafts.get(session, actor, where)
    found = draft.read().definition
    if found is None:
        company = session.get_one(Company, actor.company_id)
        found = versions.current(session, company, where)
    return found, draft.edition


def texts_of(definition: Definition, key: str) -> dict[Place, Text]:
    """Return a definition's texts of one message."""
    return dict(_texts(definition, key))


def of_definition(definition: Definition, where: str, key: str, edition: int) -> Source:
    """Return a message of a definition."""
    more = (code for code in languages.SHIPPED if code not in definition.languages)
    return Source(
        where=where,
        key=key,
        codes=(*definition.languages, *more),
        needed=definition.languages,
        texts=texts_of(definition, key),
        known=may_say(definition, key),
        edition=edition,
        definition=definition,
    )


def of_house(key: str, own: Texts) -> Source:
    """Return one of the house messages, as the owner worded it. Raises NotFound."""
    if key not in house_texts.names():
        raise NotFound("message", key)
    ours = {code: house_words.message(key, code) for code in languages.SHIPPED}
    texts: dict[Place, Text] = {}
    for code, found in ours.items():
        if found is None:
            continue
        mine = house_texts.with_own(own, key, "email", found)
        if mine is not None:
            texts[("email", code)] = Text(mine.subject, mine.body, mine.button)
        sms = own.get((key, "sms", code))
        if sms is not None and sms.body is not None:
            texts[("sms", code)] = Text(body=sms.body)
    return Source(
        where=HOUSE,
        key=key,
        codes=tuple(languages.SHIPPED),
        needed=tuple(languages.SHIPPED),
        texts=texts,
        known=house_texts.allowed(key),
        ours={
            ("email", code): Text(found[0].subject, found[0].body, found[0].button)
            for code, found in ours.items()
            if found is not None
        },
    )


def _texts(definition: Definition, key: str) -> Iterator[tuple[Place, Text]]:
    message = definition.messages.get(key)
    if message is None:
        return
    for code, mail in message.email.items():
        yield ("email", code), Text(mail.subject, mail.body)
    for code, sms in message.sms.items():
        yield ("sms", code), Text(body=sms.body)
