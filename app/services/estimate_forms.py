"""The estimate form: title, note, date and lines, read, rearranged and checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import N_
from app.models import Company, Service, pick
from app.services import references
from app.services.form import Raw
from app.services.work_form import WorkForm

MOST_LINES: Final = 50
CELLS: Final = ("service", "name", "quantity", "price", "tax")
_CELL: Final = re.compile(r"line_(\d{1,3})_(" + "|".join(CELLS) + ")")
_CHOOSE: Final = N_("Please choose one from the list.")


@dataclass(frozen=True)
class LineInput:
    """A checked line: thousandths, minor units, basis points."""

    name: str
    quantity_milli: int
    unit_cents: int
    tax_bp: int = 0
    service: int | None = None


@dataclass(frozen=True)
class EstimateInput:
    """Checked values of the form."""

    title: str
    note: str | None = None
    valid_until: date | None = None
    lines: tuple[LineInput, ...] = ()

    def as_facts(self) -> dict[str, Any]:
        """Return the values as conditions and effects see them: ``input.estimate.*``."""
        return {**asdict(self), "lines": [asdict(line) for line in self.lines]}


@dataclass(frozen=True)
class Whom:
    """Whose estimate it is: ids of rows that fit together."""

    customer: int
    location: int | None = None
    contact: int | None = None
    request: int | None = None


@dataclass(frozen=True)
class Row:
    """One line as it was typed; ``number`` is the one in its fields' names."""

    number: int
    cells: Mapping[str, str]

    @property
    def is_blank(self) -> bool:
        """Return True for a line that nobody began; a quantity alone is none."""
        return not any(self.cells.get(name, "").strip() for name in ("service", "name", "price"))


def input_of(facts: Mapping[str, Any]) -> EstimateInput:
    """Return the form's values as an effect got them from a definition's ``input.estimate``."""
    lines = tuple(LineInput(**line) for line in facts.get("lines") or ())
    return EstimateInput(
        facts.get("title") or "", facts.get("note"), facts.get("valid_until"), lines
    )


def clean(session: Session, raw: Raw, company: Company, *, at: datetime) -> EstimateInput:
    """Return the checked form. Raises Invalid with every field that is wrong."""
    form = WorkForm(raw)
    wanted = _read(session, form, raw, company, at)
    form.check()
    return wanted


def clean_new(
    session: Session, raw: Raw, company: Company, *, at: datetime
) -> tuple[Whom, EstimateInput]:
    """Return the checked form of an estimate that begins with a customer. Raises Invalid."""
    form = WorkForm(raw)
    ids = {noun: form.id(noun, required=noun == "customer") for noun in _WHOM}
    found = references.find(session, company.id, [(n, id_) for n, id_ in ids.items() if id_])
    for noun, id_ in ids.items():
        row = found.get((noun, id_ or 0))
        if id_ and (row is None or row.parent_id not in (None, ids["customer"])):
            form.complain(noun, _CHOOSE)
    wanted = _read(session, form, raw, company, at)
    form.check()
    return Whom(ids["customer"] or 0, ids["location"], ids["contact"]), wanted


_WHOM: Final = ("customer", "location", "contact")


def rows(raw: Mapping[str, Any]) -> list[Row]:
    """Return the form's lines in their order, blank ones too."""
    found: dict[int, dict[str, str]] = {}
    for name, value in raw.items():
        match = _CELL.fullmatch(name)
        if match:
            text = value if isinstance(value, str) else (value or [""])[-1]
            found.setdefault(int(match[1]), {})[match[2]] = text
    return [Row(number, cells) for number, cells in sorted(found.items())]


def rearranged(raw: Mapping[str, Any], order: str, usual: Mapping[str, str]) -> dict[str, Any]:
    """Return the form after one of its own buttons: add, remove-2, up-2, down-2.

    ``usual`` are the cells a new line begins with. Any other order leaves the lines alone.
    """
    lines = [row.cells for row in rows(raw)]
    verb, _, number = order.partition("-")
    place = next((i for i, row in enumerate(rows(raw)) if str(row.number) == number), None)
    if verb == "add" and len(lines) < MOST_LINES:
        lines.append(usual)
    elif verb == "remove" and place is not None:
        del lines[place]
    elif verb in ("up", "down") and place is not None:
        other = max(0, min(len(lines) - 1, place + (1 if verb == "down" else -1)))
        lines[place], lines[other] = lines[other], lines[place]
    rest = {name: value for name, value in raw.items() if not _CELL.fullmatch(name)}
    return rest | numbered(lines)


def numbered(lines: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return lines as the form's fields, numbered from 1."""
    return {
        f"line_{number}_{name}": cells.get(name, "")
        for number, cells in enumerate(lines, start=1)
        for name in CELLS
    }


def _read(
    session: Session, form: WorkForm, raw: Raw, company: Company, at: datetime
) -> EstimateInput:
    title = form.text("title", required=True) or ""
    valid_until = form.day("valid_until")
    if valid_until and valid_until < at.astimezone(ZoneInfo(company.timezone)).date():
        form.complain("valid_until", N_("This day has passed. Please choose a later one."))
    begun = [row for row in rows(raw) if not row.is_blank]
    lines = _Lines(form, company, _catalogue(session, form, begun))
    found = tuple(lines.read(row.number) for row in begun[:MOST_LINES])
    if not found:
        form.complain("lines", N_("Write at least one line with a price."))
    if len(begun) > MOST_LINES:
        form.complain("lines", N_("There are more lines than an estimate takes."))
    return EstimateInput(title, form.long_text("note"), valid_until, found)


def _catalogue(session: Session, form: WorkForm, begun: Sequence[Row]) -> dict[int, Service]:
    wanted = {form.id(f"line_{row.number}_service") for row in begun} - {None}
    if not wanted:
        return {}
    found = session.scalars(select(Service).where(Service.id.in_(wanted)))
    return {service.id: service for service in found}


class _Lines:
    """Reads lines; what is blank comes from the service chosen in the line."""

    def __init__(self, form: WorkForm, company: Company, catalogue: dict[int, Service]) -> None:
        self._form, self._company, self._catalogue = form, company, catalogue
        self._digits = get_currency_precision(company.currency)

    def read(self, number: int) -> LineInput:
        """Return one line, and complain about what is wrong with it."""
        name, form = f"line_{number}", self._form
        chosen = form.id(f"{name}_service")
        service = self._catalogue.get(chosen or 0)
        if chosen and service is None:
            form.complain(f"{name}_service", _CHOOSE)
        words = form.text(f"{name}_name", required=service is None)
        tax = self._scaled(f"{name}_tax", 2, _TAX)
        if tax is not None and tax > 10_000:
            form.complain(f"{name}_tax", _TAX)
        line = LineInput(
            name=words or (pick(service.name, self._company.language) if service else ""),
            quantity_milli=self._quantity(f"{name}_quantity"),
            unit_cents=self._price(f"{name}_price", service),
            tax_bp=self._company.tax_bp if tax is None else min(tax, 10_000),
        )
        return replace(line, service=service.id if service else None)

    def _quantity(self, name: str) -> int:
        found = self._scaled(name, 3, _QUANTITY)
        if found == 0:
            self._form.complain(name, _QUANTITY)
        return 1000 if found is None else found

    def _price(self, name: str, service: Service | None) -> int:
        found = self._scaled(name, self._digits, _AMOUNT)
        if found is None and service is not None:
            found = service.price_cents
        if found is None:
            self._form.complain(name, N_("Please fill this in."))
        return found or 0

    def _scaled(self, name: str, digits: int, complaint: str) -> int | None:
        """Return a decimal number, times ten to the power of ``digits``; None when blank."""
        typed = (self._form.text(name, limit=20) or "").removesuffix("%").strip()
        if not typed:
            return None
        fraction = rf"(?:[.,](\d{{1,{digits}}}))?" if digits else "()"
        match = re.fullmatch(rf"(\d{{1,7}}){fraction}", typed, re.ASCII)
        if match is None:
            self._form.complain(name, complaint)
            return 0
        return int(f"{match[1]}{(match[2] or '').ljust(digits, '0')}")


_QUANTITY: Final = N_("Write a quantity such as 1 or 2.5.")
_AMOUNT: Final = N_("Write an amount such as 12.50.")
_TAX: Final = N_("Write a tax from 0 to 100 per cent, such as 19.")
