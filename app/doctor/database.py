"""Is the database there, migrated, and walled in as it should be?"""

from collections.abc import Iterator, Sequence
from typing import Final

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

import app.models  # noqa: F401 - so that every table is known
import config
from app import clock, rls
from app.db import MIGRATIONS, Base
from app.doctor.findings import Finding, note
from app.models import Slot
from app.services import slots

_ROLE: Final = text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
_OWNED: Final = text(
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
    " AND relnamespace = 'public'::regnamespace"
    " AND pg_has_role(current_user, relowner, 'MEMBER') ORDER BY relname"
)
_WALLED: Final = text(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relrowsecurity AND relforcerowsecurity"
    " AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'own_company')"
)
_LOOKUP: Final = text("SELECT 1 FROM pg_roles WHERE rolname = :name")


def examine(settings: config.Settings, engine: Engine) -> Iterator[Finding]:
    """Yield what is wrong with the database; when it is out of reach, that alone."""
    try:
        with engine.connect() as connection:
            yield from _migrations(connection)
            yield from _pauses(connection)
            if connection.dialect.name == "postgresql":
                yield from _role(connection, settings)
                yield from _walls(connection)
            elif settings.app_env == "production":
                yield note("The database is SQLite: one machine, one writer at a time.")
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        yield Finding(f"The database can't be reached: {reason}")


def _migrations(connection: Connection) -> Iterator[Finding]:
    script = Config()
    script.set_main_option("script_location", str(MIGRATIONS))
    newest = set(ScriptDirectory.from_config(script).get_heads())
    present = set(MigrationContext.configure(connection).get_current_heads())
    if not present:
        yield Finding("The database has no tables yet. Run: flask --app wsgi db upgrade")
    elif present != newest:
        yield Finding("The database is not of this version. Run: flask --app wsgi db upgrade")


def _pauses(connection: Connection) -> Iterator[Finding]:
    """Yield the channels that nothing goes out by at the moment."""
    if not inspect(connection).has_table(Slot.__tablename__):
        return
    for channel, note_ in connection.execute(slots.paused(clock.now())):
        why = (note_ or "").replace("\n", " ")
        yield Finding(f"Messages wait: {channel} is paused for a moment. {why}".rstrip())


def _role(connection: Connection, settings: config.Settings) -> Iterator[Finding]:
    role = rls.application_role(settings.database_url)
    is_super, bypasses = connection.execute(_ROLE).one()
    if is_super or bypasses:
        yield Finding(
            f"The database role {role} ignores row-level security (superuser or BYPASSRLS), so"
            " nothing keeps companies apart there. Use a plain role in DATABASE_URL."
        )
    if owned := connection.scalars(_OWNED).all():
        yield Finding(
            f"The database role {role} owns tables ({_list(owned)}) and so could drop their"
            " walls. Let another role own them: DATABASE_ADMIN_URL, then db upgrade."
        )
    if settings.database_admin_url == settings.database_url:
        yield Finding(
            "DATABASE_ADMIN_URL is missing: migrations need the role that owns the tables,"
            " which must not be the one in DATABASE_URL."
        )
    if not connection.scalar(_LOOKUP, {"name": rls.lookup_role(role)}):
        yield Finding(
            f"The role {rls.lookup_role(role)} is missing. Run db upgrade with a DATABASE_ADMIN_URL"
            " whose role may create roles."
        )


def _walls(connection: Connection) -> Iterator[Finding]:
    walled = set(connection.scalars(_WALLED))
    if open_tables := sorted(_tables_of_companies() - walled):
        yield Finding(
            f"Row-level security is not forced on {_list(open_tables)}."
            " Run: flask --app wsgi db upgrade"
        )


def _tables_of_companies() -> set[str]:
    tables = Base.metadata.tables.values()
    return {each.name for each in tables if "company_id" in each.columns} | {"company"}


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
