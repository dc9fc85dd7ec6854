"""What a company offers and works with: categories, services, skills, parts, assets."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from app.columns import Cents, Code, Id, Name, Pk, Utc, Words
from app.db import Base
from app.models.customer import Customer, Location
from app.tenancy import Owned, belongs_to, owned


def pick(words: dict[str, str], language: str, fallback: str = "en") -> str:
    """Return the text in ``language``, else in ``fallback``, else in any. Source: D17."""
    return words.get(language) or words.get(fallback) or next(iter(words.values()), "")


class ServiceCategory(Base, Owned):
    """A kind of work, such as repair; six come with a new company. Source: feature 6."""

    __tablename__ = "service_category"
    __table_args__ = owned(Index(None, "company_id", "key", unique=True))

    id: Mapped[Pk]
    key: Mapped[Code]
    label: Mapped[Words]
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[Utc | None]

    def __str__(self) -> str:
        """Return what a list or picker shows."""
        return pick(self.label, "en")


class Service(Base, Owned):
    """Something a company does at a price, in minor units of its currency."""

    __tablename__ = "service"
    __table_args__ = owned(
        belongs_to("service_category", "category_id"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        Index(None, "company_id", "position"),  # the form and the catalogue list
    )

    id: Mapped[Pk]
    category_id: Mapped[Id | None]
    name: Mapped[Words]
    description: Mapped[Words] = mapped_column(default=dict)
    price_cents: Mapped[Cents | None]
    duration_min: Mapped[int | None]
    bookable: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[Utc | None]

    category: Mapped[ServiceCategory | None] = relationship(
        primaryjoin=lambda: foreign(Service.category_id) == remote(ServiceCategory.id)
    )

    def __str__(self) -> str:
        """Return what a list or picker shows."""
        return pick(self.name, "en")


class Skill(Base, Owned):
    """Something a technician can do and a job may need."""

    __tablename__ = "skill"
    __table_args__ = owned(Index(None, "company_id", "name", unique=True))

    id: Mapped[Pk]
    name: Mapped[Name]

    def __str__(self) -> str:
        """Return what a list or picker shows."""
        return self.name


class Part(Base, Owned):
    """Something from the store that a job may use up."""

    __tablename__ = "part"
    __table_args__ = owned(
        Index(None, "company_id", "name"), CheckConstraint("price_cents >= 0", name="price")
    )

    id: Mapped[Pk]
    name: Mapped[Name]
    number: Mapped[Code | None]
    price_cents: Mapped[Cents | None]
    stock: Mapped[int] = mapped_column(default=0)

    def __str__(self) -> str:
        """Return what a list or picker shows."""
        return self.name


class Asset(Base, Owned):
    """A thing that stands at a location and is looked after: a boiler, a lift."""

    __tablename__ = "asset"
    __table_args__ = owned(belongs_to("location"), Index(None, "company_id", "location_id"))

    id: Mapped[Pk]
    location_id: Mapped[Id]
    name: Mapped[Name]
    serial: Mapped[Name | None]

    location: Mapped[Location] = relationship(
        primaryjoin=lambda: foreign(Asset.location_id) == remote(Location.id)
    )

    def __str__(self) -> str:
        """Return what a list or picker shows."""
        return self.name


class ClientService(Base, Owned):
    """A plan: a service that one customer has agreed on at one price."""

    __tablename__ = "client_service"
    __table_args__ = owned(
        belongs_to("customer"),
        belongs_to("location"),
        belongs_to("service"),
        Index(None, "company_id", "customer_id", "service_id"),  # matching a request to a plan
    )

    id: Mapped[Pk]
    customer_id: Mapped[Id]
    location_id: Mapped[Id | None]
    service_id: Mapped[Id]
    price_cents: Mapped[Cents | None]
    every_months: Mapped[int | None]  # none: once
    # Asked for by the customer, not agreed on yet: nothing is scheduled from it. Source: D12.
    is_proposal: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Utc]
    ended_at: Mapped[Utc | None]

    customer: Mapped[Customer] = relationship(
        primaryjoin=lambda: foreign(ClientService.customer_id) == remote(Customer.id)
    )
    location: Mapped[Location | None] = relationship(
        primaryjoin=lambda: foreign(ClientService.location_id) == remote(Location.id)
    )
    service: Mapped[Service] = relationship(
        primaryjoin=lambda: foreign(ClientService.service_id) == remote(Service.id)
    )
