"""What the page of one message shows: its texts by language, the preview, how it came to be."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from admin_views.base import actor, clean_id
from app import clock, languages
from app.errors import DomainError
from app.models import Company, Staff
from app.services import (
    message_examples,
    message_names,
    message_previews,
    message_saving,
    message_versions,
    workflow_drafts,
)
from app.services.form import Raw
from app.services.house_texts import Place
from app.services.message_examples import Wanted
from app.services.message_previews import Shown
from app.services.message_sources import Source, Text
from app.services.message_versions import Change, Version
from app.web.words import in_words

# What the preview asks for stands in the same form as the texts.
PREFIX: Final = "shown_"
PARTS: Final = {"subject": _l("Subject"), "body": _l("Text"), "button": _l("Button")}
_NOT_SHOWN: Final = Shown("", "", "", "", None)


@dataclass(frozen=True)
class Page:
    """One message on the screen; ``typed`` is what stands in the form, if it was sent."""

    session: Session
    source: Source
    raw: Raw
    typed: Mapping[Place, Text] | None
    errors: Mapping[str, str]

    @cached_property
    def company(self) -> Company:
        """Return the company."""
        return self.session.get_one(Company, actor().company_id)

    @cached_property
    def wanted(self) -> Wanted:
        """Return what the preview is asked for."""
        return wanted(self.source, self.raw, self.company.language)

    @cached_property
    def shown(self) -> Shown:
        """Return the message as it would go out."""
        try:
            return shown(self.session, self.source, self.wanted, self.typed)
        except DomainError:
            return _NOT_SHOWN

    @cached_property
    def problems(self) -> list[str]:
        """Return what is wrong with what is typed, and what the preview can't show."""
        found = message_saving.mistakes(self.source, self.typed or {})
        said = [in_words(why) for _name, why in found]
        try:
            shown(self.session, self.source, self.wanted, self.typed)
        except DomainError as error:
            fields = getattr(error, "fields", {})
            said += [in_words(each) for each in fields.values()] or [in_words(error)]
        return list(dict.fromkeys(said))

    @cached_property
    def records(self) -> list[tuple[int, str]]:
        """Return the last records to try the message on."""
        return message_examples.records(self.session, self.source, self.company)

    @cached_property
    def versions(self) -> list[Version]:
        """Return how the texts came to be."""
        return message_versions.history(self.session, actor(), self.source)

    @cached_property
    def occasions(self) -> list[Any]:
        """Return when the message goes out, and to whom."""
        return list(message_names.occasions(self.source))

    @cached_property
    def phone(self) -> str | None:
        """Return where a test SMS would go."""
        return self.session.get_one(Staff, actor().id).phone

    @cached_property
    def draft(self) -> workflow_drafts.Draft | None:
        """Return the draft the texts stand in, None for the house's."""
        if self.source.is_house:
            return None
        return workflow_drafts.get(self.session, actor(), self.source.where)

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the channels a message may go out by."""
        return message_saving.CHANNELS

    def parts(self, channel: str) -> tuple[str, ...]:
        """Return the parts of a text."""
        return message_saving.parts(channel, self.source)

    def label(self, part: str) -> str:
        """Return what a part is called."""
        return str(PARTS[part])

    def value(self, channel: str, part: str, code: str) -> str:
        """Return what a field shows: what was typed, else what is in force."""
        name = message_saving.field_name(channel, part, code)
        if name in self.raw:
            given = self.raw[name]
            return given if isinstance(given, str) else given[-1]
        text = self.source.text(channel, code)
        return getattr(text, part) if text else ""

    def instead(self, channel: str, code: str) -> tuple[str, Text] | None:
        """Return what readers of a missing text get, in which language; None when it is there."""
        if self.value(channel, "body", code):
            return None
        kept = {place: text for place, text in self._now().items() if text.body}
        return replace(self.source, texts=kept).fallback(channel, code, self.company)

    def is_missing(self, channel: str, code: str) -> bool:
        """Return True where a text must be written before the workflow can be published."""
        if self.source.is_house or code not in self.source.needed:
            return False
        said = {each for each in self.source.codes if self.value(channel, "body", each)}
        return code not in said and (bool(said) or channel == "email")

    def is_changed(self, channel: str, code: str) -> bool:
        """Return True where an owner's words stand in place of ours."""
        return self.source.is_house and (channel, code) in self.source.texts

    def language(self, code: str) -> str:
        """Return a language's own name."""
        return languages.SHIPPED.get(code, code)

    @cached_property
    def now(self) -> Mapping[Place, Text]:
        """Return all texts as they stand, ours where the owner has none."""
        return {**self.source.ours, **self.source.texts}

    def change_title(self, change: Change) -> str:
        """Return which part was changed, such as «Mail, Deutsch: Subject»."""
        channel = _("Mail") if change.channel == "email" else _("SMS")
        return f"{channel}, {self.language(change.language)}: {PARTS[change.part]}"

    def pieces(self, change: Change) -> list[tuple[str, str]]:
        """Return both texts as one, cut at words: what stayed (=), went (-) and came (+)."""
        old, new = change.before.split(), change.after.split()
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        found: list[tuple[str, str]] = []
        for kind, a, b, c, d in matcher.get_opcodes():
            parts = [("=", old[a:b])] if kind == "equal" else [("-", old[a:b]), ("+", new[c:d])]
            found += [(sign, " ".join(words)) for sign, words in parts if words]
        return found

    def _now(self) -> Mapping[Place, Text]:
        return self.source.texts if self.typed is None else self.typed


def wanted(source: Source, raw: Mapping[str, Any], usual: str = "") -> Wanted:
    """Return what a form asks the preview for; what makes no sense is the first there is."""
    language = str(raw.get(f"{PREFIX}language", usual))
    channel = str(raw.get(f"{PREFIX}channel", ""))
    if channel not in message_saving.CHANNELS:
        has_mail = any(place[0] == "email" for place in (*source.texts, *source.ours))
        channel = "email" if has_mail or not source.texts else "sms"
    return Wanted(
        channel,
        language if language in source.codes else source.codes[0],
        clean_id(str(raw.get(f"{PREFIX}record", ""))),
    )


def shown(
    session: Session, source: Source, asked: Wanted, typed: Mapping[Place, Text] | None
) -> Shown:
    """Return a message as it would go out. Raises Invalid, CannotBeTold."""
    company = session.get_one(Company, actor().company_id)
    texts = source.texts if typed is None else typed
    words = message_previews.chosen(source, texts, asked, company)
    in_language = replace(asked, language=words[0])
    about = message_examples.about(session, source, in_language, company, actor(), clock.now())
    return message_previews.show(about, source, asked.channel, words)
