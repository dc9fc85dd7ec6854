"""The particulars below a message about a record: what, where, when, who."""

from collections.abc import Iterator

from app.models import Customer, Estimate, Request
from app.services import message_about as told
from app.services.message_about import About
from app.services.message_values import Values

DESCRIPTION_LENGTH = 600


def details_of(about: About) -> list[tuple[str, str]]:
    """Return labels and values, the blank ones left out. Source: features 105, 109, 110."""
    if about.record is None:
        return []
    rows = _for_staff(about) if about.person.is_staff else _for_customer(about)
    found = [(about.tongue.word(label), value) for label, value in rows if value]
    return found + _own_answers(about)


def _for_customer(about: About) -> Iterator[tuple[str, str | None]]:
    yield "number", told.number_of(about)
    yield from _offer(about)
    yield "service", told.service_of(about)
    yield "location", told.address_of(about)
    yield from _when(about)
    if _was_handed_in(about):
        yield "contact", _contact(about, "name") or about.person.name
        yield "description", _description(about)


def _for_staff(about: About) -> Iterator[tuple[str, str | None]]:
    customer = _customer(about)
    name = customer.name if customer else None
    yield "number", told.number_of(about)
    yield from _offer(about)
    yield "customer", name
    yield "contact", _contact(about, "name") or (name if _was_handed_in(about) else None)
    yield "phone", _contact(about, "phone") or (customer.phone if customer else None)
    yield "email", _contact(about, "email") or (customer.email if customer else None)
    yield "service", told.service_of(about)
    yield "location", told.address_of(about)
    yield from _when(about)
    if about.request is not None and about.request.urgency == "urgent":
        yield "urgency", about.tongue.word("urgent")
    yield "description", _description(about)


def _own_answers(about: About) -> list[tuple[str, str]]:
    """Return the answers to the company's own questions, in the form's order."""
    if not (about.person.is_staff or _was_handed_in(about)) or about.definition is None:
        return []
    values = Values(about)
    asked = about.definition.own_fields
    found = [(about.pick(each.label), values[f"request.extra.{each.name}"]) for each in asked]
    return [(label, words) for label, words in found if words]


def _offer(about: About) -> Iterator[tuple[str, str | None]]:
    """Yield what the estimate says. Source: features 109 and 170 for its number."""
    estimate = about.estimate
    if estimate is None:
        return
    yield "estimate", estimate.number if estimate is not about.record else None
    yield "title", estimate.title if estimate is about.record else None
    yield "total", told.price_of(about)
    yield "valid_until", told.validity_of(about)


def _when(about: About) -> Iterator[tuple[str, str | None]]:
    job = about.job
    if job is not None and job.starts_at is not None:
        yield "appointment", about.tongue.window(job.starts_at, job.ends_at)
        who = job.technician
        # Source: D22, C25.
        yield "technician", about.company.shown_name(who.first_name, who.name) if who else None
    elif about.request is not None and not about.request.is_decided():
        yield "preferred", told.wishes_of(about)


def _was_handed_in(about: About) -> bool:
    return isinstance(about.record, Request) and about.event is not None and about.event.seq == 1


def _customer(about: About) -> Customer | None:
    return about.record.customer if about.record is not None else None


def _contact(about: About, part: str) -> str | None:
    record = about.request or about.record
    once = (about.request.contact_once if about.request else None) or {}
    if once:
        return once.get(part)
    contact = record.contact if record is not None else None
    return getattr(contact, part) if contact is not None else None


def _description(about: About) -> str | None:
    record = about.request if isinstance(about.record, Estimate) else about.record
    text = record.description.strip() if record is not None else ""
    return text if len(text) <= DESCRIPTION_LENGTH else f"{text[:DESCRIPTION_LENGTH]} …"
