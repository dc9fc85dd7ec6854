"""Every setting that shapes the form or the steps, as a named edit of a company's draft.

A setting lives in the definition itself: its value is read from there, and changing it changes
the document, which must still be a sound definition with green tests.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from app.errors import N_, Conflict, DomainError, Invalid
from app.services import (
    draft_cases,
    draft_decisions,
    draft_letters,
    draft_questions,
    draft_steps,
)
from app.services.draft_pieces import Desk, sent_messages
from workflows import document
from workflows.calendars import OFFICE_HOURS, Calendar
from workflows.problems import Problem
from workflows.schema import Definition
from workflows.verifier import verify

ON: Final = ("on", "off")
MANY: Final = "many"  # several of the values at once, joined by commas
NUMBER: Final = "number"
_CHOOSE: Final = N_("Please choose one from the list.")
_CANT: Final = N_("This workflow can't take that change: %(why)s")


@dataclass(frozen=True)
class Key:
    """One setting: how it is read from a definition and put into one."""

    name: str
    read: Callable[[Definition], str]
    write: Callable[[Desk, str], None]
    values: Sequence[str] = ON
    kind: str = "one"
    low: int = 0
    high: int = 0

    def clean(self, value: str) -> str:
        """Return a value as it is compared. Raises Invalid."""
        if self.kind == NUMBER:
            return self._number(value)
        chosen = [one for one in self.values if one in value.split(",")]
        wrong = set(filter(None, value.split(","))) - set(self.values)
        if wrong or not chosen or (self.kind != MANY and len(chosen) > 1):
            raise Invalid({self.name: _CHOOSE})
        return ",".join(chosen)

    def _number(self, value: str) -> str:
        typed = value.strip() or "0"
        if not (typed.isascii() and typed.isdigit() and self.low <= int(typed) <= self.high):
            told = N_("Write a number from %(low)s to %(high)s.")
            raise Invalid({self.name: DomainError(told, low=self.low, high=self.high)})
        return str(int(typed))


@dataclass(frozen=True)
class Edited:
    """A definition after an edit, and the names of its tests that no longer apply."""

    definition: Definition
    dropped: Sequence[str] = ()


def _told(reader: str) -> tuple[Callable[[Definition], str], Callable[[Desk, str], None]]:
    def read(definition: Definition) -> str:
        return draft_letters.told_on_submit(definition, reader)

    def write(desk: Desk, value: str) -> None:
        draft_letters.set_told_on_submit(desk, reader, value)

    return read, write


_q, _s, _d, _l = draft_questions, draft_steps, draft_decisions, draft_letters
_hours = partial(Key, kind=NUMBER, values=(), high=draft_letters.MOST_HOURS)
KEYS: Final[Mapping[str, Key]] = {
    key.name: key
    for key in (
        Key("kinds", _q.kinds, _d.set_kinds, _q.KINDS, MANY),
        Key("service.category", _q.category, _q.set_category, _q.NEEDS),
        Key("service.list", _q.catalogue, _q.set_catalogue, _q.NEEDS),
        Key("service.listed", _q.listed, _q.set_listed, _q.LISTS),
        Key("service.free_text", _q.free_text, _q.set_free_text, _q.NEEDS),
        Key("preference", _q.preference, _q.set_preference, tuple(_q.DATES)),
        Key("location", _q.location, _q.set_location, tuple(_q.PLACES)),
        Key("contact", _q.contact, _q.set_contact, tuple(_q.PEOPLE)),
        Key("photos", _q.photos, _q.set_photos, (), NUMBER, 0, 20),
        Key("urgency", _q.urgency, _q.set_urgency),
        Key("submit.artefact", _d.artefact, _d.set_artefact, tuple(_d.ARTEFACTS)),
        Key("submit.customer", *_told("customer")),
        Key("submit.company", *_told("company")),
        Key("reviewers", _s.reviewers, _s.set_reviewers, _s.REVIEWERS, MANY),
        Key("under_review", _s.under_review, _s.set_under_review),
        Key("approve.mode", _d.mode, _d.set_mode, _d.MODES),
        Key("quote", _s.quote, _s.set_quote),
        Key("decline.reason", _d.reason, _d.set_reason, ("required", "optional")),
        Key("counter", _s.counter, _s.set_counter),
        Key("counter.rounds", _s.rounds, _s.set_rounds, (), NUMBER, 1, 20),
        Key("counter.no", _s.customers_no, _s.set_customers_no, ("back_to_review", "close")),
        Key("cancel", _s.cancel, _s.set_cancel, ("off", "before_confirmation")),
        _hours("reminder.hours", _l.hours, _l.set_hours),
        Key("reminder.clock", _l.clock, _l.set_clock, ("wall", "business")),
        _hours("reminder.repeat", _l.repeat, _l.set_repeat),
    )
}


def values(definition: Definition) -> dict[str, str]:
    """Return every setting as the definition has it; blank where it has no meaning there."""
    return {key.name: key.read(definition) for key in KEYS.values()}


def changed(before: Definition, after: Definition) -> list[tuple[str, str, str]]:
    """Return the settings in which two definitions differ: name, value before, value after."""
    old, new = values(before), values(after)
    return [(name, old[name], new[name]) for name in KEYS if old[name] != new[name]]


def apply(
    definition: Definition,
    name: str,
    value: str,
    donors: Sequence[Definition],
    *,
    calendar: Calendar = OFFICE_HOURS,
) -> Edited:
    """Return the definition with one setting changed; the same one when it has that value.

    ``donors`` are where states, steps and messages are taken from, the company's own first.
    Raises Invalid for a value that is none, Conflict with the reason when an owner's own steps
    leave no room for the change.
    """
    key = KEYS[name]
    wanted = key.clean(value)
    if key.read(definition) == wanted:
        return Edited(definition)
    return rewrite(definition, lambda desk: key.write(desk, wanted), donors, calendar=calendar)


def rewrite(
    definition: Definition,
    write: Callable[[Desk], None],
    donors: Sequence[Definition],
    *,
    calendar: Calendar = OFFICE_HOURS,
) -> Edited:
    """Return the definition after ``write``, sound as before. Raises Conflict."""
    desk = Desk(definition.as_data(), donors)
    before = list(sent_messages(desk.data))
    write(desk)
    desk.forget_unused_messages(before)
    after = _read({**desk.data, "tests": []})
    cases, dropped = draft_cases.adapt(definition, desk, after, calendar)
    edited = _read({**after.as_data(), "tests": cases})
    _check(definition, edited, calendar)
    return Edited(edited, dropped)


def _read(data: Mapping[str, object]) -> Definition:
    found = document.read_data(dict(data))
    if found.definition is None:
        raise _refused(found.problems[0])
    return found.definition


def _check(before: Definition, after: Definition, calendar: Calendar) -> None:
    """Raise Conflict for a fault that was not there before."""
    faults = [one for one in verify(after, calendar=calendar) if one.is_error]
    known = {_mark(one) for one in verify(before, calendar=calendar)} if faults else set()
    for problem in faults:
        if _mark(problem) not in known:
            raise _refused(problem)


def _mark(problem: Problem) -> tuple[str, str]:
    return problem.rule, str(sorted(problem.params.items(), key=str))


def _refused(problem: Problem) -> Conflict:
    params: dict[str, Any] = dict(problem.params)
    why = DomainError(problem.msgid, **params)
    return Conflict(_CANT, why=why)
