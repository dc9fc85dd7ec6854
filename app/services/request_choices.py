"""What a request form offers one customer: their places and people, the company's services."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import (
    Company,
    Contact,
    Customer,
    Location,
    Service,
    ServiceCategory,
    Staff,
    pick,
)
from workflows.schema import FormField


def offered(
    session: Session, rule: Any, company: Company, customer: Customer, language: str
) -> list[tuple[str, str]]:
    """Return the answers a built-in question offers, as (value, words)."""
    choices = _CHOICES.get(rule.field)
    return choices(session, rule, company, customer, language) if choices else []


def own_choices(
    session: Session, rule: FormField, company: Company, customer: Customer, language: str
) -> list[tuple[str, str]]:
    """Return the rows that one of the company's own questions offers a customer.

    Of the team the first names of those who come. Source: D22.
    """
    if rule.type == "location":
        return _locations(session, rule, company, customer, language)
    if rule.type == "service":
        statement = select(Service).where(Service.archived_at.is_(None), Service.bookable)
        rows = session.scalars(statement.order_by(Service.position, Service.id))
        return [(str(row.id), pick(row.name, language, company.language)) for row in rows]
    if rule.type == "user":
        who = select(Staff).where(Staff.disabled_at.is_(None), Staff.role == "technician")
        return [(str(row.id), row.first_name) for row in session.scalars(who.order_by(Staff.id))]
    return []


def _locations(
    session: Session, rule: Any, company: Company, customer: Customer, language: str
) -> list[tuple[str, str]]:
    statement = (
        select(Location)
        .where(Location.customer_id == customer.id, Location.archived_at.is_(None))
        .order_by(Location.id)
    )
    return [(str(row.id), str(row)) for row in session.scalars(statement)]


def _contacts(
    session: Session, rule: Any, company: Company, customer: Customer, language: str
) -> list[tuple[str, str]]:
    statement = (
        select(Contact)
        .where(Contact.customer_id == customer.id, Contact.archived_at.is_(None))
        .order_by(Contact.id)
    )
    return [(str(row.id), row.name) for row in session.scalars(statement)]


def _services(
    session: Session, rule: Any, company: Company, customer: Customer, language: str
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if "category" in rule.sources:
        found += _categories(session, rule, company, customer, language)
    if {"catalog", "bookable"} & set(rule.sources):
        statement = select(Service).where(Service.archived_at.is_(None))
        if "catalog" not in rule.sources:
            statement = statement.where(Service.bookable)
        rows = session.scalars(statement.order_by(Service.position, Service.id))
        found += [(f"service:{row.id}", pick(row.name, language, company.language)) for row in rows]
    return found


def _categories(
    session: Session, rule: Any, company: Company, customer: Customer, language: str
) -> list[tuple[str, str]]:
    statement = (
        select(ServiceCategory)
        .where(ServiceCategory.archived_at.is_(None))
        .order_by(ServiceCategory.position, ServiceCategory.id)
    )
    rows = session.scalars(statement)
    return [(f"category:{row.id}", pick(row.label, language, company.language)) for row in rows]


_CHOICES: Mapping[str, Callable[..., list[tuple[str, str]]]] = {
    "location": _locations,
    "contact": _contacts,
    "service": _services,
    "category": _categories,
}
