"""The ground of the schema: frozen models, names, texts, durations and limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from workflows.durations import parse_duration

MAX_STATES = 60
MAX_TRANSITIONS = 200
MAX_AUTOMATIC_STEPS = 20
MAX_FIELDS = 60
MAX_TIMERS = 40
MAX_TESTS = 100
MESSAGE_BUDGET = 60  # messages one record may cause in its whole life
MAX_BYTES = 64 * 1024
MAX_DEPTH = 24

# Names that forms, rows or addresses already use: a definition may not take them.
RESERVED_NAMES = frozenset({
    "id", "state", "tenant", "tenant_id", "company", "company_id", "created_by", "created_at",
    "updated_at", "role", "is_owner", "csrf_token", "form_key", "expected_event", "next",
    "action", "trigger", "workflow", "version", "subject", "actor", "delete", "save", "query",
    "metadata", "registry", "session", "wait", "edit", "new", "details", "export", "ajax", "now",
    "facts", "null", "true", "false", "in", "as", "request", "customer", "job", "estimate",
    "invoice", "input",
})  # fmt: skip


class Part(BaseModel):
    """Any piece of a definition: frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _not_reserved(name: str) -> str:
    if name in RESERVED_NAMES:
        raise ValueError(f"the name '{name}' is reserved; choose another")
    return name


def _duration(text: str) -> str:
    if parse_duration(text).is_zero:
        raise ValueError("a duration must be longer than nothing")
    return text


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
OwnName = Annotated[Name, AfterValidator(_not_reserved)]
MessageKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=80)]
DottedName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=120)]
Lang = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Text = Annotated[dict[Lang, Annotated[str, Field(max_length=5000)]], Field(min_length=1)]
Iso8601Duration = Annotated[str, AfterValidator(_duration), Field(max_length=20)]
Expression = Annotated[str, Field(min_length=1, max_length=500)]
Flag = StrictBool
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Clock = Literal["wall", "business"]
RoleKind = Literal["customer", "staff", "system"]
Subject = Literal["request", "job", "estimate", "invoice"]
FieldType = Literal[
    "text", "long_text", "choice", "bool", "number", "date", "datetime",
    "window", "money", "user", "service", "location", "file",
]  # fmt: skip
