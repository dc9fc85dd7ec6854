"""The doctor names what is missing or wrong, one sentence each."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from app import clock, doctor
from app.doctor import machine
from app.services import slots
from app.tenancy import all_companies


@pytest.fixture
def healthy(settings, mailbox, tmp_path, monkeypatch):
    """Settings under which nothing is wrong."""
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "htmx.min.js").touch()
    monkeypatch.setattr(machine, "FRONT_END", tmp_path / "vendor")
    monkeypatch.setattr(machine, "TRANSLATIONS", tmp_path / "none")
    monkeypatch.setattr(machine, "MIN_FREE_BYTES", 0)
    return replace(settings, mail_server="127.0.0.1", mail_port=mailbox.port)


def problems(settings, url=None):
    engine = create_engine(url or settings.database_url, poolclass=NullPool)
    found = doctor.examine(settings, engine)
    return [finding.sentence for finding in found if finding.is_problem]


def only(sentences):
    assert len(sentences) == 1, sentences
    return sentences[0]


def test_nothing_is_wrong_with_a_healthy_installation(healthy):
    assert problems(healthy) == []


@pytest.mark.on_database("sqlite")
def test_database_without_tables_is_named(healthy, tmp_path):
    assert "db upgrade" in only(problems(healthy, f"sqlite:///{tmp_path}/new.sqlite3"))


@pytest.mark.on_database("sqlite")
def test_database_out_of_reach_is_named(healthy):
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

    assert "can't be reached" in only(problems(healthy, url))


@pytest.mark.on_database("postgresql")
def test_role_that_owns_the_tables_is_refused(healthy):
    same = replace(healthy, database_url=healthy.database_admin_url)

    found = " ".join(problems(same))

    assert "owns tables" in found
    assert "DATABASE_ADMIN_URL is missing" in found


@pytest.mark.on_database("postgresql")
def test_superuser_is_refused(healthy):
    url = healthy.database_url.replace("callout_app@", "postgres@")

    found = " ".join(problems(replace(healthy, database_url=url)))

    assert "ignores row-level security" in found


@pytest.mark.on_database("postgresql")
def test_open_wall_is_named(healthy, app):
    owner = create_engine(healthy.database_admin_url, poolclass=NullPool)
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE request NO FORCE ROW LEVEL SECURITY"))
    try:
        assert "not forced on request." in only(problems(healthy))
    finally:
        with owner.begin() as connection:
            connection.execute(text("ALTER TABLE request FORCE ROW LEVEL SECURITY"))


@pytest.mark.on_database("sqlite")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"redis_url": "redis://127.0.0.1:1"}, "queue server in REDIS_URL"),
        ({"redis_url": None}, "No queue server runs"),
        ({"mail_server": None}, "MAIL_SERVER is missing"),
        ({"mail_port": 1}, "No email can go out"),
        ({"media_url": "s3://bucket"}, "not supported"),
        ({"media_url": "/proc/nowhere"}, "can't be written"),
        ({"app_env": "demo", "public_url": "https://callout.example"}, "public address"),
    ],
)
def test_what_is_missing_around_the_database_is_named(healthy, change, words):
    assert words in only(problems(replace(healthy, **change)))


@pytest.mark.on_database("sqlite")
def test_missing_front_end_files_are_named(healthy, monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "FRONT_END", tmp_path)

    assert "make setup" in only(problems(healthy))


@pytest.mark.on_database("sqlite")
def test_full_disk_is_named(healthy, monkeypatch):
    monkeypatch.setattr(machine, "MIN_FREE_BYTES", 1 << 60)

    assert "MB are free" in only(problems(healthy))


@pytest.mark.on_database("sqlite")
def test_uncompiled_translations_are_named(healthy, monkeypatch, tmp_path):
    folder = tmp_path / "tr" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").touch()
    monkeypatch.setattr(machine, "TRANSLATIONS", tmp_path / "tr")

    assert "not compiled" in only(problems(healthy))


@pytest.mark.on_database("sqlite")
def test_secret_that_others_can_read_is_named(healthy):
    (healthy.var_dir / "secret_key").write_text("x")
    (healthy.var_dir / "secret_key").chmod(0o644)

    assert "chmod 600" in only(problems(healthy))


@pytest.mark.on_database("sqlite")
def test_command_says_what_is_wrong_and_fails(runner):
    result = runner.invoke(args=["doctor"])

    assert result.exit_code == 1
    assert "PROBLEM  MAIL_SERVER is missing" in result.output


def test_a_paused_channel_is_named_with_its_reason(healthy, session):
    with all_companies(session):
        until = clock.now() + timedelta(minutes=1)
        slots.pause(session, "email", "Refused.\n535 no", until=until)
        session.commit()

    assert only(problems(healthy)) == "Messages wait: email is paused for a moment. Refused. 535 no"
