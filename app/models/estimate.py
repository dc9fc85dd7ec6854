"""An estimate: what work would cost, for the customer to accept or decline."""

from datetime import date

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from app.columns import Cents, Code, Id, Long, Name, Pk, Utc
from app.db import Base
from app.models.catalogue import Service
from app.models.customer import Contact, Customer, Location
from app.models.request import Request
from app.models.subject import Subject
from app.tenancy import Owned, belongs_to, owned


class Estimate(Base, Subject):
    """A price for work, in minor units of its currency; totals are those of its lines."""

    __tablename__ = "estimate"
    subject_name = "estimate"
    __table_args__ = owned(
        belongs_to("customer"),
        belongs_to("contact"),
        belongs_to("location"),
        belongs_to("request"),
        belongs_to("workflow_version"),
        CheckConstraint("total_cents >= 0", name="total_not_negative"),
        Index(None, "company_id", "serial", unique=True),
        Index(None, "company_id", "request_id"),  # the estimates of a request
        Index(None, "company_id", "state", "state_since"),  # the list, by status
        Index(None, "company_id", "customer_id", "state_since"),  # the portal's list
    )

    customer_id: Mapped[Id]
    contact_id: Mapped[Id | None]
    location_id: Mapped[Id | None]
    request_id: Mapped[Id | None]
    serial: Mapped[int]  # without gaps in a company
    title: Mapped[Name]
    note: Mapped[Long | None]
    currency: Mapped[Code]
    valid_until: Mapped[date | None]
    subtotal_cents: Mapped[Cents] = mapped_column(default=0)
    tax_cents: Mapped[Cents] = mapped_column(default=0)
    total_cents: Mapped[Cents] = mapped_column(default=0)
    created_at: Mapped[Utc]
    sent_at: Mapped[Utc | None]

    customer: Mapped[Customer] = relationship(
        primaryjoin=lambda: foreign(Estimate.customer_id) == remote(Customer.id)
    )
    contact: Mapped[Contact | None] = relationship(
        primaryjoin=lambda: foreign(Estimate.contact_id) == remote(Contact.id)
    )
    location: Mapped[Location | None] = relationship(
        primaryjoin=lambda: foreign(Estimate.location_id) == remote(Location.id)
    )
    request: Mapped[Request | None] = relationship(
        primaryjoin=lambda: foreign(Estimate.request_id) == remote(Request.id)
    )
    lines: Mapped[list["EstimateLine"]] = relationship(
        primaryjoin=lambda: remote(foreign(EstimateLine.estimate_id)) == Estimate.id,
        back_populates="estimate",
        order_by=lambda: EstimateLine.position,
        cascade="all, delete-orphan",
    )

    @property
    def number(self) -> str:
        """Return the number people say on the phone."""
        return f"E-{self.serial}"

    def __str__(self) -> str:
        """Return what a list shows."""
        return f"{self.number} {self.title}"


class EstimateLine(Base, Owned):
    """One line of an estimate; a quantity is counted in thousandths, a tax in basis points."""

    __tablename__ = "estimate_line"
    __table_args__ = owned(
        belongs_to("estimate"),
        belongs_to("service"),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("unit_cents >= 0", name="price_not_negative"),
        CheckConstraint("tax_bp BETWEEN 0 AND 10000", name="tax_is_a_share"),
        Index(None, "company_id", "estimate_id", "position"),  # an estimate's lines
    )

    id: Mapped[Pk]
    estimate_id: Mapped[Id]
    service_id: Mapped[Id | None]
    position: Mapped[int]
    name: Mapped[Name]
    quantity_milli: Mapped[int] = mapped_column(default=1000)
    unit_cents: Mapped[Cents]
    tax_bp: Mapped[int] = mapped_column(default=0)

    estimate: Mapped[Estimate] = relationship(
        primaryjoin=lambda: foreign(EstimateLine.estimate_id) == remote(Estimate.id),
        back_populates="lines",
    )
    service: Mapped[Service | None] = relationship(
        primaryjoin=lambda: foreign(EstimateLine.service_id) == remote(Service.id)
    )


class Counter(Base, Owned):
    """The last number given out in a series, such as estimates; one row a company and series."""

    __tablename__ = "counter"
    __table_args__ = owned(Index(None, "company_id", "name", unique=True))

    id: Mapped[Pk]
    name: Mapped[Code]
    value: Mapped[int] = mapped_column(default=0)
