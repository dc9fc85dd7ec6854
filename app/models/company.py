"""A company: the tenant, its settings, opening hours and holidays."""

from datetime import date, time

from sqlalchemy import CheckConstraint, Index, Time
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Code, Data, Json, Long, Name, Pk, Utc, Words
from app.db import Base
from app.tenancy import Owned, Tenant, owned


class Company(Base, Tenant):
    """One customer of the installation; everything else belongs to exactly one."""

    __tablename__ = "company"
    __table_args__ = (
        CheckConstraint("slug = lower(slug)", name="slug_is_lower"),
        CheckConstraint("brand IS NULL OR length(brand) = 7", name="brand_is_hex"),
    )

    slug: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    created_at: Mapped[Utc]
    closed_at: Mapped[Utc | None]

    timezone: Mapped[Code] = mapped_column(default="UTC")
    language: Mapped[Code] = mapped_column(default="en")
    currency: Mapped[Code] = mapped_column(default="EUR")
    plan: Mapped[Code] = mapped_column(default="pro")

    email: Mapped[Name | None]
    phone: Mapped[Name | None]
    address: Mapped[Long | None]
    sender_name: Mapped[Name | None]
    reply_to: Mapped[Name | None]
    brand: Mapped[Code | None]
    logo_id: Mapped[int | None]

    portal_enabled: Mapped[bool] = mapped_column(default=True)
    requests_enabled: Mapped[bool] = mapped_column(default=True)
    request_workflow: Mapped[Code] = mapped_column(default="hybrid")
    # Version a new record begins under, by workflow key; publishing writes it.
    versions: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    eligibility: Mapped[Code] = mapped_column(default="portal_full")
    customer_session_days: Mapped[int] = mapped_column(default=30)
    signup: Mapped[Code] = mapped_column(default="off")  # off, approval_needed or open
    passwords_allowed: Mapped[bool] = mapped_column(default=False)
    # A customer counts as onboarded with the first completed job. Source: presets.md.
    onboards_with_first_job: Mapped[bool] = mapped_column(default=False)
    jobs_default_view: Mapped[Code] = mapped_column(default="active")  # or all. Source: C24
    # What the portal shows of a job beside the usual, by name: true or false. Source: C25.
    shows: Mapped[Data] = mapped_column(default=dict)
    # How a message goes out, by its key (or * for all) and recipient: email, sms, both.
    # Source: C21, C22.
    channels: Mapped[Data] = mapped_column(default=dict)
    tax_bp: Mapped[int] = mapped_column(default=0)  # usual tax of a line, in basis points
    decline_instructions: Mapped[Words] = mapped_column(default=dict)
    # Words an owner put in place of ours, by label name and language. Source: preset C27.
    labels: Mapped[Data] = mapped_column(default=dict)
    # Reasons a dispatcher can pick from: a list of {lang: text} under "decline".
    reasons: Mapped[Data] = mapped_column(default=dict)

    def has_portal_feature(self) -> bool:
        """Return True when the plan includes portal and requests. Source: feature 125."""
        return self.plan != "basic"

    def takes_requests(self) -> bool:
        """Return True while customers may hand in new requests. Source: features 112-118."""
        return self.portal_enabled and self.requests_enabled and self.has_portal_feature()

    def channel_for(self, message: str, recipient: str) -> str:
        """Return email, sms or both, blank where it is the reader's own choice."""
        for key in (message, "*"):
            known: dict[str, str] = self.channels.get(key) or {}
            if recipient in known:
                return known[recipient]
        return ""

    def shows_part(self, name: str) -> bool:
        """Return True while customers see that part of a job; the usual is yes."""
        return self.shows.get(name, True) is not False

    def shown_name(self, first_name: str, name: str) -> str | None:
        """Return what customers read of a technician's name. Source: D22, C25."""
        how = self.shows.get("technician", "first")
        return {"full": name, "none": None}.get(how, first_name)

    def label(self, name: str, language: str) -> str | None:
        """Return the owner's own word for ``name``, None where ours stands."""
        words: dict[str, str] = self.labels.get(name) or {}
        return words.get(language) or words.get(self.language)


class OpeningHours(Base, Owned):
    """One stretch of one weekday in which the company works; a day may have several."""

    __tablename__ = "opening_hours"
    __table_args__ = owned(
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_iso"),
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
        Index(None, "company_id", "weekday"),  # the calendar reads a company's whole week
    )

    id: Mapped[Pk]
    weekday: Mapped[int]  # 0 is Monday
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)


class Holiday(Base, Owned):
    """A day on which the business clock stands still."""

    __tablename__ = "holiday"
    __table_args__ = owned(Index(None, "company_id", "day", unique=True))

    id: Mapped[Pk]
    day: Mapped[date]
    name: Mapped[Name]

    def __str__(self) -> str:
        """Return what a list shows."""
        return f"{self.name} ({self.day})"
