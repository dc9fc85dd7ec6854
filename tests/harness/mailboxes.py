"""An SMTP server that does as it is told: accept, put off, refuse, hang, drop, be slow."""

import asyncio
import email
import email.policy
from collections import deque
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.harness.servers import free_port

ACCEPT: Final = "accept"
PUT_OFF: Final = "put_off"  # 451 to the message
REFUSE: Final = "refuse"  # 554 to the message
REFUSE_RECIPIENT: Final = "refuse_recipient"  # 550 to the address
PUT_OFF_RECIPIENT: Final = "put_off_recipient"  # 450 to the address
HANG: Final = "hang"  # no answer to the message
DROP: Final = "drop"  # the connection ends instead of an answer to the message
ACCEPT_AND_DROP: Final = "accept_and_drop"  # the message is taken, but nobody hears the yes
SLOW: Final = "slow"  # half a second late
SLOW_S: Final = 0.5
_ANSWERS: Final = {
    PUT_OFF: "451 4.3.0 Come back later",
    REFUSE: "554 5.7.1 We do not want this",
    REFUSE_RECIPIENT: "550 5.1.1 No such person",
    PUT_OFF_RECIPIENT: "450 4.2.0 Come back later",
}


@dataclass(frozen=True)
class Delivery:
    """One message that was taken, and for whom."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    def body(self, kind: str = "plain") -> str:
        part = self.message.get_body((kind,))
        assert part is not None, f"the message has no {kind} part"
        return str(part.get_content())


class Mailbox:
    """The server on ``host``:``port``. ``plan`` what the next messages meet; then it accepts."""

    host: Final = "127.0.0.1"

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.attempts = 0
        self.connections = 0
        self._plan: deque[str] = deque()
        self._usual = ACCEPT
        self.port = free_port()
        self._controller: Controller | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def plan(self, *answers: str, then: str = ACCEPT) -> None:
        """Say what the next messages meet, one answer each, and what all later ones do."""
        self._plan = deque(answers)
        self._usual = then

    def start(self) -> None:
        self._controller = _Controller(self, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Refuse connections from now on; ``start`` takes them again on the same port."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[Delivery]:
        """Return what was taken for an address."""
        return [each for each in self.deliveries if address in each.recipients]

    def next_answer(self) -> str:
        self.attempts += 1
        return self._plan.popleft() if self._plan else self._usual


class _Controller(Controller):
    def __init__(self, mailbox: Mailbox, **rest: Any) -> None:
        self.mailbox = mailbox
        super().__init__(_Handler(mailbox), **rest)

    def factory(self) -> SMTP:
        self.mailbox.connections += 1
        return SMTP(self.handler, hostname="localhost", enable_SMTPUTF8=True)


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self._answers: dict[int, str] = {}

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.mailbox.next_answer()
        if answer in (REFUSE_RECIPIENT, PUT_OFF_RECIPIENT):
            return _ANSWERS[answer]
        self._answers[id(session)] = answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self._answers.pop(id(session), ACCEPT)
        if answer in _ANSWERS:
            return _ANSWERS[answer]
        if answer == HANG:
            await asyncio.sleep(3600)
        if answer == SLOW:
            await asyncio.sleep(SLOW_S)
        if answer != DROP:
            self._take(envelope)
        if answer in (DROP, ACCEPT_AND_DROP):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 Taken"

    def _take(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mailbox.deliveries.append(
            Delivery(str(envelope.mail_from), tuple(envelope.rcpt_tos), message)
        )
