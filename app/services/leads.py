"""Leads: requests seen as sales leads, and people who signed up, in a list. Source: feature 48."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Company, Customer, Request
from app.services.requests import check_may_review, with_names
from workflows import versions

SOURCES: Final = ("portal", "staff", "signup")
OUTCOMES: Final = ("open", "won", "lost")
Cursor = tuple[datetime, int]
# The two kinds share one order: even numbers are requests, odd ones people.
_KINDS: Final = 2


@dataclass(frozen=True)
class Lead:
    """One lead: a request, or a customer who signed up and has asked for nothing yet here."""

    at: datetime
    source: str
    outcome: str
    customer: Customer
    request: Request | None = None


@dataclass(frozen=True)
class LeadPage:
    """Some leads, newest first; ``next`` goes back in as ``after`` for those that follow."""

    rows: Sequence[Lead]
    next: Cursor | None


def page(
    session: Session,
    actor: Actor,
    *,
    outcome: str = "",
    source: str = "",
    after: Cursor | None = None,
    limit: int = 30,
) -> LeadPage:
    """Return leads by outcome and source, newest first. Raises Forbidden.

    Three statements, however many there are.
    """
    check_may_review(actor)
    wanted = [("outcome", outcome)] * bool(outcome) + [("source", source)] * bool(source)
    parts = [
        _narrowed(part, wanted, after).limit(limit + 1).subquery()
        for part in (_requests(actor.company_id), _signups(actor.company_id))
    ]
    both = union_all(*(select(part) for part in parts)).subquery()
    statement = select(both).order_by(both.c.at.desc(), both.c.key.desc()).limit(limit + 1)
    found = session.execute(statement).all()
    last = found[limit - 1] if len(found) > limit else None
    return LeadPage(_with_rows(session, found[:limit]), (last.at, last.key) if last else None)


def is_used(session: Session, company: Company) -> bool:
    """Return True where the company works with leads: by its requests, or by sign-ups."""
    definition = versions.current(session, company, company.request_workflow)
    makes_leads = any(use.name == "create_lead" for use in definition.submit.effects)
    return makes_leads or company.signup != "off"


def _requests(company_id: int) -> Any:
    outcome = case(
        (Request.outcome.is_(None), literal("open")),
        (Request.outcome == "won", literal("won")),
        else_=literal("lost"),
    )
    return select(
        Request.submitted_at.label("at"),
        (Request.id * _KINDS).label("key"),
        Request.lead_source.label("source"),
        outcome.label("outcome"),
    ).where(Request.company_id == company_id, Request.lead_source.is_not(None))


def _signups(company_id: int) -> Any:
    return select(
        Customer.signed_up_at.label("at"),
        (Customer.id * _KINDS + 1).label("key"),
        literal("signup").label("source"),
        func.coalesce(Customer.lead_outcome, literal("open")).label("outcome"),
    ).where(Customer.company_id == company_id, Customer.signed_up_at.is_not(None))


def _narrowed(part: Any, wanted: Sequence[tuple[str, str]], after: Cursor | None) -> Select[Any]:
    rows = part.subquery()
    rules: list[ColumnElement[bool]] = [rows.c[name] == value for name, value in wanted]
    if after is not None:
        at, key = after
        rules.append(or_(rows.c.at < at, and_(rows.c.at == at, rows.c.key < key)))
    return select(rows).where(*rules).order_by(rows.c.at.desc(), rows.c.key.desc())


def _with_rows(session: Session, found: Sequence[Any]) -> list[Lead]:
    asked = [row.key // _KINDS for row in found if row.key % _KINDS == 0]
    joined = [row.key // _KINDS for row in found if row.key % _KINDS]
    requests = _by_id(session, with_names(select(Request)).where(Request.id.in_(asked)), asked)
    people = _by_id(session, select(Customer).where(Customer.id.in_(joined)), joined)
    leads = []
    for row in found:
        request = requests.get(row.key // _KINDS) if row.key % _KINDS == 0 else None
        customer = request.customer if request else people[row.key // _KINDS]
        leads.append(Lead(row.at, row.source, row.outcome, customer, request))
    return leads


def _by_id(session: Session, statement: Any, ids: Sequence[int]) -> Mapping[int, Any]:
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(statement).unique()}
