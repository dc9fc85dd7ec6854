"""Looks the installation over and says in words what is missing or wrong."""

from collections.abc import Iterator

from sqlalchemy import Engine

import config
from app.doctor import database, machine
from app.doctor.findings import Finding

__all__ = ["Finding", "examine"]


def examine(settings: config.Settings, engine: Engine) -> Iterator[Finding]:
    """Yield what is wrong, and what is worth knowing; nothing else when all is well."""
    yield from database.examine(settings, engine)
    yield from machine.examine(settings)
