"""What must go out, as rows: claimed for a while, marked, put off, given up, tried again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from app import outbox
from app.actor import Actor
from app.db import locked
from app.errors import N_, Conflict, Forbidden, NotFound
from app.models import OutboxMessage
from app.services import slots

TOPICS: Final = ("message",)
BATCH: Final = 100
# Whoever claims a row has it this long; one who dies with it gives it up then.
LEASE: Final = timedelta(seconds=60)
# Tried over about a day: 20 s, 40 s, 80 s, ... 11 h.
TRIES: Final = 13
FIRST_WAIT: Final = timedelta(seconds=20)
BROKE_OFF: Final = N_("Sending it was begun many times and never came to an end.")
LATE: Final = N_("Messages have been waiting for longer than a minute.")
_dice: Final = SystemRandom()
_TABLE: Final = OutboxMessage.__table__
_MARK: Final = (
    update(OutboxMessage)
    .where(_TABLE.c.id == bindparam("message"), _TABLE.c.company_id == bindparam("company"))
    .where(_TABLE.c.sent_at.is_(None))
    .values(gave_up_at=None, claimed_until=None)
)


@dataclass(frozen=True)
class Claim:
    """A row that is ours until ``until``; the same moment is how we know it for ours."""

    id: int
    company_id: int
    attempts: int
    until: datetime


@dataclass(frozen=True)
class Said:
    """What went out, for staff to look up."""

    channel: str
    to: str
    language: str
    subject: str
    text: str
    note: str | None = None  # what staff should know of it, a msgid


def claim(session: Session, *, at: datetime, limit: int = BATCH) -> list[Claim]:
    """Take what is due, the longest waiting first, for as long as a lease lasts.

    The caller is in «all companies». A row whose last holder died counts that as a try.
    """
    waiting = (
        select(OutboxMessage.id)
        .where(*_due(session, at))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    died = case((OutboxMessage.claimed_until.is_(None), 0), else_=1)
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(waiting.c.id)))
        .values(claimed_until=at + LEASE, attempts=OutboxMessage.attempts + died)
        .returning(OutboxMessage.id, OutboxMessage.company_id, OutboxMessage.attempts)
        .execution_options(synchronize_session=False)
    )
    rows = session.execute(statement).all()
    return [Claim(row.id, row.company_id, row.attempts, at + LEASE) for row in rows]


def is_any_due(session: Session, *, at: datetime) -> bool:
    """Return True when ``claim`` would find something."""
    statement = select(OutboxMessage.id).where(*_due(session, at)).limit(1)
    return session.scalar(statement) is not None


def renew(session: Session, claims: Iterable[Claim], *, at: datetime) -> list[Claim]:
    """Lengthen the lease of the rows that are still ours; return those."""
    until = at + LEASE
    held = {claim.id: claim for claim in claims}
    statement = (
        _ours(held.values())
        .values(claimed_until=until)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    kept = session.scalars(statement).all()
    return [Claim(id_, held[id_].company_id, held[id_].attempts, until) for id_ in kept]


def release(session: Session, claims: Iterable[Claim]) -> None:
    """Give rows back as they were, for the next one to claim."""
    _execute(session, _ours(claims).values(claimed_until=None))


def hold(session: Session, claims: Iterable[Claim], channel: str, reason: str) -> None:
    """Give rows back that can't go now because their channel is paused; it counts as no try."""
    change = {"claimed_until": None, "channel": channel, "reason": reason}
    _execute(session, _ours(claims).values(**change))


def mark_sent(session: Session, claim: Claim, said: Said, *, at: datetime) -> None:
    """Note that a message went out. True whoever holds the row by now.

    One lean statement: this is done for every single message.
    """
    session.connection().execute(
        _MARK,
        {
            "message": claim.id,
            "company": claim.company_id,
            "sent_at": at,
            "reason": said.note,
            **_columns(said),
        },
    )


def put_off(
    session: Session, claim: Claim, reason: str, *, at: datetime, said: Said | None = None
) -> None:
    """Have a message tried again later, each time later than before; after ``TRIES`` give up."""
    tried = claim.attempts + 1
    if tried >= TRIES:
        give_up(session, claim, reason, at=at, said=said)
        return
    due_at = at + _wait(tried)
    change = {"attempts": tried, "due_at": due_at, "claimed_until": None, "reason": reason}
    _execute(session, _ours([claim]).values(**change))


def give_up(
    session: Session, claim: Claim, reason: str, *, at: datetime, said: Said | None = None
) -> None:
    """Put a message on the list that staff see, with the reason and what it would have said."""
    change: dict[str, Any] = {
        "attempts": claim.attempts + 1,
        "gave_up_at": at,
        "claimed_until": None,
        "reason": reason,
    }
    if said is not None:
        change |= _columns(said)
    _execute(session, _ours([claim]).values(**change))


def retry(session: Session, message_id: int, actor: Actor, *, at: datetime) -> OutboxMessage:
    """Send a message again, from the start, at a member of staff's wish.

    Raises NotFound, Forbidden, and Conflict when it has gone out.
    """
    if actor.kind != "staff" or actor.role == "technician":
        raise Forbidden(N_("Messages are for the office to look after."))
    statement = locked(select(OutboxMessage).where(OutboxMessage.id == message_id))
    row: OutboxMessage | None = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFound("message", message_id)
    if row.sent_at is not None:
        raise Conflict(N_("This message has gone out already."))
    row.gave_up_at, row.attempts, row.due_at, row.reason = None, 0, at, None
    outbox.ring_after(session)
    return row


def given_up(
    session: Session, *, before: int | None = None, limit: int = 50
) -> Sequence[OutboxMessage]:
    """Return the messages nobody tries to send any more, newest first, below the id ``before``."""
    statement = select(OutboxMessage).where(
        OutboxMessage.gave_up_at.is_not(None), OutboxMessage.sent_at.is_(None)
    )
    if before is not None:
        statement = statement.where(OutboxMessage.id < before)
    return session.scalars(statement.order_by(OutboxMessage.id.desc()).limit(limit)).all()


def is_delayed(session: Session, *, at: datetime, after: timedelta = timedelta(minutes=1)) -> bool:
    """Return True when something in scope has been due for longer than ``after``."""
    statement = select(OutboxMessage.id).where(
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.gave_up_at.is_(None),
        OutboxMessage.due_at < at - after,
    )
    return session.scalar(statement.limit(1)) is not None


def trouble(session: Session, *, at: datetime) -> str | None:
    """Return why messages of the company in scope go out late, None while they don't.

    A msgid: the reason a channel is paused for, or that nobody knows one.
    """
    for stored in slots.pauses(session, at=at).values():
        return stored.partition("\n")[0] or LATE
    return LATE if is_delayed(session, at=at) else None


def in_words(reason: str, detail: str = "") -> str:
    """Return a reason as it is stored: our sentence, and on a second line the service's own."""
    return f"{reason}\n{detail}" if detail else reason


def _due(session: Session, at: datetime) -> tuple[ColumnElement[bool], ...]:
    paused = list(slots.pauses(session, at=at))
    waits_for_channel = and_(OutboxMessage.channel.in_(paused), OutboxMessage.reason.is_not(None))
    return (
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.gave_up_at.is_(None),
        OutboxMessage.due_at <= at,
        or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until <= at),
        OutboxMessage.topic.in_(TOPICS),
        # One never tried may turn out to go another way, so it is looked at all the same.
        *([~waits_for_channel] if paused else []),
    )


def _wait(tried: int) -> timedelta:
    """Twice as long each time; scattered, so that what failed together does not return together."""
    doubled: int = 2 ** (tried - 1)
    return FIRST_WAIT * doubled * _dice.uniform(0.8, 1.2)


def _columns(said: Said) -> dict[str, str]:
    return {
        "channel": said.channel,
        "sent_to": said.to,
        "sent_language": said.language,
        "sent_subject": said.subject,
        "sent_text": said.text,
    }


def _ours(claims: Iterable[Claim]) -> Any:
    held = list(claims)
    return update(OutboxMessage).where(
        OutboxMessage.id.in_([claim.id for claim in held]),
        OutboxMessage.claimed_until.in_({claim.until for claim in held}),
        OutboxMessage.sent_at.is_(None),
    )


def _execute(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
