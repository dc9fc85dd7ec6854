"""The facts a definition may read, by path: what conditions see and messages may say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from workflows import registry
from workflows.catalogue import FactType

if TYPE_CHECKING:
    from workflows.schema import Definition, Transition

SAMPLES: Mapping[FactType, object] = {
    "text": "text",
    "bool": True,
    "number": 1,
    "datetime": datetime(2030, 1, 2, 8, tzinfo=UTC),
    "list": ["text"],
}

FIELD_FACTS: Mapping[str, FactType] = {
    "text": "text", "long_text": "text", "choice": "text", "bool": "bool", "number": "number",
    "date": "datetime", "datetime": "datetime", "window": "list", "money": "number",
    "user": "number", "service": "text", "location": "text", "file": "text",
}  # fmt: skip

COMMON: Mapping[str, FactType] = {
    "now": "datetime",
    "actor.role": "text", "actor.kind": "text", "actor.name": "text", "actor.language": "text",
    "company.name": "text", "company.slug": "text", "company.currency": "text",
    "company.language": "text", "company.timezone": "text",
    "company.decline_instructions": "text", "company.email": "text", "company.phone": "text",
    "customer.name": "text", "customer.first_name": "text", "customer.language": "text",
    "customer.email": "text", "customer.phone": "text", "customer.onboarded": "bool",
    "customer.portal_access": "text", "customer.sla_hours": "number",
}  # fmt: skip

SUBJECTS: Mapping[str, Mapping[str, FactType]] = {
    "request": {
        "request.number": "text", "request.state": "text", "request.kind": "text",
        "request.urgency": "text", "request.service": "text", "request.category": "text",
        "request.description": "text", "request.notes": "text", "request.location": "text",
        "request.contact_name": "text", "request.contact_email": "text",
        "request.contact_phone": "text", "request.submitted_at": "datetime",
        "request.preferred_at": "datetime", "request.preferred_times": "text",
        "request.proposed_at": "datetime", "request.proposal_rounds": "number",
        "request.photos": "number", "request.job_number": "text",
        "request.estimate_number": "text",
    },
    "job": {
        "job.number": "text", "job.state": "text", "job.title": "text", "job.service": "text",
        "job.description": "text", "job.location": "text", "job.priority": "text",
        "job.starts_at": "datetime", "job.ends_at": "datetime", "job.sla_due_at": "datetime",
        "job.completed_at": "datetime", "job.technician": "text", "job.is_visit": "bool",
        "job.has_technician": "bool",
    },
    "estimate": {
        "estimate.number": "text", "estimate.state": "text", "estimate.title": "text",
        "estimate.total": "text", "estimate.total_cents": "number",
        "estimate.valid_until": "datetime", "estimate.lines": "number",
        "estimate.has_request": "bool", "estimate.location": "text",
    },
    "invoice": {
        "invoice.number": "text", "invoice.state": "text", "invoice.total": "text",
        "invoice.total_cents": "number", "invoice.due": "text", "invoice.due_cents": "number",
        "invoice.paid_cents": "number", "invoice.due_at": "datetime", "invoice.lines": "number",
    },
}  # fmt: skip

# A step on a request may have made a job or an estimate, whose words its message then needs.
ALSO_SAID: Mapping[str, tuple[str, ...]] = {
    "request": ("job", "estimate"),
    "job": (),
    "estimate": ("job",),
    "invoice": ("job",),
}


@lru_cache(maxsize=64)
def subject_facts(subject: str) -> Mapping[str, FactType]:
    """Return the paths every definition with that subject may read, with their types."""
    return {**COMMON, **SUBJECTS[subject]}


def known_facts(
    definition: Definition, transition: Transition | None = None
) -> dict[str, FactType]:
    """Return every path a condition may read there, with its type.

    With a transition its form's values are there too, as ``input.NAME``.
    """
    known = dict(subject_facts(definition.subject))
    known.update({f"facts.{name}": spec.type for name, spec in registry.facts().items()})
    if definition.subject == "request":
        known.update(
            {f"request.extra.{own.name}": FIELD_FACTS[own.type] for own in definition.own_fields}
        )
    if transition is not None:
        known.update(input_facts(transition))
    return known


def input_facts(transition: Transition) -> dict[str, FactType]:
    """Return the paths of a transition's own form, ``input.NAME`` and ``input.FORM.NAME``."""
    found: dict[str, FactType] = {
        f"input.{field.name}": FIELD_FACTS[field.type] for field in transition.fields
    }
    form = registry.forms().get(transition.form) if transition.form else None
    if form is not None:
        for field in form.fields:
            kind: FactType = "list" if field.many else FIELD_FACTS[field.type]
            found[f"input.{form.key}.{field.name}"] = kind
    return found


def sample_of(path: str, kind: FactType) -> object:
    """Return a value of the right type, to try an expression on."""
    if path.startswith("facts."):
        spec = registry.facts().get(path.removeprefix("facts."))
        if spec is not None and spec.sample is not None:
            return spec.sample
    return SAMPLES[kind]
