"""How often something may be tried: counted in the queue server, in this process without one."""

from typing import Any, Final

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from werkzeug.exceptions import TooManyRequests

from app.gateways.queue import CONNECT_TIMEOUT_S

# Asking for links: both limits answer like a granted wish. Source: adversarial A10.
LINKS_A_MAILBOX: Final = parse("10/hour")
LINKS_AN_ADDRESS: Final = parse("20/hour")
SIGN_UPS_AN_ADDRESS: Final = parse("20/hour")
# Typing passwords and codes.
TRIES_A_PERSON: Final = parse("10/15minutes")
TRIES_AN_ADDRESS: Final = parse("100/15minutes")

_EXTENSION: Final = "callout_limits"
_IGNORES_DOTS: Final = ("gmail.com", "googlemail.com")


class Counters:
    """Counts tries for all processes together; for this one alone while that is down."""

    def __init__(self, queue_url: str | None) -> None:
        self._near = MovingWindowRateLimiter(MemoryStorage())
        self._shared = _shared(queue_url) if queue_url else self._near

    def hit(self, limit: RateLimitItem, *keys: str) -> bool:
        """Count one try and return True while there are not too many."""
        try:
            return self._shared.hit(limit, *keys)
        except (RedisError, OSError):
            return self._near.hit(limit, *keys)

    def forget(self, limit: RateLimitItem, *keys: str) -> None:
        """Begin to count anew."""
        try:
            self._shared.clear(limit, *keys)
        except (RedisError, OSError):
            self._near.clear(limit, *keys)


def init_app(app: Flask, queue_url: str | None) -> None:
    """Count for ``app`` in the queue server at ``queue_url``."""
    app.extensions[_EXTENSION] = Counters(queue_url)


def allows(limit: RateLimitItem, *keys: str) -> bool:
    """Count one try and return True while there are not too many."""
    return _counters().hit(limit, *keys)


def check(limit: RateLimitItem, *keys: str) -> None:
    """Count one try. Raises TooManyRequests."""
    if not allows(limit, *keys):
        raise TooManyRequests(retry_after=limit.get_expiry())


def forget(limit: RateLimitItem, *keys: str) -> None:
    """Begin to count anew, once a try has shown that it is the right person."""
    _counters().forget(limit, *keys)


def real_address() -> str:
    """Return the address that asks; forwarded ones count only behind proxies we were told of."""
    return request.remote_addr or "unknown"


def mailbox(email: str) -> str:
    """Return one key for all spellings of an address that end up in the same mailbox."""
    name, _, host = email.strip().lower().partition("@")
    name = name.split("+", 1)[0]
    if host in _IGNORES_DOTS:
        host, name = "gmail.com", name.replace(".", "")
    return f"{name}@{host}"


def _counters() -> Counters:
    counters: Counters = current_app.extensions[_EXTENSION]
    return counters


def _shared(queue_url: str) -> MovingWindowRateLimiter:
    address = queue_url.replace("unix:", "redis+unix:", 1)
    options: dict[str, Any] = {
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "socket_timeout": CONNECT_TIMEOUT_S,
        "retry": Retry(NoBackoff(), 0),  # its own retries cost 4.6 s while it is down
    }
    storage = storage_from_string(address, **options)
    return MovingWindowRateLimiter(storage)
