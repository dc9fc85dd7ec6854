"""Every wording of a definition, side by side by language, found and set by its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.services.form import Raw

# What is said to people, by language, wherever it stands in a definition.
_PARTS: Final = ("title", "label", "customer_label", "meaning", "confirm", "help", "message")
_SKIPPED: Final = ("tests", "messages", "effects")


@dataclass(frozen=True)
class Wording:
    """One text: where it stands, and its words by language."""

    place: str  # such as states/0/label
    words: Mapping[str, str]
    is_long: bool = False
    message: str = ""  # whose words it is, for a mail or an SMS
    channel: str = ""

    @property
    def path(self) -> str:
        """Return the place as problems name it."""
        return self.place.replace("/", ".")

    def missing(self, languages: tuple[str, ...] | list[str]) -> list[str]:
        """Return the languages that have no words here."""
        return [code for code in languages if not self.words.get(code)]


def wordings(data: Mapping[str, Any]) -> list[Wording]:
    """Return every text of a document, in its order; the messages last."""
    found = list(_texts(data, ""))
    for key, message in data.get("messages", {}).items():
        found += _message(key, message)
    return found


def set_words(data: dict[str, Any], raw: Raw) -> None:
    """Write the words of a form (``place|language``) into a document; blank ones go."""
    known = {wording.place for wording in wordings(data)}
    for name, value in raw.items():
        place, bar, code = name.partition("|")
        if not bar or place not in known or code not in data["languages"]:
            continue
        _set(data, place, code, (value if isinstance(value, str) else value[-1]).strip())


def _texts(part: Any, above: str) -> Iterator[Wording]:
    children = part.items() if isinstance(part, Mapping) else enumerate(part)
    for key, value in children:
        place = f"{above}/{key}" if above else str(key)
        if key in _PARTS and isinstance(value, Mapping):
            yield Wording(place, value, is_long=key in ("meaning", "help"))
        elif isinstance(value, Mapping | list) and key not in _SKIPPED:
            yield from _texts(value, place)


def _message(key: str, message: Mapping[str, Any]) -> Iterator[Wording]:
    for channel, parts in (("email", ("subject", "body")), ("sms", ("body",))):
        texts = message.get(channel) or {}
        for part in parts if texts else ():
            said = {code: text.get(part, "") for code, text in texts.items()}
            place = f"messages/{key}/{channel}/{part}"
            yield Wording(place, said, part == "body", key, channel)


def _set(data: dict[str, Any], place: str, code: str, text: str) -> None:
    head, *rest = place.split("/")
    if head == "messages":
        key, channel, part = rest
        words = data["messages"][key].setdefault(channel, {}).setdefault(code, {})
        words[part] = text
        if not any(words.values()):
            del data["messages"][key][channel][code]
        return
    here: Any = data
    for step in (head, *rest):
        here = here[int(step) if isinstance(here, list) else step]
    here[code] = text
    if not text:
        del here[code]
