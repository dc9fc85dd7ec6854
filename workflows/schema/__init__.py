"""What a definition is: frozen data, checked part by part."""

from workflows.schema.base import MESSAGE_BUDGET, RESERVED_NAMES, Part
from workflows.schema.definition import Definition, Role
from workflows.schema.fields import BuiltInField, Choice, FormField, RequestField
from workflows.schema.published import language_schema
from workflows.schema.steps import (
    Condition,
    EffectUse,
    State,
    Submit,
    Timer,
    TopTimer,
    Transition,
    Validator,
)
from workflows.schema.words import Case, CaseStep, Email, Expected, Message, Sms

__all__ = [
    "MESSAGE_BUDGET", "RESERVED_NAMES", "BuiltInField", "Case", "CaseStep", "Choice",
    "Condition", "Definition", "EffectUse", "Email", "Expected", "FormField", "Message", "Part",
    "RequestField", "Role", "Sms", "State", "Submit", "Timer", "TopTimer", "Transition",
    "Validator", "language_schema",
]  # fmt: skip
