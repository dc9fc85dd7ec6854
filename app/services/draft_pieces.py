"""Ready-made pieces of definitions: states, steps, questions and messages, put where they fit."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.errors import N_, Conflict
from workflows import library
from workflows.schema import Definition
from workflows.yaml_tree import build_tree

Data = dict[str, Any]
REQUESTS: Final = (
    "hybrid",
    "online_booking",
    "service_request",
    "booking_request",
    "estimate_request",
)
_FILE: Final = Path(__file__).with_name("draft_words.yaml")
_NO_END: Final = N_("There is no state for requests that come to nothing any more.")


@dataclass
class Desk:
    """A document that is being changed, and the definitions pieces are taken from.

    ``moved`` says which states a test may end in instead, ``waits`` how its waits change.
    """

    data: Data
    donors: Sequence[Definition]
    moved: dict[str, str] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)  # triggers that were not there before
    case_edits: list[Callable[[Data], None]] = field(default_factory=list)

    @property
    def ways(self) -> list[Data]:
        """Return the steps of the document."""
        found: list[Data] = self.data.setdefault("transitions", [])
        return found

    @property
    def first(self) -> str:
        """Return the state a request begins in."""
        return str(self.data["initial"])

    @property
    def review(self) -> str:
        """Return the state in which staff look at a request."""
        return "under_review" if self.has("under_review") else self.first

    @property
    def lost(self) -> str:
        """Return the state of a request that came to nothing. Raises Conflict."""
        for name in ("cancelled", "declined"):
            if self.has(name):
                return name
        ends = (one["name"] for one in self.data["states"] if one.get("outcome") == "lost")
        found = next(ends, None)
        if found is None:
            raise Conflict(_NO_END)
        return str(found)

    def has(self, state: str) -> bool:
        """Return True when the document has the state."""
        return any(one["name"] == state for one in self.data["states"])

    def of(self, trigger: str) -> list[Data]:
        """Return the steps of a trigger."""
        return [way for way in self.ways if way["trigger"] == trigger]

    def drop(self, trigger: str) -> None:
        """Take the steps of a trigger out."""
        self.data["transitions"] = [way for way in self.ways if way["trigger"] != trigger]

    def open_states(self) -> list[str]:
        """Return the states that are not final."""
        return [one["name"] for one in self.data["states"] if not one.get("final")]

    def in_order(self, names: Iterable[str]) -> list[str]:
        """Return states, each once, in the order of the document."""
        order = [one["name"] for one in self.data["states"]]
        return sorted(set(names), key=order.index)

    def add_state(self, name: str) -> None:
        """Put a ready-made state where its donor has it. Raises Conflict when there is none."""
        donor = self.donor(lambda one: one.has_state(name))
        data = donor.as_data()
        piece = next(one for one in data["states"] if one["name"] == name)
        order = [state.name for state in donor.states]
        insert_like(self.data["states"], [self.spoken(piece, donor)], order, "name")
        self._add_messages(donor, piece.get("timers", []))

    def drop_state(self, name: str) -> None:
        """Take a state out, with the steps that lead there and what counted in it."""
        self.data["states"] = [one for one in self.data["states"] if one["name"] != name]
        for way in self.ways:
            way["source"] = [source for source in way["source"] if source != name]
        self.data["transitions"] = [
            way for way in self.ways if way["source"] and way["dest"] != name
        ]
        for timer in self.data.get("timers", []):
            timer["while"] = [state for state in timer["while"] if state != name]
        self.data["timers"] = [one for one in self.data.get("timers", []) if one["while"]]

    def add_ways(self, trigger: str, donor: Definition | None = None) -> list[Data]:
        """Put the ready-made steps of a trigger where their donor has them; return them.

        Raises Conflict when nobody has such a step.
        """
        donor = donor or self.donor(lambda one: bool(one.transitions_of(trigger)))
        pieces = [
            self.spoken(way, donor)
            for way in donor.as_data()["transitions"]
            if way["trigger"] == trigger
        ]
        order = list(dict.fromkeys(way.trigger for way in donor.transitions))
        insert_like(self.ways, pieces, order, "trigger")
        for piece in pieces:
            self._add_messages(donor, [piece])
        self.added.add(trigger)
        return pieces

    def spoken(self, piece: Any, donor: Definition) -> Any:
        """Return a copy of a donor's piece in exactly the document's languages."""
        return _in_languages(copy.deepcopy(piece), set(donor.languages), self.data["languages"])

    def take_message(self, key: str, donor: Definition, *, anew: bool = False) -> None:
        """Bring a donor's message along; words of the owner's own stay, unless ``anew``."""
        known = self.data.setdefault("messages", {})
        if key not in donor.messages or (key in known and not anew and not self._is_ours(key)):
            return
        known[key] = self.spoken(donor.as_data()["messages"][key], donor)

    def donor(self, fits: Callable[[Definition], bool]) -> Definition:
        """Return the first definition a piece can be taken from. Raises Conflict."""
        found = next((one for one in self.donors if fits(one)), None)
        if found is None:
            raise Conflict(N_("There is no ready-made step for this; add it in the workflow."))
        return found

    def forget_unused_messages(self, before: Iterable[str]) -> None:
        """Take out the messages that were sent before and are not any more."""
        now = set(sent_messages(self.data))
        for key in set(before) - now:
            self.data.get("messages", {}).pop(key, None)

    def _is_ours(self, key: str) -> bool:
        """Return True while the words are shipped ones, in whatever languages."""
        now = self.data["messages"][key]
        return any(
            self.spoken(one.as_data()["messages"][key], one) == now
            for one in shipped()
            if key in one.messages
        )

    def _add_messages(self, donor: Definition, places: Sequence[Mapping[str, Any]]) -> None:
        for place in places:
            for key in keys_sent(place.get("effects", [])):
                if key not in self.data.get("messages", {}):
                    self.take_message(key, donor)


def shipped() -> list[Definition]:
    """Return the ways of taking requests that come with Callout, the recommended one first."""
    return [library.definition(name) for name in REQUESTS]


def donors(*own: Definition | None) -> list[Definition]:
    """Return where pieces come from: the company's own first, then what is shipped."""
    found = [one for one in own if one is not None]
    keys = list(dict.fromkeys(one.workflow for one in found))
    same = [library.definition(key) for key in keys if key in library.names()]
    if any(one.subject != "request" for one in found):
        return [*found, *same]
    return [*found, *same, *(one for one in shipped() if one.workflow not in keys)]


@cache
def words() -> Mapping[str, Any]:
    """Return the few texts that no shipped definition has, by name."""
    found: Mapping[str, Any] = build_tree(_FILE.read_text("utf-8"))[0]
    return found


def text(name: str, languages: Iterable[str], **params: object) -> dict[str, str]:
    """Return one of those texts in the languages asked for, English where we have none."""
    known = words()[name]
    return {code: known.get(code, known["en"]).format(**params) for code in languages}


def insert_like(items: list[Data], pieces: list[Data], order: Sequence[str], key: str) -> None:
    """Put pieces of one name behind the nearest neighbour that ``order`` has before it."""
    name = pieces[0][key]
    at = order.index(name) if name in order else len(order)
    here = [item.get(key) for item in items]
    for before in reversed(order[:at]):
        if before in here:
            last = len(here) - 1 - here[::-1].index(before)
            items[last + 1 : last + 1] = pieces
            return
    following = [here.index(after) for after in order[at + 1 :] if after in here]
    place = min(following, default=len(items))
    items[place:place] = pieces


def sent_messages(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the key of every message a document sends."""
    for place in places(data):
        yield from keys_sent(place.get("effects", []))


def places(data: Mapping[str, Any]) -> Iterator[Data]:
    """Yield whatever of a document has effects: submitting, timers, steps."""
    yield data["submit"]
    for state in data["states"]:
        yield from state.get("timers", [])
    yield from data.get("timers", [])
    yield from data.get("transitions", [])


def keys_sent(effects: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the messages a list of effects sends."""
    return [use["send_message"]["message"] for use in effects if "send_message" in use]


def recipients(use: Mapping[str, Any]) -> list[str]:
    """Return whom a send_message writes to."""
    to = use["send_message"]["to"]
    return [to] if isinstance(to, str) else list(to)


def _in_languages(piece: Any, spoken: set[str], wanted: Sequence[str]) -> Any:
    if isinstance(piece, list):
        return [_in_languages(item, spoken, wanted) for item in piece]
    if not isinstance(piece, dict):
        return piece
    if piece and set(piece) <= spoken:
        usual = piece.get("en", next(iter(piece.values())))
        return {code: copy.deepcopy(piece.get(code, usual)) for code in wanted}
    return {key: _in_languages(item, spoken, wanted) for key, item in piece.items()}
