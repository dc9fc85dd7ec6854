"""What the Create Job form offers, gathered by one statement however long the catalogue is."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
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
    pick,
)

MOST = 200


@dataclass(frozen=True)
class Choice:
    """One thing to choose: the value a form sends and the words a person reads."""

    value: str
    label: str
    hint: str = ""


@dataclass
class Choices:
    """Everything a job may be made of, by the form's field names."""

    by_field: dict[str, list[Choice]] = field(default_factory=lambda: defaultdict(list))

    def of(self, name: str) -> Sequence[Choice]:
        """Return what a field offers."""
        return self.by_field.get(name, ())


@dataclass(frozen=True)
class Wanted:
    """Whose form it is: the company, the customer chosen so far, and what was searched for."""

    company_id: int
    customer_id: int | None
    language: str
    search: str = ""
    chosen: tuple[int, ...] = ()  # parts that must be offered, however many there are


def gather(session: Session, wanted: Wanted) -> Choices:
    """Return what the form offers; locations, contacts and assets are the customer's own."""
    found = Choices()
    for row in session.execute(union_all(*_parts(wanted))):
        prefix = {"category": "category:", "service_item": "service:"}.get(row.noun, "")
        name = {"service_item": "service"}.get(row.noun, row.noun)
        label = _label(row.label, row.is_json, wanted.language)
        found.by_field[name].append(Choice(f"{prefix}{row.id}", label, row.hint or ""))
    for choices in found.by_field.values():
        choices.sort(key=lambda choice: choice.label.casefold())
    return found


def _parts(wanted: Wanted) -> list[Select[Any]]:
    own = Location.customer_id == (wanted.customer_id or 0)
    town = func.coalesce(Location.postcode, "") + " " + func.coalesce(Location.city, "")
    its_assets = select(Location.id).where(Location.company_id == wanted.company_id, own)
    return [
        _part("customer", Customer, Customer.name, wanted, *_customers(wanted),
              hint=Customer.email),
        _part("location", Location, Location.street, wanted, own, hint=town),
        _part("contact", Contact, Contact.name, wanted, Contact.customer_id == _own_id(wanted)),
        _part("category", ServiceCategory, ServiceCategory.label, wanted),
        _part("service_item", Service, Service.name, wanted),
        _part("technician", Staff, Staff.name, wanted, Staff.role != "office",
              Staff.disabled_at.is_(None)),
        _part("skills", Skill, Skill.name, wanted),
        _part("parts", Part, Part.name, wanted, hint=Part.number),
        _part("assets", Asset, Asset.name, wanted, Asset.location_id.in_(its_assets),
              hint=Asset.serial),
        _plans(wanted),
    ]  # fmt: skip


def _plans(wanted: Wanted) -> Select[Any]:
    """The customer's plans under the names of their services."""
    named = (
        select(
            ClientService.id,
            ClientService.company_id,
            Service.name,
            Location.street,
        )
        .join(Service, Service.id == ClientService.service_id)
        .outerjoin(Location, Location.id == ClientService.location_id)
        .where(
            ClientService.company_id == wanted.company_id,
            ClientService.customer_id == _own_id(wanted),
            ClientService.ended_at.is_(None),
            ClientService.is_proposal.is_(False),
        )
        .subquery()
    )
    return _part("client_service", named.c, named.c.name, wanted, hint=named.c.street)


def _own_id(wanted: Wanted) -> int:
    return wanted.customer_id or 0


def _customers(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    if not wanted.search:
        return ()
    text = wanted.search
    found = or_(
        Customer.name.icontains(text, autoescape=True),
        Customer.email.icontains(text, autoescape=True),
        Customer.phone.icontains(text, autoescape=True),
    )
    return (or_(found, Customer.id == _own_id(wanted)),)


def _part(
    noun: str, model: Any, label: Any, wanted: Wanted, *rules: Any, hint: Any = None
) -> Select[Any]:
    is_json = noun in ("category", "service_item", "client_service")
    statement = select(
        literal(noun).label("noun"),
        model.id.label("id"),
        cast(label, String).label("label"),
        (cast(null(), String) if hint is None else cast(hint, String)).label("hint"),
        cast(literal(int(is_json)), BigInt).label("is_json"),
    ).where(model.company_id == wanted.company_id, *rules)
    if hasattr(model, "archived_at"):
        statement = statement.where(model.archived_at.is_(None))
    inner = statement.order_by(*_order(noun, model, wanted)).limit(MOST).subquery()
    return select(inner)


def _order(noun: str, model: Any, wanted: Wanted) -> tuple[Any, ...]:
    if noun == "customer":  # the one chosen is always among those offered
        return (model.id != _own_id(wanted), model.name, model.id)
    return (model.id,)


def _label(text: str, is_json: int, language: str) -> str:
    return pick(json.loads(text), language) if is_json else text
