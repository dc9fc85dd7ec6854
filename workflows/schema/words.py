"""Messages and the definition's own tests."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, JsonValue, model_serializer, model_validator

from workflows.schema.base import DottedName, Iso8601Duration, Lang, Name, Part


class Email(Part):
    """An e-mail in one language."""

    subject: str = Field(min_length=1, max_length=300)
    body: str = Field(min_length=1, max_length=10_000)


class Sms(Part):
    """A text message in one language."""

    body: str = Field(min_length=1, max_length=600)


class Message(Part):
    """One message, by channel and language."""

    email: dict[Lang, Email] = Field(default_factory=dict)
    sms: dict[Lang, Sms] = Field(default_factory=dict)

    @property
    def channels(self) -> dict[str, dict[str, Email] | dict[str, Sms]]:
        """Return the channels the message has words for."""
        both: dict[str, dict[str, Email] | dict[str, Sms]] = {"email": self.email, "sms": self.sms}
        return {name: texts for name, texts in both.items() if texts}


class CaseStep(Part):
    """One line of ``when``: a trigger taken by a role, or time that passes."""

    trigger: Name | None = None
    role: Name | None = None
    input: dict[DottedName, JsonValue] = Field(default_factory=dict)
    wait: Iso8601Duration | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_one_key(cls, value: Any) -> Any:
        if not isinstance(value, dict) or len(value) != 1:
            raise ValueError("write one step as {trigger: {as: role}} or {wait: PT1H}")
        name, rest = next(iter(value.items()))
        if name == "wait":
            return {"wait": rest}
        if not isinstance(rest, dict) or "as" not in rest:
            raise ValueError("say who takes the step: {trigger: {as: role}}")
        given = {key: item for key, item in rest.items() if key != "as"}
        return {"trigger": name, "role": rest["as"], "input": given}

    @model_serializer
    def _to_one_key(self) -> dict[str, Any]:
        if self.trigger is None:
            return {"wait": self.wait}
        return {self.trigger: {"as": self.role, **self.input}}


class Expected(Part):
    """What a test expects: ``effects`` is exact and in order, ``refused`` a code."""

    state: Name
    effects: tuple[str, ...] | None = None
    refused: Name | None = None


class Case(Part):
    """One test of a definition; ``given`` sets facts by their dotted names, and the clock."""

    name: str = Field(min_length=1, max_length=200)
    given: dict[DottedName, JsonValue] = Field(default_factory=dict)
    when: Annotated[tuple[CaseStep, ...], Field(max_length=50)] = ()
    then: Expected
