"""Companies are sealed off: no statement leaves without one, or without saying «all» aloud."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    mapped_column,
    with_loader_criteria,
)

from app import failpoints
from app.columns import BigInt
from app.db import is_sqlite

ALL: Final = "all"
_SCOPE = "company_scope"
_HELD = "company_held"


class NoCompany(RuntimeError):
    """A statement on a company's rows was made without saying whose."""


class Tenant:
    """Marks the table of companies itself."""

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)


class Owned:
    """Marks a row as one company's."""

    company_id: Mapped[int] = mapped_column(BigInt, ForeignKey("company.id"), sort_order=-1)


def owned(*rest: Any) -> tuple[Any, ...]:
    """Return table arguments for an owned table: the key others point at, and ``rest``."""
    return (UniqueConstraint("company_id", "id"), *rest)


def belongs_to(table: str, column: str | None = None) -> ForeignKeyConstraint:
    """Return a foreign key that can only point at a row of the same company.

    Relationships must mark the id column alone as ``foreign()``, else clearing an optional
    one would set ``company_id`` to NULL.
    """
    return ForeignKeyConstraint(
        ["company_id", column or f"{table}_id"], [f"{table}.company_id", f"{table}.id"]
    )


def enter_company(session: Session, company_id: int) -> None:
    """Scope ``session`` to one company until told otherwise."""
    _set_scope(session, company_id)


@contextmanager
def company_scope(session: Session, company_id: int) -> Iterator[Session]:
    """Scope ``session`` to one company inside the block."""
    before = session.info.get(_SCOPE)
    _set_scope(session, company_id)
    try:
        yield session
    finally:
        _set_scope(session, before)


@contextmanager
def all_companies(session: Session) -> Iterator[Session]:
    """Look across companies inside the block: sign-in, webhooks and sweepers only.

    On PostgreSQL this is a second role that sees few tables; see ``app/rls.py``.
    """
    before = session.info.get(_SCOPE)
    _set_scope(session, ALL)
    try:
        yield session
    finally:
        _set_scope(session, before)


def current_company(session: Session) -> int | None:
    """Return the id of the company in scope, None when there is none or all are."""
    scope = session.info.get(_SCOPE)
    return scope if isinstance(scope, int) else None


def _set_scope(session: Session, scope: int | str | None) -> None:
    if session.info.get(_SCOPE) == scope:
        return
    # What was written in the old scope must reach the database there.
    if session.is_active and (session.new or session.dirty or session.deleted):
        session.flush()
    session.info[_SCOPE] = scope
    if isinstance(scope, int):
        _forget_strangers(session, scope)
    # A transaction that failed can take no more orders; the next one begins in the new scope.
    if session.in_transaction() and session.is_active and not is_sqlite(session):
        _tell_database(session.connection(), scope)


def _forget_strangers(session: Session, company_id: int) -> None:
    """Drop other companies' rows: ``session.get`` would hand them out without a statement."""
    for row in session.identity_map.values():
        known = row.__dict__
        whose = known.get("company_id") if isinstance(row, Owned) else known.get("id")
        # A row with parts of its own, such as an estimate's lines, takes them along.
        if isinstance(row, Owned | Tenant) and whose != company_id and row in session:
            session.expunge(row)


def _tell_database(connection: Connection, scope: int | str | None) -> None:
    role = connection.dialect.identifier_preparer.quote(f"{connection.engine.url.username}_lookup")
    if scope == ALL:
        connection.execute(text(f"SET LOCAL ROLE {role}"))
        return
    company = "" if scope is None else str(scope)
    connection.execute(
        text("SELECT set_config('role', 'none', true), set_config('app.company', :id, true)"),
        {"id": company},
    )


@event.listens_for(Session, "after_begin")
def _begin_in_scope(session: Session, begun: SessionTransaction, connection: Connection) -> None:
    scope = session.info.get(_SCOPE)
    if scope is not None and connection.dialect.name == "postgresql" and not begun.nested:
        _tell_database(connection, scope)


@event.listens_for(Session, "do_orm_execute")
def _stay_in_company(state: ORMExecuteState) -> None:
    if state.is_column_load or not (state.is_select or state.is_update or state.is_delete):
        return
    scope = state.session.info.get(_SCOPE)
    if scope == ALL or failpoints.is_on("skip_orm_tenant_filter"):
        return
    if scope is None:
        raise NoCompany(f"no company in scope for: {state.statement}")
    state.statement = state.statement.options(
        with_loader_criteria(Owned, lambda row: row.company_id == scope, include_aliases=True),
        with_loader_criteria(Tenant, lambda row: row.id == scope, include_aliases=True),
    )


@event.listens_for(Session, "before_flush")
def _stamp_company(session: Session, context: object, instances: object) -> None:
    scope = session.info.get(_SCOPE)
    for row in session.new:
        if not isinstance(row, Owned) or scope == ALL:
            continue
        if scope is None:
            raise NoCompany(f"no company in scope for a new {type(row).__name__}")
        if getattr(row, "company_id", None) is None:  # typed as always there; not yet
            row.company_id = scope
        elif row.company_id != scope:
            raise NoCompany(f"a new {type(row).__name__} belongs to another company")


@event.listens_for(Session, "loaded_as_persistent")
def _hold_company(session: Session, row: object) -> None:
    # Everybody asks for the company; unheld it would be forgotten and read anew each time.
    if isinstance(row, Tenant):
        session.info[_HELD] = row


@event.listens_for(Session, "after_transaction_end")
def _let_company_go(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_HELD, None)
