"""The Create Job form: one form for "New job" and for approving a request. Source: feature 52."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from admin_views.base import clean_id, company, language
from admin_views.job_choices import Choice, Choices, Wanted, gather
from admin_views.wording import PRIORITIES
from app.services.form import plain

_LABELS = {
    "customer": _l("Customer"), "location": _l("Location"), "contact": _l("Contact on site"),
    "title": _l("Title"), "service": _l("Service"), "priority": _l("Priority"),
    "date": _l("Date"), "start_time": _l("From"), "end_time": _l("Until"),
    "technician": _l("Technician"), "sla_due": _l("Finish by"),
    "description": _l("Description for the technician"), "skills": _l("Skills needed"),
    "parts": _l("Parts"), "assets": _l("Assets"), "client_service": _l("Plan"),
}  # fmt: skip

# Where a definition's complaint about a checked value is shown.
_SHOWN_AT = {"starts_at": "date", "ends_at": "end_time", "sla_due_at": "sla_due"}


@dataclass(frozen=True)
class JobForm:
    """The form as a page draws it: values, errors, what each field offers."""

    values: Mapping[str, Any]
    errors: Mapping[str, str]
    prefilled: frozenset[str]
    choices: Choices
    default_hours: int | None = None  # what a blank deadline becomes

    def label(self, name: str) -> str:
        """Return a field's label."""
        return str(_LABELS[name])

    def value(self, name: str) -> str:
        """Return the one value of a field."""
        found = self.values.get(name) or ""
        return str(found[-1] if isinstance(found, list) else found)

    def chosen(self, name: str) -> set[str]:
        """Return every value chosen in a field that takes several."""
        found = self.values.get(name) or []
        return {str(item) for item in (found if isinstance(found, list) else [found])}

    def error(self, name: str) -> str | None:
        """Return what is wrong with a field."""
        return self.errors.get(name)

    def offered(self, name: str) -> Sequence[Choice]:
        """Return what a field offers."""
        return self.choices.of(name)

    def groups(self) -> list[tuple[str, Sequence[Choice]]]:
        """Return the services under their two headings."""
        found = [
            (_("Services"), self.offered("service")),
            (_("Kinds of work"), self.offered("category")),
        ]
        return [(heading, choices) for heading, choices in found if choices]

    def priorities(self) -> list[tuple[str, str]]:
        """Return the priorities, least first."""
        return [(key, str(label)) for key, label in PRIORITIES.items()]

    def other_errors(self) -> list[str]:
        """Return complaints about fields the form doesn't draw."""
        drawn = set(_LABELS)
        return [error for name, error in self.errors.items() if name not in drawn]


def job_form(
    session: Session, values: Mapping[str, Any], errors: Mapping[str, str],
    *, prefilled: Mapping[str, Any] | None = None, default_hours: int | None = None,
) -> JobForm:  # fmt: skip
    """Return the form with everything its fields offer, gathered in one statement."""
    wanted = Wanted(
        company_id=company().id,
        customer_id=clean_id(_single(values.get("customer"))),
        language=language(),
        search=plain(str(_single(values.get("customer_search")) or "")).strip()[:100],
    )
    shown = {_SHOWN_AT.get(name, name): error for name, error in errors.items()}
    tinted = {name for name, value in (prefilled or {}).items() if value}
    return JobForm(values, shown, frozenset(tinted), gather(session, wanted), default_hours)


def _single(value: Any) -> Any:
    if isinstance(value, list):
        return value[-1] if value else None
    return value
