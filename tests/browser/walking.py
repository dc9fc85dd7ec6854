"""How people get about: in by a mailed link or a password, and what a window must not do."""

import re
import secrets
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from PIL import Image
from playwright.sync_api import ConsoleMessage, FilePayload, Page, Response

from tests.harness.browsers import AXE
from tests.harness.mailboxes import Delivery, Mailbox
from tests.harness.servers import LiveServer

CARLA: Final = "carla@customer.example"
MAIL_WITHIN_S: Final = 30.0
# An answer that refuses is expected now and then; the browser notes each on its console.
_REFUSED: Final = re.compile(r"Failed to load resource: .* status of 4(09|22)")


@dataclass(frozen=True)
class Running:
    """The product as it runs, and the mail server it sends to."""

    server: LiveServer
    mailbox: Mailbox
    cookies: dict[str, list[Any]] = field(default_factory=dict)  # of Carla, by portal

    @property
    def url(self) -> str:
        return self.server.url

    def mail(self, address: str, *, after: int, having: str = "") -> Delivery:
        """Return the first mail to ``address`` beyond the first ``after`` that holds a text."""
        deadline = time.monotonic() + MAIL_WITHIN_S
        while time.monotonic() < deadline:
            for delivery in self.mailbox.to(address)[after:]:
                if having in delivery.subject + delivery.body():
                    return delivery
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address} with {having!r}:\n{self.server.logs()[-4000:]}")

    def mails(self, address: str) -> int:
        """Return how many mails an address has had so far."""
        return len(self.mailbox.to(address))


def watch(page: Page, complaints: list[str]) -> Page:
    """Collect whatever the window complains about: scripts, policies, answers that are errors."""

    def note_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _REFUSED.search(message.text):
            complaints.append(f"{page.url}: {message.text}")

    def note_answer(answer: Response) -> None:
        if answer.status >= 500:
            complaints.append(f"{answer.url}: {answer.status}")

    page.on("console", note_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", note_answer)
    return page


def enter_portal(running: Running, page: Page, slug: str = "navigator") -> None:
    """Be in a portal as Carla: by a mailed link at first, later as a browser that stayed in.

    A mailbox gets ten links an hour at most, whoever asks.
    """
    if slug in running.cookies:
        page.context.add_cookies(running.cookies[slug])
        page.goto(f"/p/{slug}/jobs")
        return
    enter_by_mail(running, page, slug)
    running.cookies[slug] = page.context.cookies()


def enter_by_mail(running: Running, page: Page, slug: str = "navigator") -> None:
    """Ask for a link as Carla, open the mail, and continue."""
    before = running.mails(CARLA)
    page.goto(f"/p/{slug}/login")
    page.get_by_label("E-mail").fill(CARLA)
    page.get_by_role("button", name="Send me a link").click()
    mail = running.mail(CARLA, after=before, having="/enter/")
    page.goto(link_in(mail, "/enter/"))
    page.get_by_role("button", name=re.compile("^Continue")).click()
    page.wait_for_url(f"**/p/{slug}/jobs")


def enter_admin(running: Running, page: Page, who: str = "dispatcher@navigator.example") -> None:
    """Sign in as staff with the demo's password."""
    page.goto("/admin/login")
    page.get_by_label("E-mail").fill(who)
    page.get_by_label("Password").fill(running.server.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/admin/(?!login)"))


def repeat_job(running: Running, ref: str, times: int) -> None:
    """Let a job have happened more often: a row is copied, all but its ids."""
    with closing(sqlite3.connect(running.server.var_dir / "callout.sqlite3")) as database:
        found = database.execute("SELECT name FROM pragma_table_info('job')")
        names = [name for (name,) in found if name not in ("id", "ref", "request_id")]
        columns = ", ".join(names)
        for _ in range(times):
            database.execute(
                f"INSERT INTO job (ref, {columns}) SELECT ?, {columns} FROM job WHERE ref = ?",
                (secrets.token_urlsafe(12), ref),
            )
        database.commit()


def link_in(mail: Delivery, part: str) -> str:
    """Return the address in a mail's text that holds ``part``."""
    found = [word for word in mail.body().split() if word.startswith("http") and part in word]
    assert found, mail.body()
    return found[0].rstrip(".,)")


def photo(name: str = "tap.jpg") -> FilePayload:
    """Return a photo to choose in a file field."""
    out = BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "JPEG")
    return FilePayload(name=name, mimeType="image/jpeg", buffer=out.getvalue())


def scrolls_sideways(page: Page) -> bool:
    """Return True when the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width > 0


def accessibility(page: Page) -> list[str]:
    """Return what axe finds wrong with the page."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
    return [
        f"{page.url} {violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
