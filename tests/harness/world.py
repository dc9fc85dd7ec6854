"""A small company with its people, for tests that need one; a second one for strangers."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actor import Actor
from app.models import Company, Customer, Location, Request, ServiceCategory, Staff
from app.services import companies, requests
from app.services.passwords import hash_password
from app.tenancy import enter_company

PASSWORD = "correct horse battery staple"
# Argon2 is slow on purpose; once is enough.
_PASSWORD_HASH = hash_password(PASSWORD)


@dataclass(frozen=True)
class World:
    """Ids and actors, which outlive transactions; rows are read when needed."""

    session: Session
    company_id: int
    slug: str
    owner: Actor
    dispatcher: Actor
    technician: Actor
    customer: Actor
    location_id: int
    category_id: int

    def enter(self) -> Session:
        """Scope the session to this company and return it."""
        enter_company(self.session, self.company_id)
        return self.session

    def answers(self, **changes: str) -> dict[str, str | list[str]]:
        """Return a request form as a customer fills it in."""
        return {
            "location": str(self.location_id),
            "service": f"category:{self.category_id}",
            "description": "The kitchen tap drips since Sunday.",
            "urgency": "normal",
            **changes,
        }

    def hand_in(self, *, at: datetime | None = None, **changes: str) -> Request:
        """Hand in a request as the customer; the caller's session holds it."""
        form = requests.HandedIn(self.answers(**changes), secrets.token_hex(8))
        assert self.customer.id is not None
        return requests.submit(
            self.session, self.customer, self.customer.id, form, at=at or clock.now()
        )


def make_world(session: Session, slug: str = "acme", preset: str = "service_request") -> World:
    """Found a company with an owner, a dispatcher, a technician and a customer; commit it."""
    at = clock.now() - timedelta(days=30)
    company = companies.create(session, _founding(slug, preset), at=at)
    enter_company(session, company.id)
    staff = {role: _staff(session, slug, role, at) for role in ("dispatcher", "technician")}
    owner = session.scalars(select(Staff).where(Staff.role == "owner")).one()
    owner.password_hash = _PASSWORD_HASH
    customer = _customer(session, at)
    category = session.scalars(select(ServiceCategory).order_by(ServiceCategory.id)).first()
    assert category is not None
    session.commit()
    return World(
        session=session,
        company_id=company.id,
        slug=slug,
        owner=_staff_actor(owner),
        dispatcher=_staff_actor(staff["dispatcher"]),
        technician=_staff_actor(staff["technician"]),
        customer=_customer_actor(customer, company),
        location_id=customer.locations[0].id,
        category_id=category.id,
    )


def _founding(slug: str, preset: str) -> dict[str, str]:
    return {
        "name": f"{slug.title()} Plumbing",
        "slug": slug,
        "owner_name": "Olive Owner",
        "owner_email": f"owner@{slug}.example",
        "language": "en",
        "timezone": "Europe/Berlin",
        "preset": preset,
    }


def _staff(session: Session, slug: str, role: str, at: datetime) -> Staff:
    row = Staff(
        email=f"{role}@{slug}.example",
        name=f"{role.title()} Doe",
        role=role,
        password_hash=_PASSWORD_HASH,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return row


def _customer(session: Session, at: datetime) -> Customer:
    row = Customer(name="Carla Customer", email="carla@customer.example", created_at=at)
    row.portal_since = at
    session.add(row)
    session.flush()
    row.locations.append(Location(customer_id=row.id, street="Rosenweg 3", city="Ulm"))
    session.flush()
    return row


def _staff_actor(row: Staff) -> Actor:
    return Actor("staff", row.id, row.company_id, row.role, row.name, "en", row.email)


def _customer_actor(row: Customer, company: Company) -> Actor:
    return Actor("customer", row.id, company.id, "customer", row.name, "en", row.email)
