"""An owner's texts checked and kept: in a workflow's draft, or as a new version at once."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import N_, Conflict, DomainError
from app.services import house_texts, workflow_drafts
from app.services.form import FormReader, Raw
from app.services.house_texts import Own, Place
from app.services.message_sources import Source, Text
from workflows.placeholders import faults

CHANNELS: Final = ("email", "sms")
LIMITS: Final = {"subject": 180, "body": 8000, "button": 60}
SMS_LIMIT: Final = 600
_NONE_LIKE_IT: Final = N_("There is no placeholder “%(typed)s” for this message.")
_NEAREST: Final = N_(
    "There is no placeholder “%(typed)s” for this message. Perhaps you mean “%(near)s”."
)
_BRACES: Final = N_("Write placeholders as {{customer.first_name}}; nothing else in braces.")


def field_name(channel: str, part: str, language: str) -> str:
    """Return what the field of one part of a text is called in forms."""
    return f"{channel}_{part}_{language}"


def parts(channel: str, source: Source) -> tuple[str, ...]:
    """Return what a text consists of on a channel."""
    if channel == "sms":
        return ("body",)
    return ("subject", "body", "button") if source.has_button else ("subject", "body")


def read(source: Source, raw: Raw) -> dict[Place, Text]:
    """Return the texts of a form. Raises Invalid, a sentence at each wrong field."""
    reader = FormReader(raw)
    typed = {place: _text(reader, source, place) for place in places(source)}
    for name, wrong in mistakes(source, typed):
        reader.complain(name, wrong.message, **wrong.params)
    reader.check()
    return typed


def peek(source: Source, raw: Raw) -> dict[Place, Text]:
    """Return the texts of a form that is still being typed, whatever stands in it."""
    reader = FormReader(raw)
    return {place: _text(reader, source, place) for place in places(source)}


def places(source: Source) -> list[Place]:
    """Return every channel and language a message may have words in."""
    return [(channel, code) for channel in CHANNELS for code in source.codes]


def whole(source: Source, texts: Mapping[Place, Text]) -> dict[Place, Text]:
    """Return texts for every place, blank where there are none, so that others go."""
    return {place: texts.get(place, Text()) for place in places(source)}


def mistakes(source: Source, typed: Mapping[Place, Text]) -> Iterator[tuple[str, DomainError]]:
    """Yield what is wrong with texts: the field, and a sentence that names it."""
    for (channel, code), text in typed.items():
        for part in parts(channel, source):
            for fault in faults(getattr(text, part), source.known):
                yield field_name(channel, part, code), _complaint(fault, source)
        if channel == "email" and not source.is_house:
            yield from _halves(text, code)


def save(
    session: Session,
    actor: Actor,
    source: Source,
    typed: Mapping[Place, Text],
    *,
    edition: int | None,
    at: datetime,
) -> None:
    """Keep the texts. Raises Conflict when somebody else changed the draft, Forbidden."""
    if source.is_house:
        own = dict(_own(source, typed))
        house_texts.save(session, actor, source.key, own, at=at)
        return
    draft = workflow_drafts.get(session, actor, source.where)
    if edition is not None and edition != draft.edition:
        raise Conflict(N_("Somebody else saved this draft meanwhile. Look at theirs first."))
    data = workflow_drafts.data_of(draft)
    if data is None:
        raise Conflict(N_("The draft can’t be read as a workflow yet; mend it in the YAML tab."))
    _write(data, source, typed)
    workflow_drafts.save_data(session, actor, draft, data, at=at)


def _text(reader: FormReader, source: Source, place: Place) -> Text:
    channel, code = place
    said: dict[str, str] = {}
    for part in parts(channel, source):
        name = field_name(channel, part, code)
        limit = SMS_LIMIT if channel == "sms" else LIMITS[part]
        read_one = reader.long_text if part == "body" else reader.text
        said[part] = (read_one(name, limit=limit) or "").replace("\r\n", "\n")
    return Text(**said)


def _complaint(name: str, source: Source) -> DomainError:
    if not name:
        return DomainError(_BRACES)
    near = get_close_matches(name, sorted(source.known), 1, 0.4)
    return DomainError(_NEAREST if near else _NONE_LIKE_IT, typed=name, near="".join(near))


def _halves(text: Text, code: str) -> Iterator[tuple[str, DomainError]]:
    for part, other in (("subject", text.body), ("body", text.subject)):
        if other and not getattr(text, part):
            yield field_name("email", part, code), DomainError(N_("Please fill this in."))


def _own(source: Source, typed: Mapping[Place, Text]) -> Iterator[tuple[Place, Own]]:
    """Yield an owner's words for the house; what is blank or as ours goes back to ours."""
    for (channel, code), text in typed.items():
        ours = source.ours.get((channel, code), Text())
        if channel == "sms":
            yield (channel, code), Own(text.body or None)
            continue
        is_ours = (text.subject or ours.subject, text.body or ours.body) == (
            ours.subject,
            ours.body,
        )
        mail = Own(None) if is_ours else Own(text.body or ours.body, text.subject or ours.subject)
        yield (channel, code), mail
        if source.has_button:
            mine = text.button if text.button != ours.button else ""
            yield ("button", code), Own(mine or None)


def _write(data: dict[str, Any], source: Source, typed: Mapping[Place, Text]) -> None:
    message: dict[str, Any] = data.setdefault("messages", {}).setdefault(source.key, {})
    for (channel, code), text in typed.items():
        said = message.setdefault(channel, {})
        said.pop(code, None)
        if text.body:
            said[code] = {part: getattr(text, part) for part in parts(channel, source)}
    for channel in CHANNELS:
        if not message.get(channel):
            message.pop(channel, None)
