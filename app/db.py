"""The database: one base class, one committer, one way to lock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, Select, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from app import failpoints

BUSY_TIMEOUT_MS = 10_000
MIGRATIONS = Path(__file__).parent / "migrations"
_WRITER = "callout_writer"
_after_commit: list[Callable[[Session], None]] = []
# SQLite has one writer. Queueing in the process is fairer than its busy handler, which sleeps.
_sqlite_writer = threading.RLock()


class Base(DeclarativeBase):
    """What every table is made from."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def init_app(app: Flask) -> None:
    """Bind the database to ``app``, which holds SQLALCHEMY_DATABASE_URI already."""
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)


@contextmanager
def transaction() -> Iterator[Session]:
    """Yield the request's session as a writer and commit at the end; an error undoes all.

    On PostgreSQL it goes on with the transaction the sign-in check began. On SQLite a reader
    can't become a writer safely, so a fresh ``BEGIN IMMEDIATE`` takes its place: plain values
    (an ``Actor``) outlive it, rows read before do not.
    """
    session = db.session()
    with _writer_turn(session):
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
    for call in _after_commit:
        call(session)


def after_commit(call: Callable[[Session], None]) -> None:
    """Have ``call`` run after every commit; it must not raise, what it serves is stored."""
    if call not in _after_commit:
        _after_commit.append(call)


def locked(statement: Select[Any], *of: Any) -> Select[Any]:
    """Return ``statement`` with its rows locked until the transaction ends."""
    if failpoints.is_on("skip_row_lock"):
        return statement
    return statement.with_for_update(of=of or None)


def is_sqlite(session: Session) -> bool:
    """Return True on SQLite, which knows no row locks, roles or settings."""
    return session.get_bind().dialect.name == "sqlite"


@contextmanager
def _writer_turn(session: Session) -> Iterator[None]:
    if not is_sqlite(session) or failpoints.is_on("skip_row_lock"):
        yield
        return
    with _sqlite_writer:
        session.rollback()
        session.connection(execution_options={_WRITER: True})
        yield


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN is deferred and comes late; ours is in _begin_sqlite.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITER)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def engine() -> Engine:
    """Return the engine of the current app."""
    return db.engine
