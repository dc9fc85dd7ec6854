"""Every wording of a definition, side by side by language, found and set by its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import N_
from app.services.form import Raw

STATE = N_("State")
STEP = N_("Step")
QUESTION = N_("Question")
MAIL = N_("Mail")
SMS = N_("SMS")
TITLE = N_("Workflow")


@dataclass(frozen=True)
class Wording:
    """One text: where it stands, what it is about, and its words by language."""

    place: str  # such as states/0/label
    kind: str
    about: str
    part: str
    words: Mapping[str, str]
    is_long: bool = False

    def missing(self, languages: tuple[str, ...] | list[str]) -> list[str]:
        """Return the languages that have no words here."""
        return [code for code in languages if not self.words.get(code)]


def wordings(data: Mapping[str, Any]) -> list[Wording]:
    """Return every text of a document, in its order."""
    found = [Wording("title", TITLE, "", N_("Name"), data["title"])]
    for number, state in enumerate(data["states"]):
        found += _texts(f"states/{number}", STATE, state["name"], state)
    for number, one in enumerate(data.get("request_form", [])):
        found += _texts(f"request_form/{number}", QUESTION, one.get("name", ""), one)
    for number, way in enumerate(data.get("transitions", [])):
        found += _texts(f"transitions/{number}", STEP, way["trigger"], way)
        for part in ("fields", "conditions", "validators"):
            for index, item in enumerate(way.get(part, [])):
                place = f"transitions/{number}/{part}/{index}"
                found += _texts(place, STEP, way["trigger"], item)
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


_PARTS = {
    "label": N_("Name"),
    "customer_label": N_("The customer reads"),
    "meaning": N_("Explanation"),
    "confirm": N_("Asked before"),
    "help": N_("Help"),
    "message": N_("Said when it is not possible"),
}


def _texts(place: str, kind: str, about: str, item: Mapping[str, Any]) -> Iterator[Wording]:
    for part, words in _PARTS.items():
        if isinstance(item.get(part), dict):
            said = about if part != "label" or "type" not in item else f"{about}, {item['name']}"
            yield Wording(f"{place}/{part}", kind, said, words, item[part])


def _message(key: str, message: Mapping[str, Any]) -> Iterator[Wording]:
    for channel, kind in (("email", MAIL), ("sms", SMS)):
        texts = message.get(channel) or {}
        for part, words in (("subject", N_("Subject")), ("body", N_("Text"))):
            if texts and (channel, part) != ("sms", "subject"):
                said = {code: text.get(part, "") for code, text in texts.items()}
                place = f"messages/{key}/{channel}/{part}"
                yield Wording(place, kind, key, words, said, is_long=part == "body")


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
