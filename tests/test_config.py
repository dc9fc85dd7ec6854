"""Settings are read once, checked together, and say everything that is wrong at once."""

import stat

import pytest

import config
from config import ConfigError

KEY = "kQ8f3ZtR1xWv7LmN0pYs5uBcDeGhJiKo"
PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": KEY,
    "PUBLIC_URL": "https://service.example.com",
}


def load(tmp_path, **environment: str) -> config.Settings:
    return config.load({"VAR_DIR": str(tmp_path), **environment})


def problems(tmp_path, **environment: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, **environment)
    return "\n".join(caught.value.problems)


def test_nothing_set_is_a_demo_on_loopback(tmp_path):
    settings = load(tmp_path)

    assert settings.is_demo
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/callout.sqlite3"
    assert settings.redis_url is None


def test_every_problem_is_named_at_once(tmp_path):
    found = problems(tmp_path, APP_ENV="production", PORT="eighty", PDF_ENGINE="word")

    for name in ("SECRET_KEY", "PUBLIC_URL", "PORT", "PDF_ENGINE"):
        assert name in found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_ENV", "staging"),
        ("DATABASE_URL", "mysql://a/b"),
        ("DATABASE_ADMIN_URL", "postgresql://owner@/b"),
        ("REDIS_URL", "http://a"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY", "change-me-please-change-me-please-1234567"),
        ("SECRET_KEY_FALLBACKS", f"{KEY},short"),
        ("PUBLIC_URL", "http://service.example.com"),
        ("PUBLIC_URL", "service.example.com"),
        ("PORTAL_DOMAIN", "https://portal.example.com"),
        ("MAIL_PORT", "0"),
        ("MAIL_USE_TLS", "perhaps"),
        ("MAIL_DEFAULT_SENDER", "nobody"),
        ("SMS_URL", "json://127.0.0.1/send"),
        ("STRIPE_API_BASE", "http://stripe.example.com"),
        ("PDF_ENGINE", "word"),
        ("MEDIA_URL", "ftp://a/b"),
        ("PORT", "99999"),
        ("TRUSTED_PROXIES", "-1"),
        ("FAILPOINTS", "skip_row_lock=on"),
        ("FLASK_DEBUG", "1"),
    ],
)
def test_a_wrong_value_is_refused_by_name(tmp_path, name, value):
    assert name in problems(tmp_path, **{**PRODUCTION, name: value})


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"STRIPE_SECRET_KEY": "sk_test_1"}, "STRIPE_WEBHOOK_SECRET"),
        ({"MAIL_USERNAME": "mailer"}, "MAIL_PASSWORD"),
    ],
)
def test_a_setting_names_the_one_it_needs(tmp_path, given, missing):
    assert f"{missing} is missing" in problems(tmp_path, **PRODUCTION, **given)


@pytest.mark.parametrize("name", ["SECRET_KEY", "PUBLIC_URL"])
def test_production_makes_up_nothing(tmp_path, name):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    assert f"{name} is missing" in problems(tmp_path, **environment)
    assert not (tmp_path / "secret_key").exists()


def test_a_public_address_without_a_named_environment_is_no_demo(tmp_path):
    assert "APP_ENV is missing" in problems(tmp_path, PUBLIC_URL="https://service.example.com")


def test_the_demo_makes_its_secrets_once_and_for_its_owner_only(tmp_path):
    first, second = load(tmp_path), load(tmp_path)

    assert first.secret_key == second.secret_key
    assert first.demo_password == second.demo_password
    for name in ("secret_key", "demo_password"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.glob(".*")] == []


def test_given_secrets_win_over_kept_ones(tmp_path):
    load(tmp_path)

    settings = load(tmp_path, SECRET_KEY=KEY, DEMO_PASSWORD="walk-through")

    assert (settings.secret_key, settings.demo_password) == (KEY, "walk-through")


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_way_to_write_postgresql_is_understood(tmp_path, prefix):
    settings = load(tmp_path, DATABASE_URL=f"{prefix}callout@db/callout")

    assert settings.database_url == "postgresql+psycopg://callout@db/callout"
    assert settings.database_admin_url == settings.database_url


def test_no_secret_is_shown(tmp_path):
    secrets = {
        "DATABASE_URL": "postgresql://u:p4ss1@db/callout",
        "REDIS_URL": "redis://:p4ss2@queue/0",
        "MAIL_USERNAME": "mailer",
        "MAIL_PASSWORD": "p4ss3",
        "STRIPE_SECRET_KEY": "sk_p4ss4",
        "STRIPE_WEBHOOK_SECRET": "wh_p4ss5,wh_p4ss6",
        "SMS_URL": "json://p4ss7/{to}",
    }

    shown = repr(load(tmp_path, **PRODUCTION, **secrets))

    assert "p4ss" not in shown
    assert KEY not in shown


def test_mail_leaves_from_our_own_host_over_the_usual_port(tmp_path):
    settings = load(tmp_path, **PRODUCTION, MAIL_SERVER="mail", MAIL_USE_TLS="yes")

    assert (settings.mail_port, settings.mail_use_tls) == (587, True)
    assert settings.mail_default_sender == "no-reply@service.example.com"
    assert settings.is_https


def test_lists_are_parted_by_commas(tmp_path):
    settings = load(tmp_path, STRIPE_SECRET_KEY="sk", STRIPE_WEBHOOK_SECRET="one, two,")

    assert settings.stripe_webhook_secrets == ("one", "two")


def test_a_child_gets_our_environment_and_the_changes(monkeypatch):
    monkeypatch.setenv("CALLOUT_TEST", "kept")

    environment = config.child_environment(PORT="9")

    assert (environment["CALLOUT_TEST"], environment["PORT"]) == ("kept", "9")
