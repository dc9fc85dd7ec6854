"""A customer with the people and places that belong to them."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from app.columns import Code, Id, Long, Name, Pk, Ref, Utc
from app.db import Base
from app.tenancy import Owned, belongs_to, owned


class Customer(Base, Owned):
    """Who asks for work; ``access`` is none, read_only or full. Source: feature 29."""

    __tablename__ = "customer"
    __table_args__ = owned(
        CheckConstraint("access IN ('none', 'read_only', 'full')", name="access_is_known"),
        CheckConstraint("requests IN ('inherit', 'on', 'off')", name="requests_is_known"),
        CheckConstraint("email = lower(email)", name="email_is_lower"),
        CheckConstraint("sla_hours > 0", name="sla_hours_positive"),
        Index(None, "company_id", "email"),  # sign-in link requests
        Index(None, "company_id", "name"),  # the admin list and pickers sort by it
    )

    id: Mapped[Pk]
    ref: Mapped[Ref] = mapped_column(unique=True)
    name: Mapped[Name]
    email: Mapped[Name | None]
    phone: Mapped[Name | None]
    language: Mapped[Code] = mapped_column(default="en")
    channel: Mapped[Code] = mapped_column(default="email")  # email or sms
    sla_hours: Mapped[int | None]  # a job's deadline counts from its approval
    access: Mapped[Code] = mapped_column(default="full")
    requests: Mapped[Code] = mapped_column(default="inherit")
    portal_since: Mapped[Utc | None]  # when access was given; none until then
    onboarded_at: Mapped[Utc | None]
    # Somebody who signed up is a lead until staff say won or lost. Source: feature 175.
    signed_up_at: Mapped[Utc | None]
    lead_outcome: Mapped[Code | None]
    password_hash: Mapped[Long | None]  # only where the company allows passwords
    notes: Mapped[Long | None]
    created_at: Mapped[Utc]
    archived_at: Mapped[Utc | None]

    locations: Mapped[list["Location"]] = relationship(
        primaryjoin=lambda: remote(foreign(Location.customer_id)) == Customer.id,
        back_populates="customer",
        order_by=lambda: Location.id,
    )
    contacts: Mapped[list["Contact"]] = relationship(
        primaryjoin=lambda: remote(foreign(Contact.customer_id)) == Customer.id,
        back_populates="customer",
        order_by=lambda: Contact.id,
    )

    @property
    def first_name(self) -> str:
        """Return the name a mail greets with; a firm keeps its whole name."""
        words = self.name.split()
        return words[0] if len(words) == 2 else self.name

    def can_be_told(self) -> bool:
        """Return True when there is any address to write to. Source: D16."""
        return bool(self.email or self.phone)

    def can_sign_in(self) -> bool:
        """Return True when the portal may let this customer in."""
        return bool(self.email) and self.access != "none" and self.archived_at is None

    def __str__(self) -> str:
        """Return what a list or picker shows."""
        return self.name


class Location(Base, Owned):
    """A place where work is done."""

    __tablename__ = "location"
    __table_args__ = owned(
        belongs_to("customer"),
        Index(None, "company_id", "customer_id"),  # a customer's places, in forms and scopes
    )

    id: Mapped[Pk]
    customer_id: Mapped[Id]
    name: Mapped[Name | None]
    street: Mapped[Name]
    postcode: Mapped[Code | None]
    city: Mapped[Name | None]
    country: Mapped[Code | None]
    notes: Mapped[Long | None]
    archived_at: Mapped[Utc | None]

    customer: Mapped[Customer] = relationship(
        primaryjoin=lambda: foreign(Location.customer_id) == remote(Customer.id),
        back_populates="locations",
    )

    @property
    def line(self) -> str:
        """Return the address in one line, as on an envelope."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return ", ".join(part for part in (self.street, town) if part)

    def __str__(self) -> str:
        """Return what a list or picker shows."""
        return f"{self.name} · {self.line}" if self.name else self.line


class Contact(Base, Owned):
    """A person to ring or write to at a customer's."""

    __tablename__ = "contact"
    __table_args__ = owned(belongs_to("customer"), Index(None, "company_id", "customer_id"))

    id: Mapped[Pk]
    customer_id: Mapped[Id]
    name: Mapped[Name]
    email: Mapped[Name | None]
    phone: Mapped[Name | None]
    archived_at: Mapped[Utc | None]

    customer: Mapped[Customer] = relationship(
        primaryjoin=lambda: foreign(Contact.customer_id) == remote(Customer.id),
        back_populates="contacts",
    )

    def __str__(self) -> str:
        """Return what a list or picker shows."""
        return self.name
