"""The load: a signed-in dispatcher's browser, reduced to what it sends and counts."""

import http.client
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

HEADERS: Final = {"Accept": "text/html", "Accept-Language": "en"}
_TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SEE_OTHER: Final = 303


class WrongAnswer(RuntimeError):
    """The server said something else than a person at work would see."""


@dataclass
class Browser:
    """One connection kept open, and the cookies it has."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    csrf_token: str = ""

    def __post_init__(self) -> None:
        """Open the connection when first used."""
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as staff, with the form and its token."""
        self.open("/admin/login")
        self._send("/admin/login", {"email": email, "password": password}, _SEE_OTHER)

    def open(self, path: str) -> bytes:
        """Get a page. Raises WrongAnswer unless it is there."""
        status, body = self._exchange("GET", path)
        if status != http.client.OK:
            raise WrongAnswer(f"GET {path}: {status} {body[:300]!r}")
        if found := _TOKEN.search(body.decode()):
            self.csrf_token = found[1]
        return body

    def approve(self, request_id: int, answers: dict[str, str]) -> None:
        """Send the Create Job form of a request, as Approve & Create Job does.

        The cookie stays as it was: what was done is said in it until a page shows it, and here
        nobody looks at pages in between.
        """
        before = dict(self.cookies)
        form = {**answers, "expected_event": "1", "form_key": f"bench{request_id}"}
        self._send(f"/admin/requests/{request_id}/approve", form, _SEE_OTHER)
        self.cookies = before

    def twin(self) -> "Browser":
        """Return another browser of the same person, with a connection of its own."""
        return Browser(self.port, dict(self.cookies), self.csrf_token)

    def _send(self, path: str, form: dict[str, str], expected: int) -> None:
        status, body = self._exchange("POST", path, {**form, "csrf_token": self.csrf_token})
        if status != expected:
            raise WrongAnswer(f"POST {path}: {status} {body[:300]!r}")

    def _exchange(
        self, verb: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        headers = {**HEADERS, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._line.request(verb, path, body, headers)
            answer = self._line.getresponse()
        except ConnectionError:
            # The server ends a connection that was quiet for a while.
            self._line.close()
            self._line.request(verb, path, body, headers)
            answer = self._line.getresponse()
        for line in answer.msg.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read()


Work = Callable[[Browser, int], None]


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def together(browsers: list[Browser], work: Work, ids: Sequence[int]) -> None:
    """Have all browsers do ``work`` at once, each id by one of them."""

    def share(number: int) -> None:
        for id_ in ids[number :: len(browsers)]:
            work(browsers[number], id_)

    with ThreadPoolExecutor(len(browsers)) as pool:
        for done in [pool.submit(share, number) for number in range(len(browsers))]:
            done.result()
