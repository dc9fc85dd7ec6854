"""Promises to the outside, and mail kept when there is no mail server."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Code, Data, Id, Long, Name, Pk, Utc
from app.db import Base
from app.tenancy import Owned, owned


class OutboxMessage(Base, Owned):
    """One outside effect, written in the step's own transaction, kept until it is done.

    It is sent, waiting, being sent (claimed), or has given up; see ``status``.
    """

    __tablename__ = "outbox_message"
    __table_args__ = owned(
        Index(None, "company_id", "key", unique=True),  # one effect, one promise
        Index(  # what the sweeper claims, across companies
            "ix_outbox_message_due",
            "due_at",
            postgresql_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
            sqlite_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
        ),
        Index(None, "company_id", "subject", "subject_id"),  # a record's timeline
        Index(None, "company_id", "gave_up_at"),  # the list of what gave up
    )

    id: Mapped[Pk]
    key: Mapped[Code]
    topic: Mapped[Code]
    payload: Mapped[Data]
    subject: Mapped[Code | None]
    subject_id: Mapped[Id | None]
    recipient: Mapped[Code | None]  # an actor's ref: customer:12, staff:3
    channel: Mapped[Code] = mapped_column(default="email")
    created_at: Mapped[Utc]
    due_at: Mapped[Utc]
    claimed_until: Mapped[Utc | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[Utc | None]
    gave_up_at: Mapped[Utc | None]
    reason: Mapped[Long | None]  # why it has not gone out, in words staff can act on
    # What was said, for staff to look up; links that sign someone in are left out.
    sent_to: Mapped[Name | None]
    sent_language: Mapped[Code | None]
    sent_subject: Mapped[Name | None]
    sent_text: Mapped[Long | None]

    @property
    def status(self) -> str:
        """Return sent, gave_up, retrying or waiting."""
        if self.sent_at:
            return "sent"
        if self.gave_up_at:
            return "gave_up"
        return "retrying" if self.attempts else "waiting"


class KeptMail(Base, Owned):
    """A mail that would have gone out; the demo's inbox shows it."""

    __tablename__ = "kept_mail"
    __table_args__ = owned(Index(None, "company_id", "at"))

    id: Mapped[Pk]
    message_id: Mapped[Name] = mapped_column(unique=True)
    at: Mapped[Utc]
    sender: Mapped[Name]
    to: Mapped[Name]
    reply_to: Mapped[Name | None]
    subject: Mapped[Name]
    text: Mapped[Long]
    html: Mapped[Long]


class MessageText(Base, Owned):
    """An owner's words in place of ours for one message; the newest number counts."""

    __tablename__ = "message_text"
    __table_args__ = owned(
        Index(None, "company_id", "key", "channel", "language", "number", unique=True)
    )

    id: Mapped[Pk]
    key: Mapped[Code]
    channel: Mapped[Code]  # email or sms
    language: Mapped[Code]
    number: Mapped[int]  # of the version, from 1
    subject: Mapped[Name | None]
    body: Mapped[Long | None]  # none: back to our words
    author: Mapped[Name]
    created_at: Mapped[Utc]
