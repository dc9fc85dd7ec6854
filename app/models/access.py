"""Sessions and the links that begin them; secrets are stored as digests only."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Code, Id, Long, Name, Pk, Utc
from app.db import Base
from app.tenancy import Owned, belongs_to, owned


class WebSession(Base, Owned):
    """A browser that is signed in, as staff or as a customer; ended by ``ended_at``."""

    __tablename__ = "web_session"
    __table_args__ = owned(
        belongs_to("staff"),
        belongs_to("customer"),
        Index(None, "token_digest", unique=True),
        Index(None, "company_id", "customer_id"),  # end all of a person's sessions
        Index(None, "company_id", "staff_id"),
    )

    id: Mapped[Pk]
    staff_id: Mapped[Id | None]
    customer_id: Mapped[Id | None]
    token_digest: Mapped[Code]
    email: Mapped[Name | None]  # the address that let them in; another one ends the session
    created_at: Mapped[Utc]
    seen_at: Mapped[Utc]
    expires_at: Mapped[Utc]
    ended_at: Mapped[Utc | None]
    agent: Mapped[Name | None]


class SignInLink(Base, Owned):
    """A mailed way in, good once: ``purpose`` is portal, answer, invite or reset.

    The token is derived from the row and the installation's secret, so the worker can write the
    same mail again and a stolen table opens nothing. Source: adversarial A12.
    """

    __tablename__ = "sign_in_link"
    __table_args__ = owned(
        belongs_to("staff"),
        belongs_to("customer"),
        Index(None, "token_digest", unique=True),
        Index(None, "company_id", "customer_id", "purpose"),  # a newer one ends older ones
        Index(None, "company_id", "staff_id", "purpose"),
    )

    id: Mapped[Pk]
    purpose: Mapped[Code]
    staff_id: Mapped[Id | None]
    customer_id: Mapped[Id | None]
    nonce: Mapped[Code]
    token_digest: Mapped[Code]
    code_digest: Mapped[Code | None]
    code_tries: Mapped[int] = mapped_column(default=0)
    browser_digest: Mapped[Code | None]  # the code works only on the device that asked
    target: Mapped[Long | None]  # the page the mail spoke of, or the step it answers
    sent_to: Mapped[Name]
    created_at: Mapped[Utc]
    expires_at: Mapped[Utc]
    used_at: Mapped[Utc | None]
    replaced_at: Mapped[Utc | None]

    def is_open(self, at: datetime) -> bool:
        """Return True while the link still lets somebody in at the moment ``at``."""
        return self.used_at is None and self.replaced_at is None and at < self.expires_at
