"""Pickers over tables that may be long: a page of matches for what somebody types."""

from collections.abc import Sequence
from typing import Any

from flask_admin.model.ajax import AjaxModelLoader
from sqlalchemy import or_, select

from app.db import Base, db

MOST_ROWS = 50
_MOST_OFFSET = 1000


class Lookup(AjaxModelLoader):
    """Finds rows of the company in scope by any of ``columns``; archived ones are left out."""

    def __init__(self, name: str, model: type[Base], columns: Sequence[str]) -> None:
        super().__init__(name, {})
        self.model: Any = model
        self.columns = columns

    def format(self, model: Any) -> tuple[Any, str]:
        """Return the pair a picker shows."""
        return model.id, str(model)

    def get_one(self, pk: Any) -> Any:
        """Return the row, None when the company has none of that id."""
        return db.session.scalars(select(self.model).where(self.model.id == pk)).one_or_none()

    def get_list(self, query: str, offset: int = 0, limit: int = MOST_ROWS) -> list[Any]:
        """Return the rows that contain ``query``, by their first column."""
        columns = [getattr(self.model, column) for column in self.columns]
        statement = select(self.model).order_by(columns[0], self.model.id)
        if hasattr(self.model, "archived_at"):
            statement = statement.where(self.model.archived_at.is_(None))
        if query.strip():
            found = (column.icontains(query.strip(), autoescape=True) for column in columns)
            statement = statement.where(or_(*found))
        return list(db.session.scalars(statement.offset(offset).limit(limit)))


def clamp(limit: str | None, offset: str | None) -> tuple[int, int]:
    """Return how many rows a picker gets, and from where: at most fifty, whatever it asks."""
    return _between(limit, 1, MOST_ROWS, 10), _between(offset, 0, _MOST_OFFSET, 0)


def _between(text: str | None, low: int, high: int, default: int) -> int:
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 19):
        return default
    return max(low, min(high, int(text)))
