"""The Create Job form: what it starts with, and what it must hold. One form for every way in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.errors import N_, Invalid
from app.models import PRIORITIES, Company, Request, pick
from app.services import references
from app.services.form import Raw
from app.services.work_form import WorkForm

_CHOOSE = N_("Please choose one from the list.")
# Source: feature 56, urgency maps to a priority that staff can change.
PRIORITY_OF_URGENCY = {"normal": "normal", "urgent": "urgent"}
_SINGLE = (
    "customer", "location", "contact", "category", "service", "technician", "client_service",
)  # fmt: skip


@dataclass(frozen=True)
class JobInput:
    """Checked values of the form; times are aware UTC, parts are (id, quantity)."""

    customer: int
    title: str
    description: str = ""
    priority: str = "normal"
    location: int | None = None
    contact: int | None = None
    category: int | None = None
    service: int | None = None
    client_service: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    sla_due_at: datetime | None = None
    technician: int | None = None
    skills: tuple[int, ...] = ()
    parts: tuple[tuple[int, int], ...] = ()
    assets: tuple[int, ...] = ()

    def as_facts(self) -> dict[str, Any]:
        """Return the values as conditions and validators see them: ``input.job.*``."""
        facts = asdict(self)
        facts["parts"] = [{"part": part, "quantity": count} for part, count in self.parts]
        return facts


def blank(company: Company) -> dict[str, Any]:
    """Return what "New job" starts with."""
    return {"priority": "normal"}


def prefill(request: Request, company: Company) -> dict[str, Any]:
    """Return what the form starts with for a request. Source: features 53-59."""
    values: dict[str, Any] = {
        "customer": str(request.customer_id),
        "location": str(request.location_id or ""),
        "service": _service_of(request),
        "title": title_of(request, company),
        "description": request.brief,
        "priority": PRIORITY_OF_URGENCY[request.urgency],
    }
    if request.preferred_dates:
        values |= _slot_of(request)
    return values


def clean(session: Session, raw: Raw, company: Company, *, at: datetime) -> JobInput:
    """Return the checked form. Raises Invalid with every field that is wrong."""
    form = WorkForm(raw)
    service = form.prefixed_id("service", "category", "service")
    starts_at, ends_at = _window(form, company)
    values: dict[str, Any] = {
        "customer": form.id("customer", required=True),
        "location": form.id("location"),
        "contact": form.id("contact"),
        "technician": form.id("technician"),
        "client_service": form.id("client_service"),
        "category": service[1] if service and service[0] == "category" else None,
        "service": service[1] if service and service[0] == "service" else None,
        "title": form.text("title", required=True),
        "description": form.long_text("description") or "",
        "priority": form.choice("priority", PRIORITIES, default="normal"),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "sla_due_at": form.moment("sla_due", company.timezone),
        "skills": tuple(form.ids("skills")),
        "assets": tuple(form.ids("assets")),
        "parts": tuple(_parts(form)),
    }
    _check_deadline(form, values, at)
    hours = _check_references(session, form, values, company)
    values["sla_due_at"] = values["sla_due_at"] or deadline(hours, at)
    form.check()
    return JobInput(**values)


def clean_visit(session: Session, raw: Raw, company: Company, *, at: datetime) -> JobInput:
    """Return the checked form of a visit, which needs a time. Raises Invalid."""
    wanted = clean(session, raw, company, at=at)
    if wanted.starts_at is None:
        raise Invalid({"date": N_("Choose the day of the visit.")})
    return wanted


def of_request(
    request: Request, company: Company, starts_at: datetime | None, *, at: datetime
) -> JobInput:
    """Return the job a request asks for, to begin at a time agreed with the customer."""
    return JobInput(
        customer=request.customer_id,
        title=title_of(request, company),
        description=request.brief,
        priority=PRIORITY_OF_URGENCY[request.urgency],
        location=request.location_id,
        contact=request.contact_id,
        category=request.category_id,
        service=request.service_id,
        starts_at=starts_at,
        sla_due_at=deadline(request.customer.sla_hours, at),
    )


def _service_of(request: Request) -> str:
    if request.service_id:
        return f"service:{request.service_id}"
    return f"category:{request.category_id}" if request.category_id else ""


def title_of(request: Request, company: Company) -> str:
    """Return the first line of what was asked, or the service when nothing was written."""
    first = request.description.strip().partition("\n")[0]
    if first:
        return first if len(first) <= 80 else first[:79].rstrip() + "…"
    named = request.service or request.category
    words = getattr(named, "name", None) or getattr(named, "label", None) or {}
    return request.service_text or pick(words, company.language) or request.number


def _slot_of(request: Request) -> dict[str, str]:
    wish = request.preferred_dates[0]
    start, end = wish.slot
    return {
        "date": wish.day.isoformat(),
        "start_time": f"{start:%H:%M}",
        "end_time": f"{end:%H:%M}",
    }


def _window(form: WorkForm, company: Company) -> tuple[datetime | None, datetime | None]:
    day, start, end = form.day("date"), form.clock_time("start_time"), form.clock_time("end_time")
    if day is None:
        if (start or end) and "date" not in form.errors:
            form.complain("date", N_("Choose the day, or leave the times blank too."))
        return None, None
    if start is None:
        if "start_time" not in form.errors:
            form.complain("start_time", N_("Choose when the visit begins."))
        return None, None
    starts_at = form.in_zone("start_time", day, start, company.timezone)
    ends_at = form.in_zone("end_time", day, end, company.timezone) if end else None
    if starts_at and ends_at and ends_at <= starts_at:
        form.complain("end_time", N_("The end must be after the beginning."))
    return starts_at, ends_at


def deadline(sla_hours: int | None, at: datetime) -> datetime | None:
    """Return the customer's default deadline, counted from ``at``. Source: features 60-61."""
    return at + timedelta(hours=sla_hours) if sla_hours else None


def _check_deadline(form: WorkForm, values: Mapping[str, Any], at: datetime) -> None:
    if values["sla_due_at"] is not None and values["sla_due_at"] <= at:
        form.complain("sla_due", N_("The deadline must be in the future."))


def _parts(form: WorkForm) -> list[tuple[int, int]]:
    chosen = form.ids("parts")
    return [(id_, form.number(f"part_qty_{id_}", low=1, high=9999) or 1) for id_ in chosen]


def _check_references(
    session: Session, form: WorkForm, values: Mapping[str, Any], company: Company
) -> int | None:
    """Complain about every row that is not there; return the customer's SLA hours."""
    wanted = [(noun, values[noun]) for noun in _SINGLE if values[noun]]
    wanted += [("skill", id_) for id_ in values["skills"]]
    wanted += [("asset", id_) for id_ in values["assets"]]
    wanted += [("part", id_) for id_, _ in values["parts"]]
    found = references.find(session, company.id, wanted)
    parents = {
        "location": "customer",
        "contact": "customer",
        "client_service": "customer",
        "asset": "location",
    }
    for noun, id_ in wanted:
        row = found.get((noun, id_))
        parent = parents.get(noun)
        if row is None or (parent and values[parent] and row.parent_id != values[parent]):
            form.complain(_form_name(noun), _CHOOSE)
    customer = found.get(("customer", values["customer"] or 0))
    return customer.sla_hours if customer else None


def _form_name(noun: str) -> str:
    names = {"category": "service", "skill": "skills", "asset": "assets", "part": "parts"}
    return names.get(noun, noun)
