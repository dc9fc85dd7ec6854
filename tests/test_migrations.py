"""The schema goes forwards and backwards, and says what the models say, on both databases."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import create_engine, inspect

from app.db import Base
from tests.harness.databases import settings_for


@pytest.fixture
def migrated(fresh_database, tmp_path) -> Iterator[Flask]:
    from wsgi import create_app

    app = create_app(settings_for(tmp_path, **fresh_database))
    with app.app_context():
        yield app


def schema(app: Flask) -> dict[str, list[str]]:
    """Return each table and its columns, indexes and checks as text."""
    engine = create_engine(app.config["DATABASE_ADMIN_URL"])
    look = inspect(engine)
    found = {
        table: sorted(map(_words, (*look.get_columns(table), *look.get_indexes(table))))
        for table in look.get_table_names()
        if table != "alembic_version"
    }
    engine.dispose()
    return found


def _words(part: object) -> str:
    return re.sub(r" at 0x\w+", "", str(part))


def test_migrations_and_models_say_the_same(migrated):
    check()  # ends the process where they differ

    assert schema(migrated).keys() == set(Base.metadata.tables)


def test_the_way_back_leads_to_nothing_and_forwards_again_to_the_same(migrated):
    before = schema(migrated)

    downgrade(revision="base")
    assert schema(migrated) == {}

    upgrade()
    assert schema(migrated) == before
