"""Row-level security: the last wall between companies, built by migrations on PostgreSQL.

The application's role owns nothing and sees one company's rows, named by ``app.company`` for a
transaction. A second role, which it may become for a transaction, sees across companies, and
only what sign-in, webhooks and sweepers need. The application's role must not inherit from it:
a policy speaks to everybody who inherits.
"""

from typing import Final

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

_COMPANY: Final = "nullif(current_setting('app.company', true), '')::bigint"
# What may be done across companies, by table.
LOOKUP: Final = {
    "company": ("SELECT", "INSERT"),
    "staff": ("SELECT",),
    "sign_in_link": ("SELECT",),
    "outbox_message": ("SELECT", "UPDATE"),
    "timer": ("SELECT", "UPDATE"),
    "publication": ("SELECT",),  # the movers look for what is unfinished
    "slot": ("SELECT", "INSERT", "UPDATE"),
    "kept_mail": ("SELECT",),  # the demo's inbox
}


def lookup_role(application_role: str) -> str:
    """Return the name of the role that looks across companies."""
    return f"{application_role}_lookup"


def application_role(database_url: str) -> str:
    """Return the role that the application signs in as."""
    return make_url(database_url).username or "postgres"


def protect(*tables: str) -> None:
    """Wall in the named tables of companies; ``company`` itself by its id. In migrations only."""
    for table in tables:
        column = "id" if table == "company" else "company_id"
        rule = f"{column} = {_COMPANY}"
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        op.execute(f'CREATE POLICY own_company ON "{table}" USING ({rule}) WITH CHECK ({rule})')


def unprotect(*tables: str) -> None:
    """Take down the wall of the named tables, for a step backwards."""
    for table in tables:
        op.execute(f'DROP POLICY IF EXISTS own_company ON "{table}"')
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


def grant(connection: Connection, role: str) -> None:
    """Give both roles what they need on the tables there are; run after every upgrade."""
    lookup = lookup_role(role)
    _make_role(connection, role, lookup)
    run = connection.exec_driver_sql
    run(f'GRANT USAGE ON SCHEMA public TO "{role}", "{lookup}"')
    run(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"')
    run(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}", "{lookup}"')
    there = set(
        connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname='public'"))
    )
    for table, verbs in LOOKUP.items():
        if table in there:
            _open(connection, table, verbs, lookup)


def _open(connection: Connection, table: str, verbs: tuple[str, ...], lookup: str) -> None:
    run = connection.exec_driver_sql
    run(f'GRANT {", ".join(verbs)} ON "{table}" TO "{lookup}"')
    for verb in verbs:
        name = f"lookup_{verb.lower()}"
        rule = "WITH CHECK (true)" if verb == "INSERT" else "USING (true)"
        run(f'DROP POLICY IF EXISTS {name} ON "{table}"')
        run(f'CREATE POLICY {name} ON "{table}" FOR {verb} TO "{lookup}" {rule}')


def _make_role(connection: Connection, role: str, lookup: str) -> None:
    known = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
    if not connection.scalar(known, {"name": lookup}):
        connection.exec_driver_sql(f'CREATE ROLE "{lookup}" NOLOGIN')
    member = text("SELECT pg_has_role(:role, :lookup, 'MEMBER')")
    if connection.scalar(member, {"role": role, "lookup": lookup}):
        return
    knows_options = (connection.dialect.server_version_info or (0,)) >= (16,)
    if not knows_options:
        connection.exec_driver_sql(f'ALTER ROLE "{role}" NOINHERIT')
    options = " WITH INHERIT FALSE, SET TRUE" if knows_options else ""
    connection.exec_driver_sql(f'GRANT "{lookup}" TO "{role}"{options}')
