"""What people call the facts a condition may ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from workflows import registry
from workflows.names import label_of, named, question
from workflows.phrases import Own, Phrase
from workflows.problems import N_
from workflows.schema import Definition, FormField, Transition
from workflows.vocabulary import COMMON, SUBJECTS, known_facts

FACTS: Final[Mapping[str, str]] = {
    "now": N_("The moment it happens"),
    "actor.role": N_("Role of whoever does it"),
    "actor.kind": N_("Team or customer"),
    "actor.name": N_("Name of whoever does it"),
    "actor.language": N_("Language of whoever does it"),
    "company.name": N_("Name of the company"),
    "company.slug": N_("Short name of the company"),
    "company.currency": N_("Currency of the company"),
    "company.language": N_("Language of the company"),
    "company.timezone": N_("Time zone of the company"),
    "company.decline_instructions": N_("The company’s advice after declining"),
    "company.email": N_("Mail address of the company"),
    "company.phone": N_("Phone of the company"),
    "customer.name": N_("Name of the customer"),
    "customer.first_name": N_("First name of the customer"),
    "customer.language": N_("Language of the customer"),
    "customer.email": N_("Mail address of the customer"),
    "customer.phone": N_("Phone of the customer"),
    "customer.onboarded": N_("The customer is onboarded"),
    "customer.portal_access": N_("Portal access of the customer"),
    "customer.sla_hours": N_("Hours promised to the customer"),
    "request.number": N_("Number of the request"),
    "request.state": N_("State of the request"),
    "request.kind": N_("What the request is about"),
    "request.urgency": N_("Urgency"),
    "request.service": N_("Service asked for"),
    "request.category": N_("Kind of work"),
    "request.description": N_("Description of the problem"),
    "request.notes": N_("Notes of the customer"),
    "request.location": N_("Place of the work"),
    "request.contact_name": N_("Name of whom to call"),
    "request.contact_email": N_("Mail address of whom to call"),
    "request.contact_phone": N_("Phone of whom to call"),
    "request.submitted_at": N_("When the request came"),
    "request.preferred_at": N_("First preferred date"),
    "request.preferred_times": N_("Preferred times"),
    "request.proposed_at": N_("Time we proposed"),
    "request.proposal_rounds": N_("How many times were proposed"),
    "request.photos": N_("Number of photos"),
    "request.job_number": N_("Number of the job made from it"),
    "request.estimate_number": N_("Number of the estimate made from it"),
    "job.number": N_("Number of the job"),
    "job.state": N_("State of the job"),
    "job.title": N_("Title of the job"),
    "job.service": N_("Service of the job"),
    "job.description": N_("Description of the job"),
    "job.location": N_("Place of the job"),
    "job.priority": N_("Priority of the job"),
    "job.starts_at": N_("Beginning of the job"),
    "job.ends_at": N_("End of the job"),
    "job.sla_due_at": N_("When the job was promised"),
    "job.completed_at": N_("When the job was completed"),
    "job.technician": N_("Technician of the job"),
    "job.is_visit": N_("The job is a visit of a plan"),
    "job.has_technician": N_("A technician is assigned"),
    "estimate.number": N_("Number of the estimate"),
    "estimate.state": N_("State of the estimate"),
    "estimate.title": N_("Title of the estimate"),
    "estimate.total": N_("Total of the estimate, in words"),
    "estimate.total_cents": N_("Total of the estimate"),
    "estimate.valid_until": N_("How long the estimate stands"),
    "estimate.lines": N_("Number of lines on the estimate"),
    "estimate.has_request": N_("The estimate came from a request"),
    "estimate.location": N_("Place of the estimate"),
    "invoice.number": N_("Number of the invoice"),
    "invoice.state": N_("State of the invoice"),
    "invoice.total": N_("Total of the invoice, in words"),
    "invoice.total_cents": N_("Total of the invoice"),
    "invoice.due": N_("What is still to be paid, in words"),
    "invoice.due_cents": N_("What is still to be paid"),
    "invoice.paid_cents": N_("What was paid already"),
    "invoice.due_at": N_("When the invoice is due"),
    "invoice.lines": N_("Number of lines on the invoice"),
    "facts.slot_free": N_("The proposed time is still free"),
    "facts.has_active_plan": N_("The customer has an active plan"),
    "facts.plan_matches": N_("Number of plans that fit"),
    "facts.customer_reachable": N_("The customer can be reached"),
    "facts.inside_opening_hours": N_("It is within the opening hours"),
    "facts.is_my_job": N_("The job is one’s own"),
}
GROUPS: Final[Mapping[str, str]] = {
    "input": N_("Answers of this form"),
    "request": N_("Request"),
    "job": N_("Job"),
    "estimate": N_("Estimate"),
    "invoice": N_("Invoice"),
    "customer": N_("Customer"),
    "actor": N_("Whoever does it"),
    "facts": N_("What Callout looks up"),
    "company": N_("Company"),
    "now": N_("Time"),
}
_JOB_VALUES: Final[Mapping[str, str]] = {
    "starts_at": "job.starts_at", "ends_at": "job.ends_at", "title": "job.title",
    "description": "job.description", "priority": "job.priority", "location": "job.location",
    "service": "job.service", "sla_due_at": "job.sla_due_at", "technician": "job.technician",
    "valid_until": "estimate.valid_until",
}  # fmt: skip
_FORM_VALUES: Final[Mapping[str, str]] = {
    "customer": N_("Customer"),
    "contact": N_("Whom to call"),
    "category": N_("Kind of work"),
    "client_service": N_("Plan"),
    "notes": N_("Notes"),
    "note": N_("Note"),
    "skills": N_("Skills"),
    "parts": N_("Parts"),
    "assets": N_("Assets"),
    "lines": N_("Lines"),
    "title": N_("Title"),
}


def fact(definition: Definition, path: str, way: Transition | None = None) -> Phrase | Own:
    """Return what people call a fact; own questions and answers by their labels."""
    if path in FACTS:
        return Phrase(FACTS[path])
    if path.startswith("request.extra."):
        return _own(definition, path.removeprefix("request.extra."))
    if path.startswith("input."):
        return _answer(definition, path.removeprefix("input."), way)
    return named({}, path.rpartition(".")[2])


def group_of(path: str) -> str:
    """Return the heading a fact stands under."""
    return path.partition(".")[0]


def known(definition: Definition, way: Transition | None = None) -> dict[str, Phrase | Own]:
    """Return every fact a condition may ask about there, by path, with its name."""
    return {path: fact(definition, path, way) for path in known_facts(definition, way)}


def unnamed() -> list[str]:
    """Return the facts nobody has a name for yet: none, a test says."""
    paths = [*COMMON, *(path for facts in SUBJECTS.values() for path in facts)]
    paths += [f"facts.{name}" for name in registry.facts()]
    return [path for path in paths if path not in FACTS]


def _own(definition: Definition, name: str) -> Phrase | Own:
    found = (own for own in definition.own_fields if own.name == name)
    rule = next(found, None)
    return label_of(rule) if rule else named({}, name)


def _answer(definition: Definition, name: str, way: Transition | None) -> Phrase | Own:
    head, _, rest = name.partition(".")
    if rest:
        known_as = _JOB_VALUES.get(rest)
        return Phrase(FACTS[known_as]) if known_as else named(_FORM_VALUES, rest)
    fields: Sequence[FormField] = way.fields if way else _all_fields(definition)
    found = next((one for one in fields if one.name == head), None)
    if found is not None:
        return label_of(found)
    asked = (q for q in definition.request_form if getattr(q, "field", None) == head)
    built_in = next(asked, None)
    return question(built_in) if built_in else _own(definition, head)


def _all_fields(definition: Definition) -> list[FormField]:
    return [field for way in definition.transitions for field in way.fields]
