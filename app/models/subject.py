"""What every record has that a workflow moves."""

from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.columns import Code, Data, Id, Pk, Ref, Utc
from app.tenancy import Owned


class Subject(Owned):
    """A record with a state. The workflow engine alone writes these columns."""

    subject_name: str  # "request", "job": the definition's ``subject``

    id: Mapped[Pk]
    ref: Mapped[Ref] = mapped_column(unique=True)
    workflow_version_id: Mapped[Id]
    state: Mapped[Code]
    state_since: Mapped[Utc]
    outcome: Mapped[Code | None]  # won or lost, once the state is final
    waiting_on: Mapped[Code | None]  # the role whose turn it is
    event_seq: Mapped[int] = mapped_column(default=0)  # number of the newest event
    event_digest: Mapped[Code] = mapped_column(default="")  # end of the audit chain
    # What the customer may read of the step that led here, such as a reason.
    said: Mapped[Data] = mapped_column(default=dict)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805 - SQLAlchemy hands in the class
        """Fetch nothing back after an insert but the key."""
        return {"eager_defaults": False}

    def is_decided(self) -> bool:
        """Return True once the record has ended. Source: features 73 and 84."""
        return self.outcome is not None
