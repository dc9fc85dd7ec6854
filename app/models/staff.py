"""Staff: the people who work for a company."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Code, Name, Pk, Utc
from app.db import Base
from app.tenancy import Owned, owned


class Staff(Base, Owned):
    """One person at one company; ``role`` is owner, dispatcher, technician or office."""

    __tablename__ = "staff"
    __table_args__ = owned(
        CheckConstraint(
            "role IN ('owner', 'dispatcher', 'technician', 'office')", name="role_is_known"
        ),
        CheckConstraint("email = lower(email)", name="email_is_lower"),
        Index(None, "company_id", "email", unique=True),
        Index(None, "email"),  # sign-in looks a person up before the company is known
    )

    id: Mapped[Pk]
    email: Mapped[Name]
    name: Mapped[Name]
    role: Mapped[Code]
    language: Mapped[Code] = mapped_column(default="en")
    phone: Mapped[Name | None]
    password_hash: Mapped[Name | None]  # none until the invitation is taken up
    keys_enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Utc]
    disabled_at: Mapped[Utc | None]

    @property
    def first_name(self) -> str:
        """Return the only part of a technician's name customers see. Source: feature 147."""
        return self.name.split(" ", 1)[0]

    def is_active(self) -> bool:
        """Return True while the person may sign in."""
        return self.disabled_at is None

    def __str__(self) -> str:
        """Return what a list or picker shows."""
        return self.name
