"""The two databases the suite runs on, migrated once, emptied after each test."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from flask_migrate import upgrade
from psycopg import sql

import config
from tests.harness.postgres import APPLICATION, OWNER, Cluster

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "callout_template"
_MADE_FOR_TESTS = "callout_test"


class Store(Protocol):
    """One database with our tables, as settings name it."""

    environment: dict[str, str]

    def empty(self) -> None:
        """Forget every row."""

    def copy(self, name: str) -> dict[str, str]:
        """Make an empty database of its own; return the settings that name it."""

    def drop(self, name: str) -> None:
        """Remove what ``copy`` made."""

    def close(self) -> None:
        """Remove everything."""


class SqliteStore:
    """A file; emptied by writing the freshly migrated one over it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite3"
        _migrate(_sqlite_environment(self._template), folder)
        with closing(sqlite3.connect(self._template)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        self._file = folder / "test.sqlite3"
        self.environment = _sqlite_environment(self._file)
        shutil.copy(self._template, self._file)

    def empty(self) -> None:
        with (
            closing(sqlite3.connect(self._template)) as source,
            closing(sqlite3.connect(self._file)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=WAL")

    def copy(self, name: str) -> dict[str, str]:
        file = self._folder / f"{name}.sqlite3"
        shutil.copy(self._template, file)
        return _sqlite_environment(file)

    def drop(self, name: str) -> None:
        for file in self._folder.glob(f"{name}.sqlite3*"):
            file.unlink()

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


class PostgresStore:
    """A database of a throw-away server; emptied table by table, which is faster than a copy."""

    def __init__(self, folder: Path) -> None:
        self._cluster = Cluster()
        try:
            self._make_template(folder)
        except BaseException:
            self._cluster.close()
            raise
        self.environment = self.copy(_MADE_FOR_TESTS)
        self._superuser = self._cluster.connect(_MADE_FOR_TESTS)
        # Foreign keys and triggers would make the order matter.
        self._superuser.execute("SET session_replication_role = replica")
        self._superuser.execute("SET lock_timeout = '5s'")
        self._emptying = _delete_statements(self._superuser)

    def _make_template(self, folder: Path) -> None:
        self._cluster.create(_TEMPLATE)
        _migrate(self._environment(_TEMPLATE), folder)
        with self._cluster.connect(_TEMPLATE) as connection:
            _spread_sequences(connection)

    def empty(self) -> None:
        self._superuser.execute(self._emptying)

    def copy(self, name: str) -> dict[str, str]:
        self._cluster.create(name, _TEMPLATE)
        return self._environment(name)

    def drop(self, name: str) -> None:
        self._cluster.drop(name)

    def close(self) -> None:
        self._superuser.close()
        self._cluster.close()

    def _environment(self, database: str) -> dict[str, str]:
        return {
            "DATABASE_URL": self._cluster.url(database, APPLICATION),
            "DATABASE_ADMIN_URL": self._cluster.url(database, OWNER),
        }


def make_store(kind: str, folder: Path) -> Store:
    """Return the store of one of ``KINDS`` with its files in ``folder``."""
    return SqliteStore(folder) if kind == "sqlite" else PostgresStore(folder)


@contextmanager
def own_copy(store: Store, name: str) -> Iterator[dict[str, str]]:
    """Yield the settings of a database nobody else uses; it is gone afterwards."""
    environment = store.copy(name)
    try:
        yield environment
    finally:
        store.drop(name)


def settings_for(folder: Path, **environment: str) -> config.Settings:
    """Return checked settings for a test, from ``environment`` and what all tests share."""
    shared = {"APP_ENV": "test", "VAR_DIR": str(folder), "SECRET_KEY": "0123456789abcdefGHIJ" * 3}
    return config.load({**shared, **environment})


def _migrate(environment: dict[str, str], folder: Path) -> None:
    from wsgi import create_app

    with create_app(settings_for(folder, **environment)).app_context():
        upgrade()


def _sqlite_environment(file: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{file}"}


def _spread_sequences(connection) -> None:
    # Ids of different tables never meet, so a test sees when one is taken for another.
    rows = connection.execute("SELECT sequencename FROM pg_sequences ORDER BY 1").fetchall()
    for number, (name,) in enumerate(rows, start=1):
        statement = sql.SQL("ALTER SEQUENCE {} RESTART WITH {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Literal(number * 100_000)))


def _delete_statements(connection) -> sql.Composed:
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'alembic_version'"
    ).fetchall()
    deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for (name,) in rows]
    return sql.SQL("; ").join(deletes)
