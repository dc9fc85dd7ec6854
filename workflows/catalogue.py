"""What a definition may name: effects, facts, forms. Their bodies are bound elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from workflows.schema.base import DottedName, FieldType, MessageKey, Name, Subject

Phase = Literal["transaction", "after_commit"]
FactType = Literal["text", "bool", "number", "datetime", "list"]
RECIPIENTS = frozenset(
    {"customer", "company", "dispatchers", "owners", "reviewers", "technician", "office"}
)


class Params(BaseModel):
    """The parameters of an effect: frozen, closed to unknown names.

    ``references`` names those that hold a path, with the type found there (None: any).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    references: ClassVar[Mapping[str, FactType | None]] = {}


def _known_recipient(name: str) -> str:
    if name not in RECIPIENTS:
        raise ValueError(f"'{name}' is no recipient; use one of: {', '.join(sorted(RECIPIENTS))}")
    return name


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


# A reference names a fact or an input by its path; it is looked up, never evaluated.
Reference = DottedName
Recipient = Annotated[Name, AfterValidator(_known_recipient)]
Recipients = Annotated[tuple[Recipient, ...], Field(min_length=1), BeforeValidator(_listed)]


class NoParams(Params):
    """An effect that takes nothing."""


class SendMessage(Params):
    """Which message, to whom, with which one-click answers."""

    message: MessageKey
    to: Recipients
    actions: tuple[Name, ...] = ()


class MakeJob(Params):
    """A job from checked form values, or at a time already agreed."""

    references: ClassVar[Mapping[str, FactType | None]] = {"source": None, "at": "datetime"}
    source: Reference | None = Field(default=None, alias="from")
    at: Reference | None = None


class FromForm(Params):
    """Something made from checked form values."""

    references: ClassVar[Mapping[str, FactType | None]] = {"source": None}
    source: Reference | None = Field(default=None, alias="from")


class ProposeTime(Params):
    """A time offered to the customer, with a few words."""

    references: ClassVar[Mapping[str, FactType | None]] = {"at": "datetime", "note": "text"}
    at: Reference
    note: Reference | None = None


class AssignTechnician(Params):
    """Who is to do the job."""

    references: ClassVar[Mapping[str, FactType | None]] = {"technician": "number"}
    technician: Reference


class SetJobTime(Params):
    """When the job is to begin, and to end; without an end it takes as long as before."""

    references: ClassVar[Mapping[str, FactType | None]] = {"at": "datetime", "until": "datetime"}
    at: Reference
    until: Reference | None = None


class MarkTime(Params):
    """Which moment of a job's day is now."""

    moment: Literal["travel_started", "arrived", "started", "paused", "completed"]


class CloseEstimate(Params):
    """How the estimate ended."""

    outcome: Literal["accepted", "declined", "expired"]


class AnswerRequest(Params):
    """The step, taken by the system, of the request this record came from."""

    trigger: Name


class RecordPayment(Params):
    """Money taken outside the online checkout, in minor units."""

    references: ClassVar[Mapping[str, FactType | None]] = {"amount": "number", "method": "text"}
    amount: Reference | None = None
    method: Reference | None = None


@dataclass(frozen=True)
class EffectSpec:
    """The name, parameters and phase of an effect, and the effect that takes it back."""

    name: str
    params: type[Params] = NoParams
    phase: Phase = "transaction"
    inverse: str | None = None
    subjects: frozenset[Subject] | None = None  # None: any


@dataclass(frozen=True)
class FactSpec:
    """A value conditions may read. ``sample`` stands in for it in tests and checks."""

    name: str
    type: FactType
    sample: object = None


@dataclass(frozen=True)
class SpecField:
    """One value of a registered form."""

    name: str
    type: FieldType
    required: bool = False
    many: bool = False


@dataclass(frozen=True)
class FormSpec:
    """A form the product has; its checked values are ``input.KEY``."""

    name: str
    key: str
    fields: tuple[SpecField, ...] = field(default=())

    def field(self, name: str) -> SpecField | None:
        """Return the form's field of that name, if it has one."""
        return next((item for item in self.fields if item.name == name), None)


_REQUEST: frozenset[Subject] = frozenset({"request"})
_JOB: frozenset[Subject] = frozenset({"job"})
_ESTIMATE: frozenset[Subject] = frozenset({"estimate"})
_INVOICE: frozenset[Subject] = frozenset({"invoice"})

EFFECTS: tuple[EffectSpec, ...] = (
    EffectSpec("send_message", SendMessage, "after_commit"),
    EffectSpec("create_lead", subjects=_REQUEST),
    EffectSpec("create_estimate", subjects=_REQUEST),
    EffectSpec("send_estimate", FromForm, subjects=_REQUEST),
    EffectSpec("close_estimate", CloseEstimate, inverse="keep_estimate_closed", subjects=_REQUEST),
    EffectSpec("keep_estimate_closed", subjects=_REQUEST),
    EffectSpec("create_job", MakeJob, inverse="cancel_job", subjects=_REQUEST | _ESTIMATE),
    EffectSpec("create_visit", MakeJob, inverse="cancel_job", subjects=_REQUEST),
    EffectSpec("cancel_job", subjects=_REQUEST | _ESTIMATE),
    EffectSpec("propose_plan", subjects=_REQUEST),
    EffectSpec("propose_time", ProposeTime, inverse="withdraw_time", subjects=_REQUEST),
    EffectSpec("withdraw_time", subjects=_REQUEST),
    EffectSpec("assign_technician", AssignTechnician, inverse="clear_technician", subjects=_JOB),
    EffectSpec("clear_technician", subjects=_JOB),
    EffectSpec("set_job_time", SetJobTime, subjects=_JOB),
    EffectSpec("mark_time", MarkTime, subjects=_JOB),
    EffectSpec("revise_estimate", FromForm, subjects=_ESTIMATE),
    EffectSpec("mark_sent", subjects=_ESTIMATE),
    EffectSpec("answer_request", AnswerRequest, subjects=_ESTIMATE | _JOB),
    EffectSpec("number_invoice", subjects=_INVOICE),
    EffectSpec("open_portal", subjects=_INVOICE),
    EffectSpec("close_checkout", phase="after_commit", subjects=_INVOICE),
    EffectSpec("record_payment", RecordPayment, subjects=_INVOICE),
)

FACTS: tuple[FactSpec, ...] = (
    FactSpec("slot_free", "bool", True),
    FactSpec("has_active_plan", "bool", True),
    FactSpec("plan_matches", "number", 1),
    FactSpec("customer_reachable", "bool", True),
    FactSpec("inside_opening_hours", "bool", True),
    FactSpec("is_my_job", "bool", True),
)

_JOB_FIELDS = (
    SpecField("customer", "number"), SpecField("location", "location"),
    SpecField("contact", "number"), SpecField("service", "service"), SpecField("title", "text"),
    SpecField("category", "number"), SpecField("client_service", "number"),
    SpecField("description", "long_text"), SpecField("notes", "long_text"),
    SpecField("starts_at", "datetime"), SpecField("ends_at", "datetime"),
    SpecField("priority", "text"), SpecField("sla_due_at", "datetime"),
    SpecField("technician", "user"), SpecField("skills", "number", many=True),
    SpecField("parts", "number", many=True), SpecField("assets", "number", many=True),
)  # fmt: skip

FORMS: tuple[FormSpec, ...] = (
    FormSpec("create_job", "job", _JOB_FIELDS),
    FormSpec("create_visit", "visit", _JOB_FIELDS),
    FormSpec(
        "send_estimate",
        "estimate",
        (
            SpecField("title", "text"), SpecField("note", "long_text"),
            SpecField("valid_until", "date"), SpecField("lines", "text", many=True),
        ),
    ),
)  # fmt: skip
