"""Slots: who holds a turn that only one process may have, and what is paused until when."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Code, Long, Utc
from app.db import Base


class Slot(Base):
    """One named turn of the whole installation, such as the clock's or the mail server's."""

    __tablename__ = "slot"

    name: Mapped[Code] = mapped_column(primary_key=True)
    holder: Mapped[Code]
    until: Mapped[Utc]
    note: Mapped[Long | None]  # why, in words an operator can act on

    def is_held(self, at: datetime) -> bool:
        """Return True while the turn stands at the moment ``at``."""
        return at < self.until
