"""Fixtures that all tests share; what they are made of is in ``tests/harness``."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from sqlalchemy.orm import Session

import config
from app import failpoints, site
from tests.harness.apps import close_connections, open_app
from tests.harness.browsers import DESKTOP, PHONE, open_browser, open_context
from tests.harness.clients import Client, browser_of, shared_session
from tests.harness.databases import KINDS, Store, make_store, own_copy, settings_for
from tests.harness.mailboxes import Mailbox
from tests.harness.queues import QueueServer
from tests.harness.servers import LiveServer
from tests.harness.world import World, make_world
from workflows import versions


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("both", *KINDS), default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that asks for a database on each of them, or on the one it is about."""
    if "database_kind" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("on_database")
        wanted = metafunc.config.getoption("--database")
        possible = mark.args if mark else KINDS
        chosen = [kind for kind in possible if wanted in ("both", kind)]
        metafunc.parametrize("database_kind", chosen or possible)


@pytest.fixture(scope="session")
def queue_server() -> Iterator[QueueServer]:
    """A real queue server; a test may stop and start it."""
    server = QueueServer()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def _stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Store]]:
    stores: dict[str, Store] = {}

    def open_store(kind: str) -> Store:
        if kind not in stores:
            stores[kind] = make_store(kind, tmp_path_factory.mktemp(kind))
        return stores[kind]

    yield open_store
    for store in stores.values():
        store.close()


@pytest.fixture(scope="session")
def _apps() -> dict[str, tuple[Flask, site.Site]]:
    return {}


@pytest.fixture
def database_kind() -> str:
    """Which database the test runs on: ``sqlite`` or ``postgresql``, each in turn."""
    raise AssertionError("pytest_generate_tests gives the value")


@pytest.fixture
def store(database_kind: str, _stores: Callable[[str], Store]) -> Store:
    """The database that tests share, one after the other."""
    return _stores(database_kind)


@pytest.fixture
def settings(store: Store, queue_server: QueueServer, tmp_path: Path) -> config.Settings:
    """Settings over the shared database; make others with ``settings_for``."""
    return settings_for(tmp_path, REDIS_URL=queue_server.url, **store.environment)


@pytest.fixture
def app(
    database_kind: str,
    store: Store,
    queue_server: QueueServer,
    _apps: dict[str, tuple[Flask, site.Site]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The whole product in this process. Commits are real; afterwards every row is gone."""
    from wsgi import create_app

    if database_kind not in _apps:
        folder = tmp_path_factory.mktemp("var")
        made = settings_for(folder, REDIS_URL=queue_server.url, **store.environment)
        _apps[database_kind] = (create_app(made), site.current())
    app, its_site = _apps[database_kind]
    site.use(its_site)  # a test before may have made another app
    yield app
    failpoints.arm("")
    close_connections(app)
    store.empty()
    queue_server.empty()
    versions.forget()  # the next test's rows have the same ids


@pytest.fixture
def new_app(
    app: Flask, store: Store, queue_server: QueueServer, tmp_path: Path
) -> Iterator[Callable[..., Flask]]:
    """Make another app over the test's rows, with settings given by name."""
    with ExitStack() as opened:

        def make(**environment: str) -> Flask:
            shared = {"REDIS_URL": queue_server.url, **store.environment}
            return opened.enter_context(open_app(settings_for(tmp_path, **shared, **environment)))

        yield make


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session of services and of ``transaction()`` in the test's own app context."""
    from app.db import db

    with app.app_context(), shared_session(db.session()) as session:
        yield session


@pytest.fixture
def world(session: Session) -> World:
    """A company with its people, on the preset ``service_request``; the session is inside it."""
    return make_world(session)


@pytest.fixture
def stranger(session: Session, world: World) -> World:
    """Another company on the same installation; the session is back inside the first."""
    other = make_world(session, slug="other")
    world.enter()
    return other


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser without cookies; ``new_client`` makes more."""
    return browser_of(app)


@pytest.fixture
def new_client(app: Flask) -> Callable[[], Client]:
    """Make another browser, for a second person."""
    return partial(browser_of, app)


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs ``flask`` commands."""
    return app.test_cli_runner()


@pytest.fixture
def fresh_database(store: Store, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings that name an empty database which only this test and its processes use."""
    with own_copy(store, "t" + tmp_path.name.replace("-", "_").lower()[-40:]) as environment:
        yield environment


@pytest.fixture
def start_server(
    fresh_database: dict[str, str], tmp_path: Path
) -> Iterator[Callable[..., LiveServer]]:
    """Start the real processes on a database of their own; settings may be given by name."""
    servers: list[LiveServer] = []

    def start(**environment: str) -> LiveServer:
        folder = tmp_path / f"live{len(servers)}"
        servers.append(LiveServer(folder, {**fresh_database, **environment}))
        return servers[-1].wait_until_ready()

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="session")
def _live_servers() -> Iterator[dict[str, LiveServer]]:
    servers: dict[str, LiveServer] = {}
    yield servers
    for server in servers.values():
        server.stop()


@pytest.fixture
def live_server(
    database_kind: str,
    store: Store,
    _live_servers: dict[str, LiveServer],
    tmp_path_factory: pytest.TempPathFactory,
) -> LiveServer:
    """The real processes with the demo companies, shared by tests: make data of your own in it."""
    if database_kind not in _live_servers:
        server = LiveServer(tmp_path_factory.mktemp("live"), store.copy("callout_live"))
        _live_servers[database_kind] = server.wait_until_ready()
    return _live_servers[database_kind]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with open_browser() as opened:
        yield opened


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    """The screens that pages are made for, each in turn."""
    size: ViewportSize = request.param
    return size


@pytest.fixture
def new_window(browser: Browser, viewport: ViewportSize) -> Iterator[Callable[..., Page]]:
    """Open a window for a person: cookies of its own, a screen of each size in turn."""
    contexts: list[BrowserContext] = []

    def open_window(**options: Any) -> Page:
        contexts.append(open_context(browser, viewport, **options))
        return contexts[-1].new_page()

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """An SMTP server that can be told how to answer; see ``tests/harness/mailboxes.py``."""
    with Mailbox() as box:
        yield box
