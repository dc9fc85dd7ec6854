"""Carries messages out: claims a batch, writes it, hands each letter over, marks it, goes on.

No transaction is open while an outside service is spoken to, and a message is marked right
after it went. Whoever dies in between leaves rows whose lease ends; the next one sends those
again, the same bytes under the same Message-ID.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, Final, Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, failpoints
from app.db import db, transaction
from app.errors import N_, GatewayError
from app.letters import Letter
from app.models import OutboxMessage
from app.services import delivery, messages, slots
from app.services.delivery import Claim, Said
from app.services.message_shelf import Shelf
from app.services.messages import Unwritten, Written
from app.tenancy import all_companies, company_scope

# So many without an answer, one after the other, and the channel is left alone for a while.
SILENCES: Final = 3
SILENT_PAUSE: Final = timedelta(seconds=30)
OUR_FAULT_PAUSE: Final = timedelta(seconds=60)
# With less of the lease left it is renewed first: a connection and a letter may take that long.
MARGIN: Final = timedelta(seconds=35)
OUR_FAULT: Final = N_("Something went wrong on our side. It is tried again.")
_log: Final = structlog.get_logger(__name__)


class Line(Protocol):
    """A way out: a mail server, a text message service."""

    def connect(self) -> object:
        """Be ready to send. Raises GatewayError."""

    def send(self, paper: Any, /) -> None:
        """Hand one message over. Raises GatewayError."""

    def close(self) -> None:
        """End what is open."""


@dataclass
class Tally:
    """What became of the messages."""

    sent: int = 0
    put_off: int = 0
    gave_up: int = 0


class Courier:
    """One round of deliveries. Channels without a line keep their letters in the database."""

    def __init__(
        self, lines: Mapping[str, Line], should_stop: Callable[[], bool] = lambda: False
    ) -> None:
        self.tally = Tally()
        self._lines = lines
        self._should_stop = should_stop
        self._left: dict[int, Claim] = {}
        self._held: dict[str, list[Claim]] = {}
        self._paused: dict[str, str] = {}
        self._silences: dict[str, int] = {}

    def carry_batch(self, limit: int = delivery.BATCH) -> int:
        """Deliver up to ``limit`` messages that are due; return how many were claimed."""
        with _everywhere() as session:
            claims = delivery.claim(session, at=clock.now(), limit=limit)
            self._paused = slots.pauses(session, at=clock.now())
        self._left = {claim.id: claim for claim in claims}
        try:
            for claim, written in self._written(claims):
                if self._should_stop():
                    break
                self._carry(claim, written)
        finally:
            self._give_back()
        return len(claims)

    def close(self) -> None:
        """Hang up."""
        for line in self._lines.values():
            line.close()

    def _written(self, claims: Sequence[Claim]) -> Iterator[tuple[Claim, Written | Unwritten]]:
        ordered = sorted(claims, key=lambda claim: (claim.company_id, claim.id))
        for company_id, own in groupby(ordered, key=lambda claim: claim.company_id):
            yield from self._write(company_id, list(own))

    def _write(
        self, company_id: int, claims: list[Claim]
    ) -> list[tuple[Claim, Written | Unwritten]]:
        """Write one company's messages in a single reading transaction, over before it returns."""
        sms_works = "sms" in self._lines
        with _reading(company_id) as session:
            wanted = OutboxMessage.id.in_([claim.id for claim in claims])
            rows = {row.id: row for row in session.scalars(select(OutboxMessage).where(wanted))}
            shelf = Shelf(session, list(rows.values()))
            found: list[tuple[Claim, Written | Unwritten]] = []
            for claim in claims:
                row = rows[claim.id]
                with self._own_fault(claim):
                    written = messages.write(session, row, sms_works=sms_works, shelf=shelf)
                found.append((claim, written))
        return found

    def _carry(self, claim: Claim, written: Written | Unwritten) -> None:
        if claim.attempts >= delivery.TRIES:
            self._give_up(claim, delivery.BROKE_OFF)
        elif isinstance(written, Unwritten):
            self._give_up(claim, written.reason)
        elif written.said.channel in self._paused:
            self._hold(claim, written.said.channel)
        else:
            self._send(claim, written)

    def _send(self, claim: Claim, written: Written) -> None:
        channel = written.said.channel
        line = self._lines.get(channel)
        try:
            with self._own_fault(claim):
                if line is not None:
                    line.connect()
                if not self._is_still_ours(claim):
                    return
                failpoints.hit("before_smtp")
                if line is not None:
                    line.send(written.paper)
                failpoints.hit("after_smtp")
                self._mark(claim, written, keep=line is None)
        except GatewayError as error:
            self._refused(claim, written, error)

    def _mark(self, claim: Claim, written: Written, *, keep: bool) -> None:
        with company_scope(db.session(), claim.company_id), transaction() as session:
            if keep and isinstance(written.paper, Letter):
                messages.keep(session, written.paper)
            delivery.mark_sent(session, claim, written.said, at=clock.now())
        self._left.pop(claim.id, None)
        self._silences[written.said.channel] = 0
        self.tally.sent += 1

    def _refused(self, claim: Claim, written: Written, error: GatewayError) -> None:
        claim, channel = self._left.get(claim.id, claim), written.said.channel
        reason = delivery.in_words(error.reason, error.detail)
        if error.ours:
            self._pause(channel, reason, OUR_FAULT_PAUSE)
            self._hold(claim, channel)
        elif error.permanent:
            self._give_up(claim, reason, written.said)
        else:
            self._put_off(claim, reason, written.said)
            self._silences[channel] = self._silences.get(channel, 0) + 1 if error.down else 0
            if self._silences[channel] >= SILENCES:
                self._pause(channel, reason, SILENT_PAUSE)

    def _is_still_ours(self, claim: Claim) -> bool:
        """Return False when our lease ended and somebody else may be sending this one."""
        held = self._left.get(claim.id)
        if held is None:
            return False
        now = clock.now()
        if held.until - now < MARGIN:
            with _everywhere() as session:
                renewed = delivery.renew(session, self._left.values(), at=now)
            self._left = {each.id: each for each in renewed}
        return claim.id in self._left

    def _pause(self, channel: str, reason: str, length: timedelta) -> None:
        self._paused[channel] = reason
        self._silences[channel] = 0
        _log.error("channel paused", channel=channel, reason=reason)
        with _everywhere() as session:
            slots.pause(session, channel, reason, until=clock.now() + length)

    def _hold(self, claim: Claim, channel: str) -> None:
        held = self._left.pop(claim.id, claim)
        self._held.setdefault(channel, []).append(held)

    def _put_off(self, claim: Claim, reason: str, said: Said | None = None) -> None:
        _log.warning("message put off", message=claim.id, reason=reason)
        self._left.pop(claim.id, None)
        with _everywhere() as session:
            delivery.put_off(session, claim, reason, at=clock.now(), said=said)
        self.tally.put_off += 1

    def _give_up(self, claim: Claim, reason: str, said: Said | None = None) -> None:
        _log.warning("message given up", message=claim.id, reason=reason)
        self._left.pop(claim.id, None)
        with _everywhere() as session:
            delivery.give_up(session, claim, reason, at=clock.now(), said=said)
        self.tally.gave_up += 1

    def _give_back(self) -> None:
        """Let others have what this round did not come to."""
        if not self._left and not self._held:
            return
        with _everywhere() as session:
            delivery.release(session, self._left.values())
            for channel, claims in self._held.items():
                delivery.hold(session, claims, channel, self._paused[channel])
        self._left, self._held = {}, {}

    @contextmanager
    def _own_fault(self, claim: Claim) -> Iterator[None]:
        """Put off a message our own code fails on, so that it can't stand before the others."""
        try:
            yield
        except GatewayError:
            raise
        except BaseException:
            db.session.rollback()
            self._put_off(self._left.get(claim.id, claim), OUR_FAULT)
            raise


@contextmanager
def _everywhere() -> Iterator[Session]:
    with all_companies(db.session()), transaction() as session:
        yield session


@contextmanager
def _reading(company_id: int) -> Iterator[Session]:
    """Yield a session that only looks; its transaction and rows are gone afterwards."""
    session = db.session()
    with company_scope(session, company_id):
        try:
            yield session
        finally:
            session.close()
