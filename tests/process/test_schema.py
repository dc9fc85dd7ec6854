"""The cheap look at the embedded database says what the migrations say."""

import sqlite3
from contextlib import closing

import pytest

from app.process.schema import VERSIONS, is_current

FIRST = 'revision = "0001"\ndown_revision = None\n'
SECOND = 'revision: str = "0002"\ndown_revision: str | None = "0001"\n'


@pytest.fixture
def versions(tmp_path):
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "a.py").write_text(FIRST)
    (folder / "b.py").write_text(SECOND)
    return folder


def database(tmp_path, revision: str) -> str:
    with closing(sqlite3.connect(tmp_path / "a.sqlite3")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        connection.commit()
    return f"sqlite:///{tmp_path}/a.sqlite3"


@pytest.mark.parametrize(("revision", "expected"), [("0001", False), ("0002", True)])
def test_only_the_newest_migration_is_current(tmp_path, versions, revision, expected):
    assert is_current(database(tmp_path, revision), versions) is expected


def test_no_file_and_no_table_are_not_current(tmp_path, versions):
    url = f"sqlite:///{tmp_path}/b.sqlite3"
    assert not is_current(url, versions)

    (tmp_path / "b.sqlite3").touch()
    assert not is_current(url, versions)


def test_a_server_is_left_to_the_migrations(versions):
    assert not is_current("postgresql+psycopg://app@/callout", versions)


@pytest.mark.on_database("sqlite")
def test_our_own_migrations_are_read_right(fresh_database):
    assert is_current(fresh_database["DATABASE_URL"], VERSIONS)
