"""A real Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, ViewportSize, sync_playwright

DESKTOP: Final = ViewportSize(width=1366, height=768)
PHONE: Final = ViewportSize(width=390, height=844)
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS: Final = [
    "--no-sandbox",  # root has none; every page comes from this machine
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def find_browser() -> str | None:
    """Return the path of a Chromium, None when there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start the browser; it ends with the block."""
    path = find_browser()
    assert path, "There is no Chromium: `make test` says how to get one."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def open_context(browser: Browser, viewport: ViewportSize, **options: Any) -> BrowserContext:
    """Return a person's browser window: cookies of its own, a screen of that size."""
    is_phone = viewport["width"] < 600
    context = browser.new_context(
        viewport=viewport, has_touch=is_phone, is_mobile=is_phone, locale="en-GB", **options
    )
    context.set_default_timeout(10_000)
    return context
