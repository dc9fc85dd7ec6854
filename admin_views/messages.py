"""Every mail and SMS that left, or should have; those that gave up first."""

from dataclasses import dataclass
from typing import Any, Final

from flask import flash, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from admin_views import cursors
from admin_views.base import OFFICE, StaffPage, actor, opens_to, see_other
from admin_views.wording import Shown
from app import clock, languages
from app.db import db, transaction
from app.errors import NotFound
from app.models import Customer, OutboxMessage, Staff
from app.services import delivery
from app.web.words import in_words

PAGE_ROWS = 50
_MOST_COUNTED = 100
CHANNELS: Final = {"email": _l("Mail"), "sms": _l("SMS")}
STATUSES: Final = {
    "sent": Shown(_l("Delivered"), "won"),
    "gave_up": Shown(_l("Gave up"), "lost"),
    "retrying": Shown(_l("Trying again"), "waiting"),
    "waiting": Shown(_l("Waiting to go"), "neutral"),
}
CHIPS: Final = (("all", _l("All")), ("gave_up", _l("Gave up")), ("retrying", _l("Trying again")))
_ABOUT: Final = {"request": "requests.show", "job": "jobs.show", "customer": "customers.page"}
_NAMES: Final = {"request": "R-", "job": "J-"}


@dataclass(frozen=True)
class Line:
    """One message as the list shows it."""

    row: OutboxMessage
    to: str
    what: str
    status: Shown
    about: tuple[str, str] | None  # words and address
    reason: str  # why it has not arrived, in the reader's language
    detail: str  # what the outside service said, in its own words


class MessagesView(StaffPage):
    """The list of messages, with a way to try again."""

    @expose("/")
    @opens_to(OFFICE)
    def index(self) -> ResponseReturnValue:
        """Show messages, newest first; ``status`` chooses."""
        session, status = db.session(), request.args.get("status", "all")
        rows, more = _page(session, status, cursors.read(request.args.get("after")))
        return self.render(
            "staff/messages.html", lines=_lines(session, rows), status=status, chips=CHIPS,
            failed=self._failed_lines(session, status), next_page=cursors.write(more),
            counts={"gave_up": failed()}, late=late_messages(),
        )  # fmt: skip

    @expose("/<int:key>")
    @opens_to(OFFICE)
    def show(self, key: int) -> ResponseReturnValue:
        """Show one message: why it has not arrived, and what was said."""
        session = db.session()
        row = _get(session, key)
        return self.render("staff/message.html", line=_lines(session, [row])[0])

    @expose("/<int:key>/retry", methods=("POST",))
    @opens_to(OFFICE)
    def retry(self, key: int) -> ResponseReturnValue:
        """Send a message again that gave up."""
        with transaction() as session:
            delivery.retry(session, key, actor(), at=clock.now())
        flash(_("It is on its way again."), "success")
        return see_other(url_for(".index"))

    @property
    def menu_count(self) -> int:
        """Return how many messages gave up, for the badge in the menu."""
        return failed()

    @staticmethod
    def _failed_lines(session: Session, status: str) -> list[Line]:
        if status != "all" or request.args.get("after"):
            return []
        return _lines(session, _page(session, "gave_up", None)[0])


def failed() -> int:
    """Return how many messages gave up, at most a hundred, asked once a page."""
    if "failed_count" not in g:
        rows = select(OutboxMessage.id).where(_has("gave_up")).limit(_MOST_COUNTED).subquery()
        g.failed_count = db.session().scalar(select(func.count()).select_from(rows))
    count: int = g.failed_count
    return count


def late_messages() -> str | None:
    """Return why messages go out late, in the reader's language, None while they don't."""
    reason = delivery.trouble(db.session(), at=clock.now())
    if reason is None:
        return None
    return _("Notifications are delayed. %(reason)s", reason=in_words(reason))


def _get(session: Session, key: int) -> OutboxMessage:
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.id == key)).one_or_none()
    if row is None:
        raise NotFound("message", key)
    return row


def _page(
    session: Session, status: str, after: cursors.Cursor | None
) -> tuple[list[OutboxMessage], cursors.Cursor | None]:
    statement = select(OutboxMessage).where(_has(status))
    if after:
        statement = statement.where(OutboxMessage.id < after[1])
    statement = statement.order_by(OutboxMessage.id.desc()).limit(PAGE_ROWS + 1)
    rows = list(session.scalars(statement))
    last = rows[PAGE_ROWS - 1] if len(rows) > PAGE_ROWS else None
    return rows[:PAGE_ROWS], (last.created_at, last.id) if last else None


def _has(status: str) -> ColumnElement[bool]:
    gave_up, sent = OutboxMessage.gave_up_at, OutboxMessage.sent_at
    if status == "gave_up":
        return gave_up.is_not(None) & sent.is_(None)
    if status == "retrying":
        return gave_up.is_(None) & sent.is_(None) & (OutboxMessage.attempts > 0)
    return gave_up.is_(None) | sent.is_not(None)


def _lines(session: Session, rows: list[OutboxMessage]) -> list[Line]:
    names = _names(session, {row.recipient for row in rows if row.recipient})
    return [_line(row, names) for row in rows]


def _line(row: OutboxMessage, names: dict[str, str]) -> Line:
    kind = CHANNELS.get(row.channel, row.channel)
    reason, _newline, detail = (row.reason or "").partition("\n")
    spoken = languages.SHIPPED.get(row.sent_language or "")
    return Line(
        row=row,
        to=names.get(row.recipient or "", row.sent_to or ""),
        what=f"{kind}, {spoken}" if spoken else str(kind),
        status=STATUSES[row.status],
        about=_about(row),
        reason=in_words(reason) if reason else "",
        detail=detail,
    )


def _about(row: OutboxMessage) -> tuple[str, str] | None:
    endpoint = _ABOUT.get(row.subject or "")
    if endpoint is None or not row.subject_id:
        return None
    prefix = _NAMES.get(row.subject or "")
    label = f"{prefix}{row.subject_id}" if prefix else _("Customer")
    return label, url_for(endpoint, key=row.subject_id)


def _names(session: Session, refs: set[str]) -> dict[str, str]:
    """Return the names behind actors' refs: one statement a kind."""
    found: dict[str, str] = {}
    for kind, model in (("customer", Customer), ("staff", Staff)):
        ids = [int(ref.split(":")[1]) for ref in refs if ref.startswith(f"{kind}:")]
        if ids:
            statement: Any = select(model.id, model.name).where(model.id.in_(ids))
            found |= {f"{kind}:{id_}": name for id_, name in session.execute(statement)}
    return found
