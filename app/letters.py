"""What goes out to a person: plain values, ready to send, that outlive their transaction."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """A mail. The same letter sent twice is the same bytes: nothing in it is made up later."""

    message_id: str  # with its angle brackets
    at: datetime
    sender_name: str
    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    language: str = "en"
    reply_to: str | None = None


@dataclass(frozen=True)
class TextMessage:
    """A short message to a phone; ``to`` is an international number with its plus."""

    to: str
    text: str = field(repr=False)
