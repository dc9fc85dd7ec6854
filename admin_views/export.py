"""Lists as CSV: streamed, capped, and harmless when a spreadsheet opens them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from defusedcsv import csv
from flask import Response, stream_with_context

from admin_views.base import actor
from app import clock
from app.db import db
from app.tenancy import enter_company

_BATCH = 500


class _Echo:
    """Hands back what a CSV writer writes, so that a line is sent as soon as it is made."""

    def write(self, line: str) -> str:
        return line


def stream_csv(view: Any, query: Any) -> Response:
    """Return the rows of ``query`` as a CSV download; the view's export limit is in the query."""
    name = f"{view.endpoint}-{clock.now():%Y-%m-%d}.csv"
    return Response(
        stream_with_context(_lines(view, query, actor().company_id)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(view: Any, query: Any, company_id: int) -> Iterator[str]:
    # The request's session has ended by now; the stream runs in one of its own, which Flask ends
    # with the stream.
    session = db.session()
    enter_company(session, company_id)
    writer = csv.writer(_Echo())
    columns = view.get_export_columns()
    # A byte order mark, so that spreadsheets read UTF-8.
    yield "\ufeff" + writer.writerow([str(label) for _name, label in columns])
    for row in query.with_session(session).yield_per(_BATCH):
        yield writer.writerow([plain_value(view.export_value(row, name)) for name, _ in columns])


def plain_value(value: Any) -> str:
    """Return a value as text for a cell: no markup, times with their zone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, dict):
        return " / ".join(str(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return ", ".join(plain_value(item) for item in value)
    text = str(value)
    # defusedcsv looks after = + - @; these begin a formula for some programs too.
    return f"'{text}" if text[:1] in ("\t", "\r", "\n") else text
