"""Runs migrations as the role that owns the tables, then gives the application its rights."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import JSON, BigInteger, create_engine, pool

from app import rls
from app.columns import UtcDateTime
from app.db import Base


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Name our own column types instead of spelling out what they are made of."""
    if kind != "type":
        return False
    autogen.imports.add("from app import columns")
    if isinstance(item, UtcDateTime):
        return "columns.UtcDateTime()"
    if isinstance(item, JSON):
        return "columns.Json"
    return "columns.BigInt" if isinstance(item, BigInteger) else False


def run() -> None:
    """Upgrade or downgrade in one transaction."""
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    engine = create_engine(
        current_app.config.get("DATABASE_ADMIN_URL") or url, poolclass=pool.NullPool
    )
    with engine.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=_render,
            compare_type=True,
        )
        context.run_migrations()
        if engine.dialect.name == "postgresql":
            rls.grant(connection, rls.application_role(str(url)))


run()
