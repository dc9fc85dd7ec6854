"""The values behind a message's placeholders, as plain words in the reader's language."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from app.actor import Actor
from app.models import Location, Service, Staff
from app.services import message_about as told
from app.services import message_links as leads
from app.services.message_about import About, Record
from app.services.message_links import Link
from workflows import registry
from workflows.catalogue import SpecField
from workflows.facts import Moment, facts_at
from workflows.schema import FormField, Transition

# Letters of the private use area stand for links until text and HTML write each its own way.
MARKS: Final = re.compile("[\ue000-\uf8ff]")
_FIRST_MARK: Final = 0xE000
# Codes in the database, words in a sentence.
_CODED: Final = ("request.kind", "request.urgency", "request.preferred_times", "job.priority")
_ROWS: Final[Mapping[str, Any]] = {"location": Location, "service": Service, "user": Staff}
_COMPANY: Final = ("name", "email", "phone", "currency", "language", "timezone")


class Values(Mapping[str, str]):
    """What each placeholder stands for, looked up when a text asks; what is not there is blank."""

    def __init__(self, about: About) -> None:
        self.about = about
        self._links: list[Link] = []

    def __getitem__(self, name: str) -> str:
        root, _, rest = name.partition(".")
        special = _SPECIAL.get(name)
        said = special(self.about) if special else _ROOTS.get(root, _nothing)(self, rest)
        return self.mark(said) if isinstance(said, Link) else _plain(said)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def mark(self, link: Link) -> str:
        """Return the letter that stands for a link in what is rendered from these values."""
        if link not in self._links:
            self._links.append(link)
        return chr(_FIRST_MARK + self._links.index(link))

    def link_at(self, letter: str) -> Link | None:
        """Return the link a letter stands for, None for an ordinary letter."""
        number = ord(letter) - _FIRST_MARK
        return self._links[number] if 0 <= number < len(self._links) else None

    @cached_property
    def facts(self) -> dict[str, Mapping[str, Any]]:
        """Return the facts of the record and of its job, by root."""
        found: dict[str, Mapping[str, Any]] = {}
        for subject in (self.about.job, self.about.estimate, self.about.record):
            if subject is not None:
                found |= facts_at(self._moment(subject))
        return {**(self.about.trial.facts if self.about.trial else {}), **found}

    def _moment(self, subject: Record) -> Moment:
        about = self.about
        reader = Actor("system", None, about.company.id, "system", "", about.tongue.language)
        return Moment(about.session, subject, about.company, reader, about.row.created_at)


def _plain(said: object) -> str:
    """Return a value without letters that could pass for one of our marks."""
    return "" if said is None else MARKS.sub("", str(said))


def _nothing(values: Values, rest: str) -> object:
    return None


def _fact(root: str) -> Callable[[Values, str], object]:
    def read(values: Values, rest: str) -> object:
        raw = values.facts.get(root, {}).get(rest)
        if f"{root}.{rest}" in _CODED and isinstance(raw, str):
            return values.about.tongue.word(raw)
        return _said(raw, values.about)

    return read


def _said(raw: object, about: About) -> object:
    if isinstance(raw, bool):
        return about.tongue.word("yes" if raw else "no")
    if isinstance(raw, datetime):
        return about.tongue.moment(raw)
    if isinstance(raw, date):
        return about.tongue.day(raw)
    if isinstance(raw, list):
        return ", ".join(str(_said(item, about)) for item in raw)
    return raw


def _request(values: Values, rest: str) -> object:
    if not rest.startswith("extra."):
        return _fact("request")(values, rest)
    about, name = values.about, rest.removeprefix("extra.")
    asked = about.definition.own_fields if about.definition else ()
    raw = about.request.extra.get(name) if about.request else None
    return _answer(raw, _named(name, asked), about)


def _input(values: Values, rest: str) -> object:
    about = values.about
    raw: Any = about.event.input if about.event else None
    for part in rest.split("."):
        raw = raw.get(part) if isinstance(raw, Mapping) else None
    known = about.definition is not None and about.event is not None
    steps = about.definition.transitions_of(about.event.trigger) if known else ()  # type: ignore[union-attr]  # known says so
    asked = _named(rest, [field for step in steps for field in step.fields])
    return _answer(raw, asked or _named_in_forms(rest, steps), about)


def _named_in_forms(name: str, steps: Iterable[Transition]) -> SpecField | None:
    """Return the field of a registered form, such as ``job.starts_at``."""
    forms = (registry.forms().get(step.form) for step in steps if step.form)
    key, _, rest = name.partition(".")
    return next((form.field(rest) for form in forms if form and form.key == key), None)


def _named(name: str, fields: Any) -> FormField | None:
    return next((field for field in fields if field.name == name), None)


def _answer(raw: Any, asked: FormField | SpecField | None, about: About) -> object:
    """Return what somebody answered, by the type of the question."""
    if raw in (None, "") or isinstance(raw, Mapping):
        return None
    kind = asked.type if asked else "text"
    if isinstance(asked, FormField) and kind == "choice":
        labels = {choice.value: choice.label for choice in asked.choices}
        return about.pick(labels.get(raw)) or raw
    if kind in ("datetime", "date"):
        found = datetime.fromisoformat(raw)
        return about.tongue.moment(found) if found.tzinfo else about.tongue.day(found.date())
    if kind in _ROWS:
        row = about.session.get(_ROWS[kind], raw) if isinstance(raw, int) else None
        return _name_of(row, about)
    return _said(raw, about)


def _name_of(row: Any, about: About) -> str | None:
    """Return a row as its reader knows it; of the team the first name. Source: D22."""
    if isinstance(row, Service):
        return about.pick(row.name)
    return row.first_name if isinstance(row, Staff) else (str(row) if row is not None else None)


def _access(values: Values, rest: str) -> object:
    link = values.about.way_in
    return values.about.tongue.moment(link.expires_at) if link and rest == "until" else None


def _company(values: Values, rest: str) -> object:
    company = values.about.company
    return getattr(company, rest) if rest in _COMPANY else None


_SPECIAL: Final[Mapping[str, Callable[[About], object]]] = {
    "actor.name": told.author_of,
    "record.number": told.number_of,
    "request.state": told.state_of,
    "job.state": told.state_of,
    "request.category": told.category_of,
    "request.service": told.service_of,
    "job.service": told.service_of,
    "request.location": told.address_of,
    "job.location": told.address_of,
    "estimate.state": told.state_of,
    "estimate.total": told.price_of,
    "estimate.valid_until": told.validity_of,
    "request.estimate_number": lambda about: about.estimate.number if about.estimate else None,
    "request.job_number": lambda about: about.job.number if about.job else None,
    "company.decline_instructions": lambda about: about.pick(about.company.decline_instructions),
}

_ROOTS: Final[Mapping[str, Callable[[Values, str], object]]] = {
    "person": lambda values, rest: getattr(values.about.person, rest, None),
    "customer": _fact("customer"),
    "company": _company,
    "request": _request,
    "job": _fact("job"),
    "estimate": _fact("estimate"),
    "invoice": _fact("invoice"),
    "input": _input,
    "access": _access,
    "portal": lambda values, rest: leads.portal(values.about, rest),
    "admin": lambda values, rest: leads.admin(values.about, rest),
    "action": lambda values, rest: leads.action(values.about, rest),
}
