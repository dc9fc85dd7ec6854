"""Owners' own words in place of ours for the house messages, every version of them kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app import languages
from app.actor import Actor
from app.errors import N_, Forbidden, NotFound
from app.models import MessageText
from app.services import house_words
from app.services.house_words import HouseMessage
from workflows import placeholders

# A button's words are kept like a channel's: they change, and go back, by themselves.
CHANNELS: Final = ("email", "button", "sms")
UNSOUND: Final = N_("Your own words for this message could not be used, so ours went out.")
_EVERYWHERE: Final = frozenset(
    {"company.name", "company.email", "company.phone", "person.first_name", "person.name"}
)
_ALSO: Final = {"news": frozenset({"record.number", "portal.link"})}
_LETS_IN: Final = frozenset({"access.until"})


@dataclass(frozen=True)
class Own:
    """An owner's words on one channel in one language; no body: back to ours."""

    body: str | None
    subject: str | None = None


Place = tuple[str, str]  # channel and language
Texts = Mapping[tuple[str, str, str], Own]  # by message, channel and language


@dataclass(frozen=True)
class Edition:
    """What one person saved at one moment, with what stood there before."""

    at: datetime
    author: str
    texts: Mapping[Place, Own]
    before: Mapping[Place, Own]


def names() -> list[str]:
    """Return the house messages, as the file orders them."""
    return house_words.message_keys()


def allowed(key: str) -> frozenset[str]:
    """Return the placeholders a house message may hold."""
    texts = house_words.message(key, house_words.FALLBACK)
    lets_in = bool(texts and texts[0].button)
    return _EVERYWHERE | _ALSO.get(key, frozenset()) | (_LETS_IN if lets_in else frozenset())


def newest(session: Session) -> Texts:
    """Return the words in force of the company in scope, in one statement."""
    older = aliased(MessageText)
    last = (
        select(func.max(older.number))
        .where(older.company_id == MessageText.company_id, older.key == MessageText.key)
        .where(older.channel == MessageText.channel, older.language == MessageText.language)
        .scalar_subquery()
        .correlate(MessageText)
    )
    rows = session.scalars(select(MessageText).where(MessageText.number == last))
    return {(row.key, row.channel, row.language): Own(row.body, row.subject) for row in rows}


def choices(
    texts: Texts, key: str, channel: str, wanted: Sequence[str]
) -> Iterator[tuple[HouseMessage, str, str | None]]:
    """Yield a message for a reader, the best first: words, language, what to note about it.

    In each language an owner's words come before ours. Source: D17.
    """
    note = None
    for language in dict.fromkeys(wanted):
        found = house_words.message(key, language)
        if found is None or found[1] != language:
            continue
        own = with_own(texts, key, channel, found)
        if own is not None and own != found[0]:
            if is_sound(key, own):
                yield own, language, None
            else:
                note = UNSOUND
        yield found[0], language, note


def with_own(
    texts: Texts, key: str, channel: str, ours: tuple[HouseMessage, str]
) -> HouseMessage | None:
    """Return a message as the owner worded it, on one channel; None where it is all ours."""
    message, language = ours
    mail, button = (texts.get((key, name, language)) for name in ("email", "button"))
    sms = texts.get((key, "sms", language)) if channel == "sms" else None
    if mail and mail.body is not None:
        message = replace(message, subject=mail.subject or message.subject, body=mail.body)
    if button and button.body is not None:
        message = replace(message, button=button.body)
    if sms and sms.body is not None:
        message = replace(message, body=sms.body)
    return None if message is ours[0] else message


def is_sound(key: str, message: HouseMessage) -> bool:
    """Return True for words that say something, with no placeholder we don't know."""
    known = allowed(key)
    parts = (message.subject, message.body, message.button)
    return bool(message.subject.strip() and message.body.strip()) and not any(
        placeholders.faults(part, known) for part in parts
    )


def save(
    session: Session, actor: Actor, key: str, texts: Mapping[Place, Own], *, at: datetime
) -> int:
    """Keep what changed as new versions; return how many. Raises Forbidden, NotFound."""
    check_owner(actor)
    if key not in names():
        raise NotFound("message", key)
    now = newest(session)
    changed = 0
    for (channel, language), own in texts.items():
        if channel not in CHANNELS or language not in languages.SHIPPED:
            raise NotFound("message", key)
        if own == now.get((key, channel, language), Own(None)):
            continue
        row = MessageText(
            key=key, channel=channel, language=language, author=actor.name, created_at=at,
            number=_next_number(session, key, channel, language),
            subject=own.subject, body=own.body,
        )  # fmt: skip
        session.add(row)
        changed += 1
    session.flush()  # so that whoever reads next finds them
    return changed


def history(session: Session, actor: Actor, key: str) -> list[Edition]:
    """Return every saved version of a message, the newest first. Raises Forbidden."""
    check_owner(actor)
    statement = select(MessageText).where(MessageText.key == key).order_by(MessageText.id)
    found: list[Edition] = []
    state: dict[Place, Own] = {}
    for row in session.scalars(statement):
        place, own = (row.channel, row.language), Own(row.body, row.subject)
        if found and (found[-1].at, found[-1].author) == (row.created_at, row.author):
            last = found.pop()
        else:
            last = Edition(row.created_at, row.author, {}, {})
        before = {**last.before, place: state.get(place, Own(None))}
        found.append(replace(last, texts={**last.texts, place: own}, before=before))
        state[place] = own
    return found[::-1]


def check_owner(actor: Actor) -> None:
    """Raise Forbidden for everybody but an owner. Source: feature 188."""
    if actor.role != "owner":
        raise Forbidden(N_("Only an owner may change what messages say."))


def _next_number(session: Session, key: str, channel: str, language: str) -> int:
    statement = select(func.max(MessageText.number)).where(
        MessageText.key == key, MessageText.channel == channel, MessageText.language == language
    )
    return (session.scalar(statement) or 0) + 1
