"""Every setting, read from the environment once, checked, all problems named at once."""

import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

ENVIRONMENTS: Final = ("production", "demo", "test")
PDF_ENGINES: Final = ("auto", "pdfkit", "weasyprint")
SECRET_LENGTH: Final = 32
# Keys that manuals and examples show: as good as none.
_KNOWN_SECRETS: Final = ("change", "default", "secret", "example", "password", "insecure")
_TRUE: Final = ("1", "true", "yes", "on")
_FALSE: Final = ("0", "false", "no", "off", "")


class ConfigError(Exception):
    """The environment can't be used; ``problems`` has a sentence for each setting at fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Callout can't start:\n" + "\n".join(f"- {line}" for line in problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What was read. Secrets stay out of ``repr``, so that no log line can hold one."""

    app_env: str
    database_url: str = field(repr=False)
    database_admin_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(repr=False, default=())
    public_url: str
    portal_domain: str | None
    mail_server: str | None
    mail_port: int
    mail_username: str | None = field(repr=False)
    mail_password: str | None = field(repr=False)
    mail_use_tls: bool
    mail_default_sender: str
    sms_url: str | None = field(repr=False)
    stripe_secret_key: str | None = field(repr=False)
    stripe_webhook_secrets: tuple[str, ...] = field(repr=False, default=())
    stripe_api_base: str | None
    pdf_engine: str
    media_url: str
    var_dir: Path
    port: int
    demo_password: str | None = field(repr=False)
    trusted_proxies: int
    failpoints: str

    @property
    def is_demo(self) -> bool:
        """Return True when the demo inbox and the demo companies belong here."""
        return self.app_env == "demo"

    @property
    def is_https(self) -> bool:
        """Return True when people reach us over TLS, so cookies must be Secure."""
        return self.public_url.startswith("https://")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the checked settings; by default those of this process.

    The demo and the tests make their own secret key, and the demo its password, as files under
    ``VAR_DIR`` that only their owner can read.

    Raises ConfigError naming everything that is missing or wrong.
    """
    reader = _Reader(os.environ if environ is None else environ)
    settings = _read(reader)
    _check_together(reader, settings)
    if reader.problems:
        raise ConfigError(reader.problems)
    return settings


def child_environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with ``changes``, for a program that we start."""
    return {**os.environ, **changes}


class _Reader:
    """Takes settings out of the environment and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def complain(self, name: str, sentence: str) -> None:
        self.problems.append(f"{name} {sentence}")

    def text(self, name: str) -> str | None:
        return self.environ.get(name, "").strip() or None

    def many(self, name: str) -> tuple[str, ...]:
        parts = (part.strip() for part in self.environ.get(name, "").split(","))
        return tuple(part for part in parts if part)

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name) or default
        if value not in choices:
            self.complain(name, f"must be one of {', '.join(choices)}, not {value!r}.")
        return value

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self.text(name) or str(default)
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            self.complain(name, f"must be a number from {low} to {high}, not {value!r}.")
            return default
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.environ.get(name)
        if value is None:
            return default
        if value.lower() not in _TRUE + _FALSE:
            self.complain(name, f"must be true or false, not {value!r}.")
        return value.lower() in _TRUE

    def matching(self, name: str, fits: Callable[[str], bool], wanted: str) -> str | None:
        value = self.text(name)
        if value is not None and not fits(value):
            self.complain(name, f"must be {wanted}.")
        return value


def _read(reader: _Reader) -> Settings:
    app_env = reader.choice("APP_ENV", ENVIRONMENTS, "demo")
    var_dir = Path(reader.text("VAR_DIR") or "var").absolute()
    port = reader.number("PORT", 8000, low=1, high=65535)
    public_url = _public_url(reader, app_env, port)
    database_url = _database_url(reader, "DATABASE_URL") or f"sqlite:///{var_dir}/callout.sqlite3"
    use_tls = reader.flag("MAIL_USE_TLS", default=False)
    return Settings(
        app_env=app_env,
        database_url=database_url,
        database_admin_url=_database_url(reader, "DATABASE_ADMIN_URL") or database_url,
        redis_url=reader.matching(
            "REDIS_URL", _is_queue, "a redis://, rediss:// or unix:// address"
        ),
        secret_key=_secret_key(reader, app_env, var_dir),
        secret_key_fallbacks=reader.many("SECRET_KEY_FALLBACKS"),
        public_url=public_url,
        portal_domain=reader.matching(
            "PORTAL_DOMAIN", _is_host, "a bare host name such as portal.example.com"
        ),
        mail_server=reader.text("MAIL_SERVER"),
        mail_port=reader.number("MAIL_PORT", 587 if use_tls else 25, low=1, high=65535),
        mail_username=reader.text("MAIL_USERNAME"),
        mail_password=reader.text("MAIL_PASSWORD"),
        mail_use_tls=use_tls,
        mail_default_sender=_sender(reader, public_url),
        sms_url=reader.matching("SMS_URL", lambda url: "{to}" in url, "an address with {to} in it"),
        stripe_secret_key=reader.text("STRIPE_SECRET_KEY"),
        stripe_webhook_secrets=reader.many("STRIPE_WEBHOOK_SECRET"),
        stripe_api_base=reader.matching(
            "STRIPE_API_BASE", _is_safe_address, "an https:// address (http:// only on loopback)"
        ),
        pdf_engine=reader.choice("PDF_ENGINE", PDF_ENGINES, "auto"),
        media_url=_media_url(reader, var_dir),
        var_dir=var_dir,
        port=port,
        demo_password=_demo_password(reader, app_env, var_dir),
        trusted_proxies=reader.number("TRUSTED_PROXIES", 0, low=0, high=10),
        failpoints=reader.text("FAILPOINTS") or "",
    )


def _check_together(reader: _Reader, settings: Settings) -> None:
    if settings.failpoints and settings.app_env != "test":
        reader.complain("FAILPOINTS", "is only accepted with APP_ENV=test.")
    if settings.app_env == "production" and reader.flag("FLASK_DEBUG", default=False):
        reader.complain("FLASK_DEBUG", "must be off in production: its console runs any code.")
    if settings.stripe_secret_key and not settings.stripe_webhook_secrets:
        reader.complain("STRIPE_WEBHOOK_SECRET", "is missing while STRIPE_SECRET_KEY is set.")
    if settings.mail_username and not settings.mail_password:
        reader.complain("MAIL_PASSWORD", "is missing while MAIL_USERNAME is set.")
    if is_sqlite(settings.database_url) != is_sqlite(settings.database_admin_url):
        reader.complain("DATABASE_ADMIN_URL", "must name the same database as DATABASE_URL.")
    for key in settings.secret_key_fallbacks:
        if _is_weak(key):
            reader.complain("SECRET_KEY_FALLBACKS", f"has a key shorter than {SECRET_LENGTH}.")


def is_sqlite(url: str) -> bool:
    """Return True for the address of an SQLite database."""
    return url.startswith("sqlite:")


def _database_url(reader: _Reader, name: str) -> str | None:
    url = reader.text(name)
    for prefix in ("postgres://", "postgresql://"):
        if url and url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        reader.complain(name, "must be a postgresql:// or sqlite:/// address.")
    return url


def _public_url(reader: _Reader, app_env: str, port: int) -> str:
    url = (reader.text("PUBLIC_URL") or "").rstrip("/")
    if not url and app_env == "production":
        reader.complain("PUBLIC_URL", "is missing: the address that mails link to.")
    if url and not _is_safe_address(url):
        reader.complain("PUBLIC_URL", "must be an https:// address (http:// only on loopback).")
    if url and reader.text("APP_ENV") is None and not _is_loopback(urlsplit(url).hostname):
        reader.complain("APP_ENV", "is missing: production, or demo with its open inbox?")
    return url or f"http://127.0.0.1:{port}"


def _secret_key(reader: _Reader, app_env: str, var_dir: Path) -> str:
    key = reader.text("SECRET_KEY")
    if key is None and app_env != "production":
        return _kept_secret(var_dir / "secret_key")
    if key is None:
        reader.complain("SECRET_KEY", f"is missing: {SECRET_LENGTH} random characters or more.")
    elif _is_weak(key):
        reader.complain("SECRET_KEY", f"must be {SECRET_LENGTH} random characters or more.")
    return key or ""


def _demo_password(reader: _Reader, app_env: str, var_dir: Path) -> str | None:
    password = reader.text("DEMO_PASSWORD")
    if password is None and app_env == "demo":
        return _kept_secret(var_dir / "demo_password", n_bytes=9)
    return password


def _kept_secret(path: Path, *, n_bytes: int = 48) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(n_bytes))
        # Two processes may start at once: a link is made by one of them only, and whole.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def _media_url(reader: _Reader, var_dir: Path) -> str:
    url = reader.text("MEDIA_URL") or str(var_dir / "media")
    if "://" in url and not url.startswith("s3://"):
        reader.complain("MEDIA_URL", "must be a folder or an s3:// address.")
    return url


def _sender(reader: _Reader, public_url: str) -> str:
    sender = reader.matching("MAIL_DEFAULT_SENDER", lambda text: "@" in text, "a mail address")
    host = urlsplit(public_url).hostname or "localhost"
    return sender or f"no-reply@{'localhost' if _is_loopback(host) else host}"


def _is_weak(key: str) -> bool:
    letters = key.lower()
    return (
        len(key) < SECRET_LENGTH
        or len(set(key)) < 8
        or any(letters.startswith(known) for known in _KNOWN_SECRETS)
    )


def _is_queue(url: str) -> bool:
    return url.startswith(("redis://", "rediss://", "unix://"))


def _is_host(text: str) -> bool:
    return "." in text and all(part.replace("-", "").isalnum() for part in text.split("."))


def _is_safe_address(url: str) -> bool:
    parts = urlsplit(url)
    if parts.query or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost" or (host or "").endswith(".localhost")
