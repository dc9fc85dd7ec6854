"""The estimate form: one form for "New estimate", for editing, and for answering a request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flask import request
from sqlalchemy.orm import Session

from admin_views.base import clean_id, company, language
from admin_views.job_choices import Choice, Choices, Wanted, gather
from app import clock
from app.errors import Invalid
from app.models import Estimate, Request
from app.services import estimate_forms, estimate_prefill, estimate_totals
from app.services.estimate_forms import Row
from app.services.form import plain

ORDER: Final = "_line"  # the form's own buttons: a line more, a line less, up, down
_FIELDS: Final = ("customer", "location", "contact", "title", "note", "valid_until", "lines")


@dataclass(frozen=True)
class EstimateForm:
    """The form as a page draws it: values, errors, lines, what each field offers."""

    values: Mapping[str, Any]
    errors: Mapping[str, str]
    choices: Choices
    total_cents: int | None = None  # once every line can be read
    prefilled: frozenset[str] = field(default=frozenset())

    @property
    def rows(self) -> Sequence[Row]:
        """Return the lines in their order."""
        return estimate_forms.rows(self.values)

    def value(self, name: str) -> str:
        """Return the one value of a field."""
        found = self.values.get(name) or ""
        return str(found[-1] if isinstance(found, list) else found)

    def error(self, name: str) -> str | None:
        """Return what is wrong with a field."""
        return self.errors.get(name)

    def cell_error(self, row: Row) -> str | None:
        """Return what is wrong in a line, the first thing first."""
        found = (self.errors.get(f"line_{row.number}_{name}") for name in estimate_forms.CELLS)
        return next(filter(None, found), None)

    def offered(self, name: str) -> Sequence[Choice]:
        """Return what a field offers."""
        return self.choices.of(name)

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Return what a field offers as (value, label)."""
        return [
            (one.value, ", ".join(filter(None, (one.label, one.hint.strip()))))
            for one in self.offered(name)
        ]

    def other_errors(self) -> list[str]:
        """Return complaints about what the form doesn't draw."""
        return [
            error
            for name, error in self.errors.items()
            if name not in _FIELDS and not name.startswith("line_")
        ]


def estimate_form(
    session: Session, values: Mapping[str, Any], errors: Mapping[str, str], *, customer: int = 0
) -> EstimateForm:
    """Return the form with everything its fields offer, rearranged if a button of it asks so."""
    if ORDER in request.form:
        usual = estimate_prefill.usual_line(company(), language())
        values = estimate_forms.rearranged(values, request.form[ORDER][:16], usual)
    wanted = Wanted(
        company_id=company().id,
        customer_id=customer or clean_id(_single(values.get("customer"))),
        language=language(),
        search=plain(str(_single(values.get("customer_search")) or "")).strip()[:100],
    )
    choices = gather(session, wanted)
    choices.by_field["service"] = [
        replace(choice, value=choice.value.removeprefix("service:"))
        for choice in choices.of("service")
    ]
    return EstimateForm(values, errors, choices, _total(session, values))


def start_of(session: Session, record: Request | Estimate) -> dict[str, str]:
    """Return what the form of a record's step starts with."""
    if isinstance(record, Estimate):
        return estimate_prefill.of_estimate(record, company(), language())
    return estimate_prefill.of_request(session, record, company(), language(), at=clock.now())


def is_rearranging() -> bool:
    """Return True for a form sent by one of its own buttons, not to be taken."""
    return ORDER in request.form


def _total(session: Session, values: Mapping[str, Any]) -> int | None:
    try:
        typed = estimate_forms.clean(
            session, {**values, "title": "-", "valid_until": ""}, company(), at=clock.now()
        )
    except Invalid:
        return None
    return estimate_totals.totals(typed.lines).total_cents


def _single(value: Any) -> Any:
    if isinstance(value, list):
        return value[-1] if value else None
    return value
