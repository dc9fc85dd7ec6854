"""The half sentences about what changed inside one state, step, question or message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from app import languages
from workflows import names
from workflows.difference_values import ONLY_CHANGED, SHOWN, plain_value
from workflows.phrases import Own, Phrase
from workflows.problems import N_
from workflows.schema import Definition, FormField

_NEW_TEXT: Final = N_("%(part)s in %(language)s is new: “%(after)s”")
_NO_TEXT: Final = N_("%(part)s in %(language)s is gone: “%(before)s”")
_OTHER_TEXT: Final = N_("%(part)s in %(language)s is now “%(after)s”, it was “%(before)s”")
_NOW: Final = N_("%(part)s: now %(after)s; before %(before)s")
_OTHERWISE: Final = N_("%(part)s changed")
# What is said by a sentence of its own, or not at all.
_SILENT: Final = frozenset({"name", "field", "trigger", "value", "schema_"})
TEXTS: Final[Mapping[str, str]] = {
    "label": N_("the name"),
    "title": N_("the name"),
    "customer_label": N_("what the customer reads"),
    "meaning": N_("the explanation"),
    "help": N_("the help"),
    "confirm": N_("the question before it is taken"),
    "message": N_("what is said when it is not possible"),
    "subject": N_("the subject"),
    "body": N_("the text"),
}
_FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    "required": (N_("must be answered now"), N_("may stay blank now")),
    "final": (N_("it ends here now"), N_("it goes on from here now")),
    "silent": (
        N_("it is right now that nobody is told"),
        N_("the customer is to be told again"),
    ),
    "bulk": (N_("may be taken for many at once"), N_("is taken one at a time now")),
    "when_opened": (
        N_("is taken by opening the page now"),
        N_("is not taken by opening the page any more"),
    ),
    "visible_to_customer": (
        N_("the customer may read the answer now"),
        N_("the customer may not read the answer any more"),
    ),
    "day_part": (
        N_("the time of day is asked too"),
        N_("the time of day is not asked any more"),
    ),
}


@dataclass(frozen=True)
class Clause:
    """Half a sentence, and whether something came, went or changed."""

    phrase: Phrase
    kind: Literal["add", "del", "chg"] = "chg"


def clauses_of(
    what: str, old: Any, new: Any, before: Definition, after: Definition
) -> Iterator[Clause]:
    """Yield what changed from one part to the other of the same name."""
    for part in _PARTS.get(what) or type(new).model_fields:
        was, now = getattr(old, part, None), getattr(new, part, None)
        if part in _SILENT or was == now:
            continue
        if part == "fields":
            yield from own_field_clauses(was or (), now or (), before, after)
        elif part in _LISTS:
            yield from _list(part, was or (), now or (), before, after)
        elif part in ("email", "sms"):
            yield from _channel(part, was or {}, now or {})
        else:
            yield from _value(part, was, now, before, after)


_PARTS: Final[Mapping[str, Sequence[str]]] = {
    # The rest of a definition is compared thing by thing.
    "whole": ("title", "subject", "languages", "initial"),
}


def own_field_clauses(
    old: Sequence[FormField], new: Sequence[FormField], before: Definition, after: Definition
) -> Iterator[Clause]:
    """Yield which questions a step no longer asks, asks now, or asks otherwise."""
    known = {one.name: one for one in old}
    kept = {one.name for one in new}
    for one in old:
        if one.name not in kept:
            said = {"field": names.label_of(one)}
            yield Clause(Phrase(N_("no longer asks for “%(field)s”"), said), "del")
    for one in new:
        if one.name not in known:
            msgid = _ASKS_REQUIRED if one.required else _ASKS
            yield Clause(Phrase(msgid, {"field": names.label_of(one)}), "add")
        elif one != known[one.name]:
            for clause in clauses_of("field", known[one.name], one, before, after):
                both: dict[str, object] = {"field": names.label_of(one), "what": clause.phrase}
                yield Clause(Phrase(N_("question “%(field)s”: %(what)s"), both), clause.kind)
    if [n for n in known if n in kept] != [one.name for one in new if one.name in known]:
        yield Clause(Phrase(N_("the order of its questions changed")))


_ASKS: Final = N_("now asks for “%(field)s”")
_ASKS_REQUIRED: Final = N_("now asks for “%(field)s”, required")


def _value(
    part: str, was: Any, now: Any, before: Definition, after: Definition
) -> Iterator[Clause]:
    if part in TEXTS:
        yield from _texts(part, was or {}, now or {})
    elif part in _FLAGS:
        on, off = _FLAGS[part]
        yield Clause(Phrase(on if now else off))
    elif part in SHOWN:
        said = {
            "part": Phrase(SHOWN[part]),
            "before": plain_value(part, was, before),
            "after": plain_value(part, now, after),
        }
        yield Clause(Phrase(_NOW, said))
    else:
        yield Clause(Phrase(_OTHERWISE, {"part": Phrase(ONLY_CHANGED.get(part, _SOMETHING))}))


_SOMETHING: Final = N_("something else")


def _texts(part: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Clause]:
    for code in dict.fromkeys((*was, *now)):
        if was.get(code) == now.get(code):
            continue
        language = languages.SHIPPED.get(code, code)
        said = {"part": Phrase(TEXTS[part]), "language": language}
        said |= {"before": _short(was.get(code)), "after": _short(now.get(code))}
        if not was.get(code):
            yield Clause(Phrase(_NEW_TEXT, said), "add")
        elif not now.get(code):
            yield Clause(Phrase(_NO_TEXT, said), "del")
        else:
            yield Clause(Phrase(_OTHER_TEXT, said))


def _short(text: str | None) -> str:
    return "" if not text else text if len(text) <= 120 else f"{text[:119]}…"


def _channel(part: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Clause]:
    for piece in ("subject", "body"):
        old = {code: getattr(one, piece, "") for code, one in was.items()}
        new = {code: getattr(one, piece, "") for code, one in now.items()}
        for clause in _texts(piece, old, new) if old != new else ():
            said = {"channel": Phrase(_CHANNELS[part]), "what": clause.phrase}
            yield Clause(Phrase(N_("%(channel)s, %(what)s"), said), clause.kind)


_CHANNELS: Final = {"email": N_("e-mail"), "sms": N_("SMS")}
_LISTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "effects": (
        N_("now also: %(what)s"), N_("no longer: %(what)s"),
        N_("the order of what happens changed"),
    ),
    "conditions": (
        N_("is now only possible sometimes, else it says “%(what)s”"),
        N_("no longer says “%(what)s”"),
        N_("the order of its conditions changed"),
    ),
    "validators": (
        N_("the answers are checked now, else it says “%(what)s”"),
        N_("the answers are not checked any more for “%(what)s”"),
        N_("the order of its checks changed"),
    ),
    "timers": (
        N_("new, %(what)s"), N_("no longer, %(what)s"), N_("the order of its timers changed"),
    ),
    "choices": (
        N_("the answer “%(what)s” is new"), N_("the answer “%(what)s” is gone"),
        N_("the order of its answers changed"),
    ),
}  # fmt: skip


def _list(
    part: str, was: Sequence[Any], now: Sequence[Any], before: Definition, after: Definition
) -> Iterator[Clause]:
    added, removed, moved = _LISTS[part]
    for item in was:
        if item not in now:
            yield Clause(Phrase(removed, {"what": _item(item, before)}), "del")
    for item in now:
        if item not in was:
            yield Clause(Phrase(added, {"what": _item(item, after)}), "add")
    if [item for item in was if item in now] != [item for item in now if item in was]:
        yield Clause(Phrase(moved))


def _item(item: Any, of: Definition) -> object:
    if hasattr(item, "params"):
        return names.effect(of, item)
    if hasattr(item, "after"):
        return names.timer(of, item)
    return Own(getattr(item, "message", None) or item.label)
