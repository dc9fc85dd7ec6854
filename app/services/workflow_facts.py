"""What a condition of a workflow may ask about, for people: names, kinds of value, choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import languages
from app.models import Service, ServiceCategory
from workflows import fact_names, names
from workflows.phrases import Own, Phrase
from workflows.schema import Definition, FormField, Transition
from workflows.vocabulary import FIELD_FACTS, known_facts

Kind = Literal["text", "choice", "number", "money", "datetime", "bool", "list"]
Choices = Sequence[tuple[str, Phrase | Own | str]]
OPERATORS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("is", "is_not", "contains", "is_blank", "is_filled"),
    "choice": ("is", "is_not", "is_blank", "is_filled"),
    "number": (
        "is", "is_not", "less", "at_most", "more", "at_least", "is_blank", "is_filled",
    ),
    "money": ("is", "is_not", "less", "at_most", "more", "at_least", "is_blank", "is_filled"),
    "datetime": (
        "in_future", "in_past", "older_than", "less", "more", "is_blank", "is_filled",
    ),
    "bool": ("is_true", "is_false"),
    "list": ("is_blank", "is_filled"),
}  # fmt: skip
_PRIORITIES: Final = ("low", "normal", "high", "urgent")


@dataclass(frozen=True)
class Fact:
    """One thing to ask about."""

    path: str
    words: Phrase | Own
    kind: Kind
    choices: Choices = ()

    @property
    def operators(self) -> tuple[str, ...]:
        """Return how it may be compared."""
        return OPERATORS[self.kind]


Facts = Mapping[str, Fact]


def of_step(session: Session, definition: Definition, way: Transition | None = None) -> Facts:
    """Return what a condition there may ask about; with a step its answers too."""
    types = known_facts(definition, way)
    fields = {f"input.{one.name}": one for one in way.fields} if way else {}
    fields |= {f"request.extra.{one.name}": one for one in definition.own_fields}
    choices = _choices(session, definition)
    return {
        path: _fact(definition, path, kind, fields.get(path), choices, way)
        for path, kind in types.items()
    }


def of_form(session: Session, definition: Definition, before: int) -> Facts:
    """Return what a question of the request form may hang on: those before it, the customer."""
    known = {
        path: fact
        for path, fact in of_step(session, definition).items()
        if path.startswith("customer.")
    }
    for item in definition.request_form[:before]:
        name = item.name if isinstance(item, FormField) else item.field
        found = _answered(session, definition, f"input.{name}", item)
        if found is not None:
            known[found.path] = found
    return known


def _answered(session: Session, definition: Definition, path: str, item: object) -> Fact | None:
    said = fact_names.fact(definition, path)
    if isinstance(item, FormField):
        return _fact(definition, path, FIELD_FACTS[item.type], item, {}, None)
    name = path.removeprefix("input.")
    if name in ("service", "category"):
        return Fact(
            path, said, "choice", _offered(session, getattr(item, "sources", ("category",)))
        )
    if name == "kind":
        return Fact(path, said, "choice", _valued(getattr(item, "options", ())))
    if name == "urgency":
        return Fact(path, said, "choice", _valued(("normal", "urgent")))
    return Fact(path, said, "text") if name in ("description", "notes") else None


def _fact(
    definition: Definition, path: str, kind: str, rule: FormField | None,
    choices: Mapping[str, Callable[[], Choices]], way: Transition | None,
) -> Fact:  # fmt: skip
    found = Fact(path, fact_names.fact(definition, path, way), kind)  # type: ignore[arg-type]  # its own words
    if path.endswith("_cents") or (rule is not None and rule.type == "money"):
        return replace(found, kind="money")
    if rule is not None and rule.type == "choice":
        offered = [(one.value, Own(one.label, one.value)) for one in rule.choices]
        return replace(found, kind="choice", choices=offered)
    offer = choices.get(path) or choices.get(f"*.{path.rpartition('.')[2]}")
    return replace(found, kind="choice", choices=offer()) if offer else found


def _choices(session: Session, definition: Definition) -> Mapping[str, Callable[[], Choices]]:
    def states() -> Choices:
        return [(one.name, Own(one.label, one.name)) for one in definition.states]

    def spoken() -> Choices:
        return list(languages.SHIPPED.items())

    return {
        f"{definition.subject}.state": states,
        "request.kind": lambda: _valued(("one_time", "recurring", "issue", "service_change")),
        "request.urgency": lambda: _valued(("normal", "urgent")),
        "request.category": lambda: _categories(session, lambda row: row.key),
        "job.priority": lambda: _valued(_PRIORITIES),
        "input.job.priority": lambda: _valued(_PRIORITIES),
        "actor.role": lambda: [
            (role, names.named(names.ROLES, role)) for role in definition.roles
        ],
        "actor.kind": lambda: _valued(("staff", "customer", "system")),
        "*.language": spoken,
    }  # fmt: skip


def _valued(values: Sequence[str]) -> Choices:
    return [(one, names.named(names.VALUES, one)) for one in values]


def _offered(session: Session, sources: Sequence[str]) -> Choices:
    found: list[tuple[str, Phrase | Own | str]] = []
    if "category" in sources:
        found += _categories(session, lambda row: f"category:{row.id}")
    if {"catalog", "bookable"} & set(sources):
        rows = session.scalars(
            select(Service).where(Service.archived_at.is_(None))
            .order_by(Service.position, Service.id)
        )  # fmt: skip
        found += [(f"service:{row.id}", Own(row.name)) for row in rows]
    return found


def _categories(session: Session, value: Callable[[ServiceCategory], str]) -> Choices:
    rows = session.scalars(
        select(ServiceCategory).where(ServiceCategory.archived_at.is_(None))
        .order_by(ServiceCategory.position, ServiceCategory.id)
    )  # fmt: skip
    return [(value(row), Own(row.label)) for row in rows]
