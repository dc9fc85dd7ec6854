"""A request: what a customer asked for, before anybody agreed."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, Time, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from app.columns import Code, Data, Id, Long, Name, Pk, Utc
from app.db import Base
from app.models.catalogue import Service, ServiceCategory
from app.models.customer import Contact, Customer, Location
from app.models.subject import Subject
from app.tenancy import Owned, belongs_to, owned

# What a part of the day means for somebody who plans; without one the first hours of the day.
_SLOTS: Final = {"morning": (time(8), time(12)), "afternoon": (time(13), time(17))}
_FIRST_SLOT: Final = (time(8), time(10))
_WAITS_FOR_US = "waiting_on IN ('owner', 'dispatcher', 'technician', 'office')"


class Request(Base, Subject):
    """Work asked for; a job only once somebody approves. Source: feature 34."""

    __tablename__ = "request"
    subject_name = "request"
    __table_args__ = owned(
        belongs_to("customer"),
        belongs_to("contact"),
        belongs_to("location"),
        belongs_to("service_category", "category_id"),
        belongs_to("service"),
        belongs_to("workflow_version"),
        CheckConstraint("urgency IN ('normal', 'urgent')", name="urgency_is_known"),
        # the badge and the queue's first page: what waits for the team, oldest first
        Index(
            "ix_request_waiting_for_us",
            "company_id",
            "submitted_at",
            "id",
            postgresql_where=text(_WAITS_FOR_US),
            sqlite_where=text(_WAITS_FOR_US),
        ),
        # the portal's banner and the queue's «with customer»
        Index(None, "company_id", "waiting_on", "submitted_at"),
        Index(None, "company_id", "state", "submitted_at", "id"),  # the queue, by status
        Index(None, "company_id", "submitted_at", "id"),  # the queue, all
        Index(None, "company_id", "customer_id", "submitted_at"),  # My Service Requests
        Index(None, "company_id", "form_key", unique=True),  # twice pressed, once stored
    )

    customer_id: Mapped[Id]
    contact_id: Mapped[Id | None]
    location_id: Mapped[Id | None]
    category_id: Mapped[Id | None]
    service_id: Mapped[Id | None]
    service_text: Mapped[Name | None]
    kind: Mapped[Code] = mapped_column(default="one_time")
    description: Mapped[Long] = mapped_column(default="")
    notes: Mapped[Long | None]
    urgency: Mapped[Code] = mapped_column(default="normal")
    # Typed for this request alone; master data only once staff accept it. Source: D21.
    address_once: Mapped[Data | None]
    contact_once: Mapped[Data | None]
    extra: Mapped[Data] = mapped_column(default=dict)  # the company's own fields
    proposed_at: Mapped[Utc | None]
    proposal_rounds: Mapped[int] = mapped_column(default=0)
    lead_source: Mapped[Code | None]  # set where the company works with leads
    form_key: Mapped[Code]
    form_digest: Mapped[Code]
    submitted_at: Mapped[Utc]

    customer: Mapped[Customer] = relationship(
        primaryjoin=lambda: foreign(Request.customer_id) == remote(Customer.id)
    )
    contact: Mapped[Contact | None] = relationship(
        primaryjoin=lambda: foreign(Request.contact_id) == remote(Contact.id)
    )
    location: Mapped[Location | None] = relationship(
        primaryjoin=lambda: foreign(Request.location_id) == remote(Location.id)
    )
    category: Mapped[ServiceCategory | None] = relationship(
        primaryjoin=lambda: foreign(Request.category_id) == remote(ServiceCategory.id)
    )
    service: Mapped[Service | None] = relationship(
        primaryjoin=lambda: foreign(Request.service_id) == remote(Service.id)
    )
    preferred_dates: Mapped[list["PreferredDate"]] = relationship(
        primaryjoin=lambda: remote(foreign(PreferredDate.request_id)) == Request.id,
        back_populates="request",
        order_by=lambda: PreferredDate.rank,
    )

    @property
    def number(self) -> str:
        """Return the number people say on the phone."""
        return f"R-{self.id}"

    @property
    def brief(self) -> str:
        """Return all that was written, for whoever does the work: the gate code too."""
        return "\n\n".join(filter(None, (self.description.strip(), (self.notes or "").strip())))

    def __str__(self) -> str:
        """Return what a list shows."""
        return self.number


class PreferredDate(Base, Owned):
    """One wish, first to third; a wish, never a promise. Source: feature 15."""

    __tablename__ = "preferred_date"
    __table_args__ = owned(
        belongs_to("request"),
        CheckConstraint("rank BETWEEN 1 AND 3", name="at_most_three"),
        Index(None, "company_id", "request_id", "rank", unique=True),
    )

    id: Mapped[Pk]
    request_id: Mapped[Id]
    rank: Mapped[int]
    day: Mapped[date]
    last_day: Mapped[date | None]  # end of a window
    day_part: Mapped[Code | None]  # morning, afternoon or flexible
    at_time: Mapped[time | None] = mapped_column(Time)

    request: Mapped[Request] = relationship(
        primaryjoin=lambda: foreign(PreferredDate.request_id) == remote(Request.id),
        back_populates="preferred_dates",
    )

    @property
    def slot(self) -> tuple[time, time]:
        """Return from when to when the wish would be met, by the company's clock."""
        if self.at_time:
            return self.at_time, time(min(self.at_time.hour + 2, 23), self.at_time.minute)
        return _SLOTS.get(self.day_part or "", _FIRST_SLOT)

    def begins_at(self, zone: str) -> datetime:
        """Return the moment the wish begins."""
        return datetime.combine(self.day, self.slot[0], ZoneInfo(zone)).astimezone(UTC)

    def has_passed(self, today: date) -> bool:
        """Return True when the wish can't be met any more. Source: D11."""
        return (self.last_day or self.day) < today
