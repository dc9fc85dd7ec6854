"""What the walks share: one running product with a real mail server, and watched windows."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.walking import Running, watch
from tests.harness.mailboxes import Mailbox
from tests.harness.servers import LiveServer


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole product on its embedded database and queue, sending to a mail server."""
    with Mailbox() as mailbox:
        environment = {"MAIL_SERVER": mailbox.host, "MAIL_PORT": str(mailbox.port)}
        server = LiveServer(tmp_path_factory.mktemp("story"), environment)
        try:
            yield Running(server.wait_until_ready(), mailbox)
        finally:
            server.stop()


@pytest.fixture
def open_page(running: Running, new_window: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """Open a window on the running product; what its console complains about fails the test."""
    complaints: list[str] = []

    def open_watched(**options: object) -> Page:
        return watch(new_window(base_url=running.url, **options), complaints)

    yield open_watched
    assert complaints == []
