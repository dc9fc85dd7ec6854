"""Mail by SMTP: one connection a batch, a deadline for every message, reasons in plain words."""

import hashlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any, Final

import flask_mail

from app.errors import N_, GatewayError
from app.letters import Letter

ANSWER_S: Final = 10.0
# For a whole message, however slowly the server's answers drip in.
LETTER_S: Final = 20.0
GOODBYE_S: Final = 2.0
LETTERS_A_CONNECTION: Final = 50  # many servers drop a connection after a hundred
DETAIL_LENGTH: Final = 200
_IMPLICIT_TLS: Final = 465
_CREDENTIALS: Final = (530, 534, 535, 538)

SILENT: Final = N_("The mail server does not answer.")
UNTRUSTED: Final = N_("The mail server's certificate can't be trusted.")
LOCKED_OUT: Final = N_("The mail server refuses our sign-in. Check the mail settings.")
NOT_OFFERED: Final = N_("The mail server can't do what the mail settings ask of it.")
SENDER_REFUSED: Final = N_("The mail server refuses our sender address. Check the mail settings.")
LATER: Final = N_("The mail server asked us to try again later.")
ADDRESS_REFUSED: Final = N_("The mail server does not take mail for this address.")
REFUSED: Final = N_("The mail server does not take this message.")
UNWRITABLE: Final = N_("Mail can't be written to this address.")


@dataclass(frozen=True)
class MailServer:
    """Where mail goes and who we are there."""

    host: str
    port: int
    sender: str
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    use_tls: bool = False
    our_name: str = "localhost"


class MailLine:
    """A line to the mail server: opened when first needed, kept for a batch, then closed."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._connection = _Connection(server)

    def connect(self) -> smtplib.SMTP:
        """Return the open connection. Raises GatewayError."""
        host = self._connection.host
        if host is not None and self._connection.num_emails < LETTERS_A_CONNECTION:
            return host
        self.close()
        with _plain_reasons():
            self._connection.host = host = self._connection.configure_host()
        return host

    def send(self, letter: Letter) -> None:
        """Hand one letter to the server. Raises GatewayError; afterwards the line is good again."""
        host = self.connect()
        try:
            with _plain_reasons(), _deadline(host, LETTER_S):
                self._connection.send(_Message(letter, self._server.sender))
        except GatewayError as error:
            if error.down or error.ours:
                self._drop()
            raise

    def close(self) -> None:
        """Say goodbye, briefly; a server that doesn't listen keeps nobody waiting."""
        host = self._connection.host
        if host is not None:
            with suppress(smtplib.SMTPException, OSError), _deadline(host, GOODBYE_S):
                host.quit()
            self._drop()

    def _drop(self) -> None:
        if self._connection.host is not None:
            self._connection.host.close()
        self._connection.host = None
        self._connection.num_emails = 0


class _Connection(flask_mail.Connection):
    """Flask-Mail's connection, which has no timeout of its own."""

    def __init__(self, server: MailServer) -> None:
        mail = flask_mail.Mail()
        # Without MAIL_MAX_EMAILS, which reconnects behind a success: its failure would look like
        # a letter not sent. MailLine reconnects before the next one.
        mail.state = mail.init_mail({"MAIL_SERVER": server.host}, testing=False)
        super().__init__(mail)
        self._server = server

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Return an open connection, signed in if there is a name to sign in with."""
        server = self._server
        host = _new_host(server)
        try:
            with _deadline(host, LETTER_S):
                code, words = host.connect(server.host, server.port)
                if code != 220:
                    raise smtplib.SMTPConnectError(code, words)
                if server.use_tls and server.port != _IMPLICIT_TLS:
                    host.starttls(context=ssl.create_default_context())
                if server.username and server.password:
                    host.login(server.username, server.password)
        except BaseException:
            host.close()
            raise
        return host


class _Message(flask_mail.Message):
    """A letter as bytes: the same ones each time, its headers folded and encoded by the book."""

    def __init__(self, letter: Letter, sender: str) -> None:
        address = parseaddr(sender)[1]
        super().__init__(
            subject=letter.subject,
            recipients=[_ascii_address(letter.to)],
            sender=_ascii_address(address),
            reply_to=letter.reply_to,
            date=letter.at.timestamp(),
        )
        self._letter = letter

    def as_bytes(self) -> bytes:
        """Return the message. Raises ValueError when a header would break out of its line."""
        letter, message = self._letter, EmailMessage(policy=SMTP)
        message["Subject"] = letter.subject
        message["From"] = formataddr((letter.sender_name, str(self.sender)))
        message["To"] = str(self.recipients[0])
        if letter.reply_to:
            message["Reply-To"] = _ascii_address(letter.reply_to)
        message["Date"] = format_datetime(letter.at)
        message["Message-ID"] = letter.message_id
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        message["Content-Language"] = letter.language
        message.set_boundary(hashlib.sha256(letter.message_id.encode()).hexdigest()[:40])
        return message.as_bytes()


def _new_host(server: MailServer) -> smtplib.SMTP:
    # A name of our own: the default asks the resolver, which may take its time.
    if server.use_tls and server.port == _IMPLICIT_TLS:
        host: smtplib.SMTP = smtplib.SMTP_SSL(
            local_hostname=server.our_name, timeout=ANSWER_S, context=ssl.create_default_context()
        )
    else:
        host = smtplib.SMTP(local_hostname=server.our_name, timeout=ANSWER_S)
    host._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001  connect() forgets it, and TLS checks the certificate against it
    return host


def _ascii_address(address: str) -> str:
    name, _, domain = address.rpartition("@")
    try:
        return f"{name.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise GatewayError(UNWRITABLE, permanent=True) from error


@contextmanager
def _deadline(host: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """End the connection when the block takes too long: timeouts count a single answer only."""
    timer = threading.Timer(seconds, _cut, [host])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(host: smtplib.SMTP) -> None:
    if host.sock is not None:
        with suppress(OSError):  # the plain shutdown: TLS's own would wait for the server
            socket.socket.shutdown(host.sock, socket.SHUT_RDWR)


@contextmanager
def _plain_reasons() -> Iterator[None]:
    """Turn what can go wrong with a mail server into GatewayError."""
    try:
        yield
    except (smtplib.SMTPException, OSError, flask_mail.BadHeaderError, ValueError) as error:
        for kind, explain in _EXPLANATIONS:
            if isinstance(error, kind):
                raise explain(error) from error
        raise


def _answered(code: int, words: bytes | str, refusal: str) -> GatewayError:
    detail = _detail(code, words)
    if code in _CREDENTIALS:
        return GatewayError(LOCKED_OUT, ours=True, detail=detail)
    if 500 <= code < 600:
        return GatewayError(refusal, permanent=True, detail=detail)
    return GatewayError(LATER, down=code == 421, detail=detail)


def _sender_refused(error: smtplib.SMTPSenderRefused) -> GatewayError:
    """A sender refused for good is our setting, unless the message was too large (552)."""
    if 500 <= error.smtp_code < 600 and error.smtp_code not in (*_CREDENTIALS, 552):
        return GatewayError(SENDER_REFUSED, ours=True, detail=_words(error))
    return _answered(error.smtp_code, error.smtp_error, REFUSED)


def _words(error: smtplib.SMTPResponseException) -> str:
    return _detail(error.smtp_code, error.smtp_error)


def _detail(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {text}".split())[:DETAIL_LENGTH]


def _recipient_refused(error: smtplib.SMTPRecipientsRefused) -> GatewayError:
    return _answered(*next(iter(error.recipients.values())), ADDRESS_REFUSED)


def _silent(error: Exception) -> GatewayError:
    return GatewayError(SILENT, down=True, detail=str(error)[:DETAIL_LENGTH])


# The first that fits counts: the library's own errors are each other's children.
_EXPLANATIONS: Final[tuple[tuple[type[Exception], Callable[[Any], GatewayError]], ...]] = (
    (smtplib.SMTPRecipientsRefused, _recipient_refused),
    (smtplib.SMTPSenderRefused, _sender_refused),
    (smtplib.SMTPNotSupportedError, lambda e: GatewayError(NOT_OFFERED, ours=True, detail=str(e))),
    (smtplib.SMTPConnectError, lambda e: GatewayError(SILENT, down=True, detail=_words(e))),
    (smtplib.SMTPHeloError, lambda e: GatewayError(SILENT, down=True, detail=_words(e))),
    (smtplib.SMTPResponseException, lambda e: _answered(e.smtp_code, e.smtp_error, REFUSED)),
    (
        ssl.SSLCertVerificationError,
        lambda e: GatewayError(UNTRUSTED, ours=True, detail=e.verify_message),
    ),
    (smtplib.SMTPException, _silent),
    (OSError, _silent),
    (Exception, lambda _: GatewayError(UNWRITABLE, permanent=True)),
)
