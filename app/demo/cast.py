"""The people and things of one demo company, made from its file."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.demo.moments import Moments
from app.models import (
    Asset,
    ClientService,
    Company,
    Customer,
    Location,
    Part,
    Service,
    ServiceCategory,
    Skill,
    Staff,
)
from app.services import customers, staff_members

Data = dict[str, Any]
FOUNDED: Final = timedelta(days=420)  # before today: the demo's firms are no newcomers


@dataclass(frozen=True)
class Cast:
    """Everybody and everything by the short name the file uses."""

    company: Company
    moments: Moments
    staff: dict[str, Actor]
    customers: dict[str, Customer]
    places: dict[str, list[Location]]
    categories: dict[str, ServiceCategory]
    services: dict[str, Service]
    skills: dict[str, int]
    parts: dict[str, int]
    assets: dict[str, int]

    def customer_actor(self, name: str) -> Actor:
        """Return a customer as the one who acts."""
        row = self.customers[name]
        return Actor(
            "customer", row.id, row.company_id, "customer", row.name, row.language, row.email
        )


def gather(session: Session, company: Company, data: Data, moments: Moments) -> Cast:
    """Make the company's people, places and catalogue; the session is in its scope."""
    staff = _hire(session, company, data, moments.now - FOUNDED)
    people, places = _customers(session, staff["owner"], data, moments.now)
    categories = {row.key: row for row in session.scalars(select(ServiceCategory))}
    services = _services(session, data, categories)
    assets = _assets(session, data, places)
    _plans(session, data, people, places, services, moments.now)
    return Cast(
        company, moments, staff, people, places, categories, services,
        skills=_named(session, [Skill(name=name) for name in data["skills"]]),
        parts=_named(session, _parts(data)),
        assets=assets,
    )  # fmt: skip


def _hire(session: Session, company: Company, data: Data, at: datetime) -> dict[str, Actor]:
    owner = session.scalars(select(Staff).where(Staff.role == "owner")).one()
    owner.language = "en"
    staff = {"owner": _actor(owner)}
    newcomers = {
        role: {"name": data["staff"][role], "role": role} for role in ("dispatcher", "technician")
    }
    for key, person in {**newcomers, **data["more_staff"]}.items():
        raw = {**person, "email": f"{key}@{company.slug}.example", "language": "en"}
        staff[key] = _actor(staff_members.invite(session, staff["owner"], raw, at=at))
    return staff


def _actor(row: Staff) -> Actor:
    return Actor("staff", row.id, row.company_id, row.role, row.name, row.language, row.email)


def _customers(
    session: Session, owner: Actor, data: Data, now: datetime
) -> tuple[dict[str, Customer], dict[str, list[Location]]]:
    people, places = {}, {}
    for number, (key, told) in enumerate(data["customers"].items()):
        since = now - FOUNDED + timedelta(days=9 * number)
        raw = _customer_form(told)
        customer = customers.create(session, owner, raw, at=since)
        customer.portal_since = since if customer.can_sign_in() else None
        people[key] = customer
        places[key] = [
            customers.add_location(session, owner, customer.id, _location_form(place))
            for place in told["places"]
        ]
        for contact in told.get("contacts", ()):
            customers.add_contact(session, owner, customer.id, contact)
    session.flush()
    return people, places


def _customer_form(told: Data) -> dict[str, str]:
    plain = ("name", "email", "phone", "language", "channel", "access")
    raw = {name: told[name] for name in plain if name in told}
    if "sla" in told:
        raw["sla_hours"] = str(told["sla"])
    return {**raw, "onboarded": "on" if told.get("onboarded") else ""}


def _location_form(place: Data) -> dict[str, str]:
    return {
        **{name: place[name] for name in ("street", "postcode", "city")},
        "location_name": place.get("name", ""),
    }


def _services(
    session: Session, data: Data, categories: dict[str, ServiceCategory]
) -> dict[str, Service]:
    rows = {
        key: Service(
            category_id=categories[told["category"]].id,
            name=told["name"],
            price_cents=told.get("price"),
            duration_min=told["minutes"],
            bookable=told.get("bookable", True),
            position=position,
        )
        for position, (key, told) in enumerate(data["services"].items())
    }
    session.add_all(rows.values())
    session.flush()
    return rows


def _parts(data: Data) -> list[Part]:
    return [
        Part(
            name=told["name"], number=told["number"],
            price_cents=told["price"], stock=told["stock"],
        )
        for told in data["parts"]
    ]  # fmt: skip


def _assets(session: Session, data: Data, places: dict[str, list[Location]]) -> dict[str, int]:
    rows = []
    for told in data["assets"]:
        key, _, number = told["at"].partition("/")
        place = places[key][int(number) - 1]
        rows.append(Asset(location_id=place.id, name=told["name"], serial=told["serial"]))
    return _named(session, rows)


def _plans(
    session: Session,
    data: Data,
    people: dict[str, Customer],
    places: dict[str, list[Location]],
    services: dict[str, Service],
    now: datetime,
) -> None:
    session.add_all(
        ClientService(
            customer_id=people[told["who"]].id,
            location_id=places[told["who"]][told["place"] - 1].id,
            service_id=services[told["service"]].id,
            price_cents=told["price"],
            every_months=told["months"],
            created_at=now - timedelta(days=200),
        )
        for told in data["plans"]
    )


def _named(session: Session, rows: list[Any]) -> dict[str, int]:
    session.add_all(rows)
    session.flush()
    return {row.name: row.id for row in rows}
