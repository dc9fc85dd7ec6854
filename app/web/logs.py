"""What is written down about trouble: one JSON line each, without secrets."""

import logging
import re
import secrets
import sys
from typing import Final

import structlog
from flask import g, request

# The last part of these addresses lets somebody in.
_SECRET_PATH: Final = re.compile(r"(/(?:enter|answer|invite/[^/]+|reset/[^/]+)/)[^/?]+")


def init_logs() -> None:
    """Have the process log JSON lines to its error stream."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def reference() -> str:
    """Return what a person can tell us to find this request in the log."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4)
    word: str = g.reference
    return word


def redact(path: str) -> str:
    """Return an address without what would let its reader in."""
    return _SECRET_PATH.sub(r"\1[hidden]", path)


def note(event: str, *, status: int, error: BaseException | None = None) -> None:
    """Write down what went wrong with this request, findable by its reference."""
    visit = g.get("visit")
    log = structlog.get_logger("web").bind(
        reference=reference(),
        method=request.method,
        path=redact(request.path),
        status=status,
        actor=visit.actor.ref if visit else None,
        company=visit.actor.company_id if visit else None,
    )
    if status >= 500:
        log.error(event, exc_info=error)
    else:
        log.info(event)
