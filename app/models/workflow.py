"""Workflow drafts, versions and publications, the events of each record, and its timers."""

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Code, Data, Id, Items, Long, Name, Pk, Utc
from app.db import Base
from app.tenancy import Owned, belongs_to, owned


class WorkflowVersion(Base, Owned):
    """One immutable text of one definition; a draft until it is published."""

    __tablename__ = "workflow_version"
    __table_args__ = owned(
        Index(None, "company_id", "key", "number", unique=True),
        CheckConstraint("number > 0", name="number_from_one"),
    )

    id: Mapped[Pk]
    key: Mapped[Code]
    number: Mapped[int]
    sha256: Mapped[Code]
    document: Mapped[Data]
    author: Mapped[Name]
    note: Mapped[Long | None]
    created_at: Mapped[Utc]
    published_at: Mapped[Utc | None]

    def __str__(self) -> str:
        """Return what a list shows."""
        return f"{self.key} {self.number}"


class WorkflowDraft(Base, Owned):
    """The one text of a workflow that is being worked on; anything may stand in it."""

    __tablename__ = "workflow_draft"
    __table_args__ = owned(Index(None, "company_id", "key", unique=True))

    id: Mapped[Pk]
    key: Mapped[Code]
    text: Mapped[Long]  # YAML
    author: Mapped[Name]
    edition: Mapped[int] = mapped_column(default=1)  # counts the saves: two people can't overwrite
    created_at: Mapped[Utc]
    updated_at: Mapped[Utc]


class Publication(Base, Owned):
    """One publishing: what becomes of the records under way, and how far that has come."""

    __tablename__ = "publication"
    __table_args__ = owned(
        belongs_to("workflow_version"),
        Index(None, "company_id", "key", "id"),  # the newest of a workflow
        Index(  # what the movers look for, across companies
            "ix_publication_unfinished", "id", postgresql_where=text("done_at IS NULL")
        ),
    )

    id: Mapped[Pk]
    key: Mapped[Code]
    workflow_version_id: Mapped[Id]
    plan: Mapped[Data]  # {"states": {state: {"move_to": state, "note": {}}}, "timers": policy}
    actor_ref: Mapped[Code]
    actor_name: Mapped[Name]
    at: Mapped[Utc]
    total: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)  # could not be moved: they stay, none is lost
    last_id: Mapped[Id] = mapped_column(default=0)  # movers go on behind it
    done_at: Mapped[Utc | None]


class Event(Base, Owned):
    """One step taken. Rows are never changed; ``digest`` chains them per record.

    ``digest`` covers the digest of the payload, not the payload, so that a person's words can
    be erased and the chain still holds.
    """

    __tablename__ = "event"
    __table_args__ = owned(
        belongs_to("workflow_version"),
        # one record's history, and the guard that two steps can't both be its next
        Index(None, "company_id", "subject", "subject_id", "seq", unique=True),
        Index(None, "company_id", "key", unique=True),  # a repeated request is answered alike
    )

    id: Mapped[Pk]
    subject: Mapped[Code]
    subject_id: Mapped[Id]
    seq: Mapped[int]
    workflow_version_id: Mapped[Id]
    trigger: Mapped[Code]
    from_state: Mapped[Code | None]
    to_state: Mapped[Code]
    actor_ref: Mapped[Code]
    actor_name: Mapped[Name]
    actor_role: Mapped[Code]
    at: Mapped[Utc]
    input: Mapped[Data] = mapped_column(default=dict)
    effects: Mapped[Items] = mapped_column(default=list)
    key: Mapped[Code | None]
    # What the step changed in the record and made, where it can be taken back for a moment.
    restores: Mapped[Data | None]
    payload_digest: Mapped[Code]
    previous_digest: Mapped[Code]
    digest: Mapped[Code]


class Timer(Base, Owned):
    """Something due at a time unless the record moves on first; fires once."""

    __tablename__ = "timer"
    __table_args__ = owned(
        belongs_to("workflow_version"),
        # one per entry into the state (or per start) and repetition
        Index(
            None, "company_id", "subject", "subject_id", "name", "entry_seq", "round", unique=True
        ),
        Index(  # what the clock sweeps, across companies
            "ix_timer_due", "due_at", postgresql_where=text("done_at IS NULL")
        ),
    )

    id: Mapped[Pk]
    subject: Mapped[Code]
    subject_id: Mapped[Id]
    workflow_version_id: Mapped[Id]
    name: Mapped[Code]
    in_state: Mapped[Code | None]  # none: it stands over several states
    entry_seq: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[Utc]
    done_at: Mapped[Utc | None]
    fired_at: Mapped[Utc | None]  # none with done_at set: it was called off
