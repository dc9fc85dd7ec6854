"""Form fields of the generated screens: native controls that work without a script."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision, get_decimal_symbol
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import Field, SelectField, ValidationError
from wtforms.fields.choices import Choice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.widgets import TextInput

from admin_views.base import clean_id, company, language
from app import languages
from app.db import db
from app.services.form import plain
from app.web.words import pick

_AMOUNT = re.compile(r"(\d{1,9})(?:[.,](\d{1,3}))?", re.ASCII)
_MOST_CHOICES = 200


def zero(number: int | None) -> int:
    """Return a number, 0 for a blank."""
    return number or 0


def tidy(text: str | None) -> str | None:
    """Return typed text as it is stored, None when nothing is left of it."""
    return plain(text or "").strip() or None


def label_of(row: Any) -> str:
    """Return what a picker calls a row, in the reader's language where it has words in several."""
    texts = getattr(row, "label", None) or getattr(row, "name", None)
    return pick(texts) if isinstance(texts, dict) else str(row)


class RowField(SelectField):
    """Picks one row of the company; an id that isn't ours is an error, never a blank."""

    def __init__(
        self, label: Any, model: Any, *, lookup: str | None = None, optional: bool = False,
        **rest: Any,
    ) -> None:  # fmt: skip
        super().__init__(label, coerce=str, choices=[], validate_choice=False, **rest)
        self.model, self.optional = model, optional
        # The endpoint that finds more rows than a list can hold.
        self.lookup = lookup

    def iter_choices(self) -> Iterator[Any]:
        """Yield the rows to choose from, the chosen one among them."""
        if self.optional or self.data is None:
            yield Choice("", "–" if self.optional else _("Choose …"), self.data is None, {})
        for row in self._rows():
            yield Choice(str(row.id), label_of(row), row.id == self.data, {})

    def process_data(self, value: Any) -> None:
        """Take a row's id as it is stored."""
        self.data = clean_id(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the id somebody sent; whether the row is ours is asked in ``pre_validate``."""
        self.sent = (valuelist[0] if valuelist else "").strip()
        self.data = clean_id(self.sent)

    def pre_validate(self, form: Any) -> None:
        """Refuse what isn't a row of this company."""
        sent = getattr(self, "sent", "")
        if self.optional and not sent:
            return
        if self.row() is None:
            raise ValidationError(_("Please choose one from the list."))

    def row(self) -> Any:
        """Return the chosen row, None when this company has none of that id."""
        if self.data is None:
            return None
        statement = select(self.model).where(self.model.id == self.data)
        return db.session.scalars(statement).one_or_none()

    def _rows(self) -> list[Any]:
        statement = select(self.model).order_by(self.model.id.desc()).limit(_MOST_CHOICES)
        if hasattr(self.model, "archived_at"):
            statement = statement.where(self.model.archived_at.is_(None))
        rows = list(db.session.scalars(statement))
        if self.data is not None and all(row.id != self.data for row in rows):
            rows += [row for row in [self.row()] if row is not None]
        return sorted(rows, key=lambda row: label_of(row).casefold())


class CentsField(Field):
    """An amount typed as people write it, kept in minor units."""

    widget = TextInput()

    def __init__(self, label: Any, **rest: Any) -> None:
        super().__init__(label, render_kw={"inputmode": "decimal"}, **rest)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else major(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ``12.50`` or ``12,50``; blank is no amount."""
        typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not typed:
            return
        match, digits = _AMOUNT.fullmatch(typed), _digits()
        if match is None or len(match[2] or "") > digits:
            raise ValueError(_("Write an amount such as %(example)s.", example=major(1250)))
        self.data = int(match[1] + (match[2] or "").ljust(digits, "0"))


def major(minor_units: int) -> str:
    """Return an amount as its reader types it, in the company's currency."""
    digits = _digits()
    typed = f"{Decimal(minor_units).scaleb(-digits):.{digits}f}"
    return typed.replace(".", get_decimal_symbol(language()))


def _digits() -> int:
    digits: int = get_currency_precision(company().currency)
    return digits


class WordsField(Field):
    """A text in every language shipped, a box each; one of them is enough."""

    def __init__(
        self, label: Any, *, required: bool = False, limit: int = 200, **rest: Any
    ) -> None:
        super().__init__(label, **rest)
        self.required, self.limit = required, limit

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Collect the boxes that were sent."""
        self.process_errors = []
        self.raw_data = None
        self.process_data(getattr(data, "copy", dict)() if isinstance(data, dict) else {})
        if formdata is None or not any(f"{self.name}_{c}" in formdata for c in languages.SHIPPED):
            return
        sent = {code: tidy(formdata.get(f"{self.name}_{code}")) for code in languages.SHIPPED}
        self.data = {code: text[: self.limit] for code, text in sent.items() if text}

    def pre_validate(self, form: Any) -> None:
        """Ask for one language at least."""
        if self.required and not self.data:
            raise ValidationError(_("Please fill this in, in one language at least."))
