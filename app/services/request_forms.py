"""The request form: what a definition asks, what may be answered, and the checked answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from app.errors import N_, DomainError
from app.models import Company, Customer
from app.services import references
from app.services.form import Raw
from app.services.request_choices import offered, own_choices
from app.services.work_form import WorkForm
from workflows import audit, facts
from workflows.fields import clean_form
from workflows.schema import Definition, FormField, RequestField

DAY_PARTS = ("flexible", "morning", "afternoon")
_CHOOSE = N_("Please choose one from the list.")
_PAST = N_("This day has passed. Please choose a later one.")


@dataclass(frozen=True)
class Ask:
    """One question: its built-in name or the company's own, its rule, and the answers offered."""

    name: str
    rule: RequestField
    choices: Sequence[tuple[str, str]] = ()

    @property
    def is_own(self) -> bool:
        """Return True for a question the company added itself."""
        return isinstance(self.rule, FormField)


@dataclass
class Draft:
    """Checked answers, as columns of a request, its dates and the company's own fields."""

    columns: dict[str, Any] = field(default_factory=dict)
    dates: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    photos_max: int = 0


def asks(
    session: Session, definition: Definition, company: Company, customer: Customer, language: str
) -> list[Ask]:
    """Return the form's questions in order, with this customer's own places and people."""
    found = []
    for rule in definition.request_form:
        if isinstance(rule, FormField):
            rows = own_choices(session, rule, company, customer, language)
            found.append(Ask(rule.name, rule, rows))
        else:
            found.append(Ask(rule.field, rule, offered(session, rule, company, customer, language)))
    return found


def clean(
    session: Session,
    definition: Definition,
    company: Company,
    customer: Customer,
    raw: Raw,
    *,
    today: date,
) -> Draft:
    """Return the checked answers; whatever no question asks for is dropped.

    Raises Invalid with every field that is wrong.
    """
    form, draft = WorkForm(raw), Draft()
    for rule in definition.request_form:
        if not isinstance(rule, FormField):
            _READERS[rule.field](form, rule, draft, today)
    known = {**facts.about_customer(customer), "input": _asked_before(definition, raw)}
    own = clean_form(definition.own_fields, raw, known, zone=company.timezone)
    # A file is asked for as a photo: whatever came under another name is not one.
    kept = {r.name: own.values[r.name] for r in definition.own_fields if r.type != "file"}
    draft.extra = audit.plain({name: value for name, value in kept.items() if value is not None})
    for name, wrong in own.wrong.items():
        form.errors.setdefault(name, DomainError(wrong.msgid, **wrong.params))
    nouns = {r.name: _OWN_NOUNS[r.type] for r in definition.own_fields if r.type in _OWN_NOUNS}
    _check_references(session, form, draft, nouns, customer)
    form.check()
    return draft


def _asked_before(definition: Definition, raw: Raw) -> dict[str, str | None]:
    """Return the answers to Callout's own questions, as the company's own may hang on them."""
    asked = [rule.field for rule in definition.request_form if not isinstance(rule, FormField)]
    given = {name: raw.get(name) for name in asked}
    return {name: value if isinstance(value, str) and value else None
            for name, value in given.items()}  # fmt: skip


def _read_service(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    chosen = form.prefixed_id("service", "category", "service")
    words = form.text("service_text") if "free_text" in rule.sources else None
    if chosen:
        draft.columns[f"{chosen[0]}_id"] = chosen[1]
    draft.columns["service_text"] = words
    if rule.required and not chosen and not words:
        form.complain("service", _CHOOSE)
    elif rule.needs and "free_text" in rule.needs and not words:
        form.complain("service_text", N_("Please say in your own words what you need."))
    elif rule.needs and "free_text" not in rule.needs and not chosen:
        form.complain("service", _CHOOSE)


def _read_category(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    chosen = form.prefixed_id("category", "category")
    if chosen:
        draft.columns["category_id"] = chosen[1]
    elif rule.required:
        form.complain("category", _CHOOSE)


def _read_description(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    limit = rule.max_length or 5000
    text = form.long_text("description", limit=limit) or ""
    if rule.required and not text:
        form.complain("description", N_("Please describe what is needed."))
    elif rule.min_length and len(text) < rule.min_length:
        form.complain("description", N_("Please describe it in a sentence or two."))
    draft.columns["description"] = text


def _read_urgency(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    draft.columns["urgency"] = form.choice("urgency", ("normal", "urgent"), default="normal")


def _read_kind(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    draft.columns["kind"] = form.choice("kind", rule.options, default=rule.options[0])


def _read_notes(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    draft.columns["notes"] = form.long_text("notes", required=rule.required)


def _read_photos(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    draft.photos_max = rule.max


def _read_location(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    chosen = form.id("location") if form.text("location") != "other" else None
    if chosen:
        draft.columns["location_id"] = chosen
        return
    if {"once", "add"} & set(rule.allow) and form.text("street"):
        names = ("street", "postcode", "city", "country")
        draft.columns["address_once"] = {name: form.text(name) for name in names}
    elif rule.required and "location" not in form.errors:
        form.complain("location", N_("Please choose where the work is needed."))


def _read_contact(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    chosen = form.id("contact") if form.text("contact") != "other" else None
    if chosen and "choose" in rule.allow:
        draft.columns["contact_id"] = chosen
    elif "add" in rule.allow and form.text("contact_name"):
        draft.columns["contact_once"] = {
            "name": form.text("contact_name"),
            "email": form.email("contact_email"),
            "phone": form.phone("contact_phone"),
        }


def _read_dates(form: WorkForm, rule: Any, draft: Draft, today: date) -> None:
    for rank in range(1, (rule.max if rule.mode == "dates" else 1) + 1):
        wish = _wish(form, rule, rank, today)
        if wish:
            draft.dates.append({"rank": len(draft.dates) + 1, **wish})
    if rule.mode != "dates" and (form.has("date_2") and form.text("date_2")):
        form.complain("date_2", N_("Please give one date only."))
    if rule.required and not draft.dates and "date_1" not in form.errors:
        form.complain("date_1", N_("Please choose a day that would suit you."))


def _wish(form: WorkForm, rule: Any, rank: int, today: date) -> dict[str, Any] | None:
    name = f"date_{rank}"
    day = form.day(name)
    if day is None:
        return None
    if day < today:
        form.complain(name, _PAST)
    wish: dict[str, Any] = {"day": day}
    if rule.mode == "window":
        wish["last_day"] = form.day(f"{name}_to") or day
        if wish["last_day"] < day:
            form.complain(f"{name}_to", N_("The end must be after the beginning."))
    if rule.mode == "datetime":
        at: time | None = form.clock_time(f"{name}_time")
        wish["at_time"] = at
    if rule.day_part:
        wish["day_part"] = form.choice(f"{name}_part", DAY_PARTS, default="flexible")
    return wish


_READERS: Mapping[str, Callable[[WorkForm, Any, Draft, date], None]] = {
    "service": _read_service,
    "category": _read_category,
    "description": _read_description,
    "urgency": _read_urgency,
    "kind": _read_kind,
    "notes": _read_notes,
    "photos": _read_photos,
    "location": _read_location,
    "contact": _read_contact,
    "preferred_dates": _read_dates,
}


def _check_references(
    session: Session, form: WorkForm, draft: Draft, own: Mapping[str, str], customer: Customer
) -> None:
    """Complain about every row that is not there, or not the customer's own. Source: C02.

    ``own`` has the nouns that the company's own questions ask for, by their names.
    """
    asked = [(noun, draft.columns.get(f"{noun}_id"), _FIELD_OF.get(noun, noun)) for noun in _NOUNS]
    asked += [(noun, draft.extra.get(name), name) for name, noun in own.items()]
    wanted = [(noun, id_) for noun, id_, _ in asked if isinstance(id_, int)]
    found = references.find(session, customer.company_id, wanted)
    for noun, id_, name in asked:
        row = found.get((noun, id_)) if isinstance(id_, int) else None
        foreign = row and noun in ("location", "contact") and row.parent_id != customer.id
        if id_ is not None and (row is None or foreign):
            form.complain(name, _CHOOSE)


_NOUNS = ("location", "contact", "category", "service")
_FIELD_OF = {"category": "service"}
# What the company's own questions may name, as the rows are called.
_OWN_NOUNS = {"location": "location", "service": "service", "user": "technician"}
