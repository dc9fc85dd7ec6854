"""States, timers, conditions, effects and transitions."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    JsonValue,
    StrictInt,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from workflows.schema.base import (
    MAX_FIELDS,
    Clock,
    DottedName,
    Expression,
    Flag,
    Iso8601Duration,
    Name,
    OwnName,
    Part,
    Text,
)
from workflows.schema.fields import FormField


class EffectUse(Part):
    """One effect a step has, written ``{send_message: {message: x, to: customer}}``."""

    name: Name
    params: dict[str, JsonValue] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_one_key(cls, value: Any) -> Any:
        if not isinstance(value, dict) or len(value) != 1:
            raise ValueError("write one effect as {name: {parameter: value}}")
        name, params = next(iter(value.items()))
        return {"name": name, "params": {} if params is None else params}

    @model_serializer
    def _to_one_key(self) -> dict[str, Any]:
        return {self.name: dict(self.params)}


Effects = Annotated[tuple[EffectUse, ...], Field(max_length=20)]


class Condition(Part):
    """Greys the button and says why."""

    expression: Expression = Field(alias="if")
    message: Text


class Validator(Part):
    """Checks the form; ``field`` may be ``job.starts_at`` on a registered form."""

    expression: Expression = Field(alias="if")
    field: DottedName
    message: Text


class Timer(Part):
    """Fires a trigger (interrupting) or has effects (not), some time after the state began."""

    name: OwnName
    after: Iso8601Duration
    clock: Clock = "wall"
    fire: Name | None = None
    effects: Effects = ()
    repeat: Iso8601Duration | None = None
    times: Annotated[StrictInt, Field(ge=1, le=20)] = 1

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if (self.fire is None) == (not self.effects):
            raise ValueError("give the timer either 'fire' or 'effects'")
        if (self.repeat is None) != (self.times == 1):
            raise ValueError("a repeating timer has 'repeat' and 'times' of 2 or more")
        if self.fire is not None and self.repeat is not None:
            raise ValueError("a timer that fires a trigger does so once; remove 'repeat'")
        return self


class TopTimer(Timer):
    """Counts from the submission and fires only in the states of ``while``."""

    states: tuple[Name, ...] = Field(alias="while", min_length=1)
    since: Literal["submission"] = "submission"


class State(Part):
    """Where a record can be, and whose turn it is there; ``meaning`` explains it to staff."""

    name: OwnName
    label: Text
    customer_label: Text
    meaning: Text | None = None
    waiting_on: Name | None = None
    final: Flag = False
    outcome: Literal["won", "lost"] | None = None
    timers: tuple[Timer, ...] = Field(default=(), max_length=10)

    @model_validator(mode="after")
    def _final_or_not(self) -> Self:
        if self.outcome is not None and not self.final:
            raise ValueError("an outcome belongs to a final state")
        if self.waiting_on is not None and self.final:
            raise ValueError("a final state waits on nobody; remove 'waiting_on'")
        return self


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_ONE_OR_MORE = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
Sources = Annotated[
    tuple[Name, ...],
    Field(min_length=1),
    BeforeValidator(_as_list),
    WithJsonSchema(_ONE_OR_MORE),
]


class Transition(Part):
    """A step a definition allows, who may take it, what it asks and does."""

    trigger: OwnName
    label: Text
    source: Sources
    dest: Name
    roles: tuple[Name, ...] = Field(min_length=1)
    when_opened: Flag = False
    silent: Flag = False
    bulk: Flag = False
    style: Literal["primary", "secondary", "danger"] = "secondary"
    confirm: Text | None = None
    help: Text | None = None
    undo: Iso8601Duration | None = None
    form: Name | None = None
    fields: tuple[FormField, ...] = Field(default=(), max_length=MAX_FIELDS)
    conditions: tuple[Condition, ...] = Field(default=(), max_length=20)
    validators: tuple[Validator, ...] = Field(default=(), max_length=20)
    effects: Effects = ()


class Submit(Part):
    """The first step: who may take it, when, and what it does."""

    roles: tuple[Name, ...] = Field(min_length=1)
    conditions: tuple[Condition, ...] = Field(default=(), max_length=20)
    effects: Effects = ()
