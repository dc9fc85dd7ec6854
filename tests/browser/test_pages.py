"""Every page of the portal: fits its window, reads well to everybody, in light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import (
    Running,
    accessibility,
    enter_by_mail,
    enter_portal,
    scrolls_sideways,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PORTAL = "/p/navigator"
PAGES = ("jobs", "jobs?show=history", "requests", "requests/new")


def addresses(page: Page) -> list[str]:
    """Return the portal's pages, one request and one job of Carla's among them."""
    found = [f"{PORTAL}/{name}" for name in PAGES]
    for name in ("requests", "jobs?show=history"):
        page.goto(f"{PORTAL}/{name}")
        found.append(page.locator("main a.card, main .list a").first.get_attribute("href") or "")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_pass_axe(running: Running, open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    enter_portal(running, page)
    problems = []

    for address in addresses(page):
        page.goto(address)
        problems += accessibility(page)

    assert problems == []


def test_no_page_scrolls_sideways_at_the_narrowest(
    running: Running, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    enter_portal(running, page)
    shown = addresses(page)
    page.set_viewport_size({"width": 320, "height": 700})
    wide = []

    for address in shown:
        page.goto(address)
        if scrolls_sideways(page):
            wide.append(address)

    assert wide == []


@pytest.mark.feature(21, 9, "D21")
def test_what_belongs_to_another_answer_appears_without_a_script(
    running: Running, open_page: Callable[..., Page]
) -> None:
    page = open_page(java_script_enabled=False)
    enter_by_mail(running, page, "callout")
    page.goto("/p/callout/requests/new")
    street, words = page.get_by_label("Street and number"), page.get_by_label("In your words")
    expect(street).to_be_hidden()
    expect(words).to_be_hidden()

    page.get_by_label("Where?").select_option(label="A new address")
    page.get_by_label("Something else").check()

    expect(street).to_be_visible()
    expect(words).to_be_visible()
