"""A throw-away PostgreSQL with two companies' databases: the same, but for their size."""

import resource
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

import config
from app import clock
from app.db import transaction
from app.models import ServiceCategory, Staff
from app.services import companies
from app.services.passwords import hash_password
from app.tenancy import company_scope
from tests.harness.postgres import APPLICATION, OWNER, Cluster, find_programs
from wsgi import create_app

SQL: Final = Path(__file__).parent / "sql"
OWNER_EMAIL: Final = "owner@bench.example"
PASSWORD: Final = "a password for the bench only"
SECRET: Final = "7b0f5d0a4c1e4e6f9a3b8c2d1f6e5a9c8d7b"


@dataclass
class Database:
    """One filled database; ``take`` hands out requests that still wait."""

    cluster: Cluster
    name: str
    rows: int
    waiting: int
    ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Count what was handed out."""
        self._taken = 0

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings that name this database, as its own roles see it."""
        return {
            "DATABASE_URL": self.cluster.url(self.name, APPLICATION),
            "DATABASE_ADMIN_URL": self.cluster.url(self.name, OWNER),
        }

    @cached_property
    def app(self) -> Flask:
        """Return the product over this database, inside this process."""
        return create_app(self.settings)

    @cached_property
    def settings(self) -> config.Settings:
        """Return checked settings over this database."""
        return config.load({**shared_environment(self.cluster.folder), **self.environment})

    def take(self, count: int) -> range:
        """Return the ids of ``count`` waiting requests nobody has had before."""
        if self._taken + count > self.waiting:
            raise RuntimeError("the bench has more to approve than it filled in")
        first = self.rows - self.waiting + self._taken + 1
        self._taken += count
        return range(first, first + count)

    def fill(self) -> None:
        """Make the tables, found the company, and give it a past."""
        with self.app.app_context():
            upgrade()
            self._found()
        with self.cluster.connect(self.name) as connection:
            connection.execute("SET session_replication_role = replica")  # no checks while filling
            values = {**self.ids, "rows": self.rows, "waiting": self.waiting}
            for statement in (SQL / "fill.sql").read_text().split(";\n"):
                if statement.strip():
                    _cursor(connection).execute(statement, values)
            connection.execute("VACUUM ANALYZE")

    def pgbench(self, script: str, ids: range, clients: int, token: str) -> "PgbenchRun":
        """Run one of the scripts once for each id, and return what it took."""
        share = len(ids) // clients
        variables = {**self.ids, "first": ids.start - 1, "share": share, "i": 0, "token": token}
        command = [
            str(find_programs() / "pgbench"), "--no-vacuum", "--client", str(clients),
            "--jobs", str(min(clients, 2)), "--transactions", str(share),
            "--file", str(SQL / f"{script}.pgbench.sql"), "--host", str(self.cluster.folder),
            "--username", APPLICATION, *(f"--define={k}={v}" for k, v in variables.items()),
            self.name,
        ]  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        company = f"PGOPTIONS=-c app.company={self.ids['company']}"
        done = subprocess.run(
            ["env", company, *command], capture_output=True, text=True, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode or "number of failed transactions: 0" not in done.stdout:
            raise RuntimeError(done.stdout + done.stderr)
        spent_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return PgbenchRun(share * clients, spent_s, _tps(done.stdout))

    def _found(self) -> None:
        form = {
            "name": "Bench", "slug": "bench", "owner_name": "Olive Owner",
            "owner_email": OWNER_EMAIL, "preset": "service_request",
        }  # fmt: skip
        with transaction() as session:
            company = companies.create(session, form, at=clock.now())
            with company_scope(session, company.id):
                session.scalars(select(Staff)).one().password_hash = hash_password(PASSWORD)
                category = session.scalars(select(ServiceCategory.id).limit(1)).one()
        self.ids = {
            "company": company.id,
            "category": category,
            "version": company.versions["service_request"],
            "job_version": company.versions["job"],
            "customers": max(self.rows // 100, 20),
        }


@dataclass(frozen=True)
class PgbenchRun:
    """What a pgbench run did and took; ``cpu_s`` is its own, without the server's."""

    count: int
    cpu_s: float
    a_second: float


def shared_environment(folder: Path) -> dict[str, str]:
    """Return the settings every process of the bench has."""
    return {
        "APP_ENV": "production",
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "VAR_DIR": str(folder / "var"),
    }


def _cursor(connection: "psycopg.Connection[Any]") -> "psycopg.Cursor[Any]":
    return psycopg.ClientCursor(connection)  # puts the values in itself: generate_series needs it


def _tps(report: str) -> float:
    line = next(line for line in report.splitlines() if line.startswith("tps = "))
    return float(line.split()[2])
