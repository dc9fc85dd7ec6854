"""What the estimate form starts with: what was priced before, a plan's price, the catalogue's."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, get_decimal_symbol
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Company, Estimate, EstimateLine, Request, pick
from app.services import job_forms, visits
from app.services.estimate_forms import numbered

VALID_DAYS: Final = 30
FEWEST_LINES: Final = 3  # with blank ones, so that nobody has to ask for each
Cells = dict[str, str]


def blank(company: Company, language: str, *, at: datetime) -> dict[str, str]:
    """Return what "New estimate" starts with."""
    return {"valid_until": _last_day(company, at)} | _lines([], company, language)


def of_estimate(estimate: Estimate, company: Company, language: str) -> dict[str, str]:
    """Return an estimate as the form shows it, with a blank line to go on."""
    lines = [_cells(line, estimate.currency, language) for line in estimate.lines]
    return {
        "title": estimate.title,
        "note": estimate.note or "",
        "valid_until": estimate.valid_until.isoformat() if estimate.valid_until else "",
        **_lines(lines, company, language),
    }


def of_request(
    session: Session, request: Request, company: Company, language: str, *, at: datetime
) -> dict[str, str]:
    """Return what a quote for a request starts with.

    Its open estimate, when somebody priced that; else the service asked for, at the price of the
    customer's plan or of the catalogue.
    """
    estimate = _open(session, request)
    if estimate is not None and estimate.lines:
        values = of_estimate(estimate, company, language)
    else:
        said = request.service_text or job_forms.title_of(request, company)
        title = estimate.title if estimate else said
        first = _of_service(session, request, company, language)
        values = {"title": title, "note": "", **_lines(first, company, language)}
    return values | {"valid_until": values.get("valid_until") or _last_day(company, at)}


def usual_line(company: Company, language: str) -> Cells:
    """Return what a new line starts with."""
    return {"quantity": "1", "tax": _decimal(company.tax_bp, 2, language)}


def _open(session: Session, request: Request) -> Estimate | None:
    statement = (
        select(Estimate)
        .where(Estimate.request_id == request.id, Estimate.outcome.is_(None))
        .options(selectinload(Estimate.lines))
        .order_by(Estimate.id.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def _of_service(session: Session, request: Request, company: Company, language: str) -> list[Cells]:
    service = request.service
    if service is None:
        return []
    plan = next(iter(visits.matching(session, request)), None)
    price = plan.price_cents if plan and plan.price_cents is not None else service.price_cents
    digits = get_currency_precision(company.currency)
    return [
        {
            **usual_line(company, language),
            "service": str(service.id),
            "name": pick(service.name, request.customer.language, company.language),
            "price": "" if price is None else _decimal(price, digits, language, whole=False),
        }
    ]


def _cells(line: EstimateLine, currency: str, language: str) -> Cells:
    digits = get_currency_precision(currency)
    return {
        "service": str(line.service_id or ""),
        "name": line.name,
        "quantity": _decimal(line.quantity_milli, 3, language),
        "price": _decimal(line.unit_cents, digits, language, whole=False),
        "tax": _decimal(line.tax_bp, 2, language),
    }


def _lines(begun: list[Cells], company: Company, language: str) -> Cells:
    room = max(1, FEWEST_LINES - len(begun))
    return numbered([*begun, *(usual_line(company, language) for _ in range(room))])


def _decimal(number: int, digits: int, language: str, *, whole: bool = True) -> str:
    """Return ``number`` shifted by ``digits``, written as its reader does.

    ``whole`` leaves out a fraction that says nothing.
    """
    text = f"{Decimal(number).scaleb(-digits):f}"
    if whole and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", get_decimal_symbol(language.replace("-", "_")))


def _last_day(company: Company, at: datetime) -> str:
    today = at.astimezone(ZoneInfo(company.timezone)).date()
    return (today + timedelta(days=VALID_DAYS)).isoformat()
