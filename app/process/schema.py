"""Whether the embedded database is up to date, told without loading the product: 2 s saved."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

VERSIONS: Final = Path(__file__).parents[1] / "migrations" / "versions"
_REVISION: Final = re.compile(r"""^(down_)?revision\b.*?=\s*["']([^"']+)["']""", re.M)


def is_current(database_url: str, versions: Path = VERSIONS) -> bool:
    """Return True when ``database_url`` is an SQLite file at the newest migration."""
    file = Path(database_url.removeprefix("sqlite:///"))
    if not database_url.startswith("sqlite:///") or not file.is_file():
        return False
    return _applied(file) == _newest(versions)


def _newest(versions: Path) -> set[str]:
    made: set[str] = set()
    followed: set[str] = set()
    for migration in versions.glob("*.py"):
        for is_earlier, revision in _REVISION.findall(migration.read_text(encoding="utf-8")):
            (followed if is_earlier else made).add(revision)
    return made - followed


def _applied(file: Path) -> set[str]:
    try:
        with closing(sqlite3.connect(file)) as connection:
            return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
    except sqlite3.DatabaseError:
        return set()
