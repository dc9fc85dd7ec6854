"""A web client whose requests are strangers to the test: another session, another ``g``."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from threading import get_ident
from typing import Any

from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.harness.pages import Page

# The test's own session and the thread it belongs to, while there is one.
_shared: list[tuple[Session, int]] = []


@contextmanager
def shared_session(session: Session) -> Iterator[Session]:
    """Let clients see inside the block what ``session`` holds, and it what they wrote."""
    _shared.append((session, get_ident()))
    try:
        yield session
    finally:
        _shared.pop()


class Client(FlaskClient):
    """Flask's client. What the test's session holds is committed before each request."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make a request in a context of its own; afterwards the test's rows are read anew."""
        session = _session_of_this_thread()
        if session is not None:
            session.commit()
        answer: TestResponse = copy_context().run(self._open_apart, *args, **kwargs)
        if session is not None:
            session.rollback()
            session.expire_all()
        return answer

    def page(self, address: str, **kwargs: Any) -> Page:
        """Get an address and return its page, following redirects."""
        return Page(self.get(address, follow_redirects=True, **kwargs))

    def submit(
        self, page: Page | TestResponse | str, button: str | None = None, **fields: Any
    ) -> TestResponse:
        """Send the form that has ``button`` (the page's only form by default) as a browser would.

        Hidden fields and typed values go along; ``fields`` are what the person changes.
        ``page`` may be an address, which is fetched first.
        """
        shown = self.page(page) if isinstance(page, str) else page
        form = (shown if isinstance(shown, Page) else Page(shown)).form(button)
        data = form.filled(**fields)
        if form.method == "get":
            return self.get(form.action, query_string=data)
        return self.post(form.action, data=data, content_type="multipart/form-data")

    def _open_apart(self, *args: Any, **kwargs: Any) -> TestResponse:
        # Flask would share the app context that the test has pushed, and so `g` between requests.
        _cv_app.set(None)  # type: ignore[arg-type]
        return super().open(*args, **kwargs)


def browser_of(app: Flask) -> Client:
    """Return a browser without cookies."""
    return Client(app, app.response_class, use_cookies=True)


def _session_of_this_thread() -> Session | None:
    return next((session for session, owner in _shared if owner == get_ident()), None)
