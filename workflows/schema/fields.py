"""Fields: what a transition asks, and what the request form asks."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, StrictFloat, StrictInt, Tag, model_validator

from workflows.schema.base import Count, Expression, FieldType, Flag, Name, OwnName, Part, Text

Number = StrictInt | StrictFloat
Source = Literal["category", "catalog", "bookable", "free_text"]


class Choice(Part):
    """One answer of a choice field."""

    value: Name
    label: Text


class FormField(Part):
    """A field with a type, on a transition's form or among a company's own questions."""

    name: OwnName
    type: FieldType
    label: Text
    help: Text | None = None
    required: Flag = False
    min_length: Count | None = None
    max_length: Count | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    max: Count | None = None
    choices: tuple[Choice, ...] = Field(default=(), max_length=100)
    visible_to_customer: Flag = False
    suggestions: Name | None = None
    visible_if: Expression | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("choices belong to a field of type choice, which needs at least one")
        is_text = self.type in ("text", "long_text")
        if not is_text and (self.min_length is not None or self.max_length is not None):
            raise ValueError("min_length and max_length belong to text and long_text")
        is_number = self.type in ("number", "money")
        if not is_number and (self.minimum is not None or self.maximum is not None):
            raise ValueError("minimum and maximum belong to number and money")
        if len({choice.value for choice in self.choices}) != len(self.choices):
            raise ValueError("two choices have the same value; give each its own")
        return self


class _BuiltIn(Part):
    """A question the product knows: its column, its picker, its checks."""

    label: Text | None = None
    help: Text | None = None
    required: Flag = False


class KindField(_BuiltIn):
    """One-time, recurring, issue report, service change."""

    field: Literal["kind"]
    options: tuple[Literal["one_time", "recurring", "issue", "service_change"], ...] = Field(
        default=("one_time",), min_length=1
    )


class ServiceField(_BuiltIn):
    """What is to be done: a category, the catalog, the bookable list, or the customer's words.

    A required question takes any of its sources for an answer, unless ``needs`` names some.
    """

    field: Literal["service"]
    sources: tuple[Source, ...] = Field(min_length=1)
    needs: tuple[Source, ...] = ()


class CategoryField(_BuiltIn):
    """One of the company's service categories."""

    field: Literal["category"]


class DescriptionField(_BuiltIn):
    """The issue in the customer's words."""

    field: Literal["description"]
    min_length: Count | None = None
    max_length: Count | None = None


class UrgencyField(_BuiltIn):
    """Normal or urgent."""

    field: Literal["urgency"]


class PreferredDatesField(_BuiltIn):
    """When the customer would like it: one date, a window, up to ``max`` dates, date and time."""

    field: Literal["preferred_dates"]
    mode: Literal["single", "window", "dates", "datetime"] = "single"
    max: Annotated[StrictInt, Field(ge=1, le=10)] = 1
    day_part: Flag = False


class LocationField(_BuiltIn):
    """Where: an address on file, one for this time only, one to add."""

    field: Literal["location"]
    allow: tuple[Literal["on_file", "once", "add"], ...] = Field(default=("on_file",), min_length=1)


class ContactField(_BuiltIn):
    """Whom to call: the account's contact, another on file, one to add."""

    field: Literal["contact"]
    allow: tuple[Literal["account", "choose", "add"], ...] = Field(
        default=("account",), min_length=1
    )


class NotesField(_BuiltIn):
    """Anything else."""

    field: Literal["notes"]


class PhotosField(_BuiltIn):
    """Pictures of the issue."""

    field: Literal["photos"]
    max: Annotated[StrictInt, Field(ge=1, le=20)] = 3


def _tag(value: Any) -> str:
    named = value.get("field") if isinstance(value, dict) else getattr(value, "field", None)
    return named if isinstance(named, str) else "own"


BuiltInField = (
    KindField | ServiceField | CategoryField | DescriptionField | UrgencyField
    | PreferredDatesField | LocationField | ContactField | NotesField | PhotosField
)  # fmt: skip
RequestField = Annotated[
    Annotated[KindField, Tag("kind")]
    | Annotated[ServiceField, Tag("service")]
    | Annotated[CategoryField, Tag("category")]
    | Annotated[DescriptionField, Tag("description")]
    | Annotated[UrgencyField, Tag("urgency")]
    | Annotated[PreferredDatesField, Tag("preferred_dates")]
    | Annotated[LocationField, Tag("location")]
    | Annotated[ContactField, Tag("contact")]
    | Annotated[NotesField, Tag("notes")]
    | Annotated[PhotosField, Tag("photos")]
    | Annotated[FormField, Tag("own")],
    Discriminator(_tag),
]
