"""Are the rows a form names there, ours and fit together? One statement asks for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.columns import BigInt
from app.models import (
    Asset,
    ClientService,
    Contact,
    Customer,
    Location,
    Part,
    Service,
    ServiceCategory,
    Skill,
    Staff,
)

_TABLES: dict[str, tuple[Any, Any]] = {
    # noun: (model, the column that must match something else the form names)
    "customer": (Customer, None),
    "location": (Location, Location.customer_id),
    "contact": (Contact, Contact.customer_id),
    "category": (ServiceCategory, None),
    "service": (Service, None),
    "technician": (Staff, None),
    "skill": (Skill, None),
    "part": (Part, None),
    "asset": (Asset, Asset.location_id),
    "client_service": (ClientService, ClientService.customer_id),
}


@dataclass(frozen=True)
class Found:
    """A row that is there: whose it is, and a customer's default SLA hours."""

    parent_id: int | None
    sla_hours: int | None
    name: str | None


def find(
    session: Session, company_id: int, wanted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], Found]:
    """Return what exists of ``wanted`` (noun, id) in the company; the rest is missing."""
    ids: dict[str, set[int]] = {}
    for noun, id_ in wanted:
        ids.setdefault(noun, set()).add(id_)
    if not ids:
        return {}
    statement = union_all(*(_part(noun, company_id, ids[noun]) for noun in sorted(ids)))
    return {
        (row.noun, row.id): Found(row.parent, row.sla_hours, row.name)
        for row in session.execute(statement)
    }


def _part(noun: str, company_id: int, ids: set[int]) -> Any:
    model, parent = _TABLES[noun]
    statement = select(
        literal(noun).label("noun"),
        model.id.label("id"),
        (cast(null(), BigInt) if parent is None else parent).label("parent"),
        (Customer.sla_hours if noun == "customer" else cast(null(), Integer)).label("sla_hours"),
        (Customer.name if noun == "customer" else cast(null(), String)).label("name"),
    ).where(model.company_id == company_id, model.id.in_(sorted(ids)))
    if noun == "technician":
        return statement.where(Staff.disabled_at.is_(None), Staff.role != "office")
    if noun == "client_service":
        return statement.where(ClientService.ended_at.is_(None))
    if hasattr(model, "archived_at"):
        return statement.where(model.archived_at.is_(None))
    return statement
