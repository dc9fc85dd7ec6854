"""What a script adds to the staff pages, in a real browser; all of it works without one too."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.harness.browsers import DESKTOP, PHONE, open_context
from tests.harness.servers import LiveServer

SLUG = "callout"
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("only", ["sqlite"])]


@pytest.fixture
def window(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A dispatcher of the recommended demo company at a desk."""
    context = open_context(browser, DESKTOP)
    yield sign_in(context.new_page(), live_server)
    context.close()


def sign_in(page: Page, server: LiveServer) -> Page:
    page.goto(f"{server.url}/admin/login")
    page.get_by_label("E-mail").fill(f"dispatcher@{SLUG}.example")
    page.get_by_label("Password").fill(server.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Requests").first.wait_for()
    return page


def open_queue(window: Page, live_server: LiveServer) -> None:
    window.goto(f"{live_server.url}/admin/requests/", wait_until="networkidle")


def test_requests_are_worked_through_with_single_keys(window, live_server, only):
    open_queue(window, live_server)

    window.keyboard.press("j")
    window.keyboard.press("Enter")
    window.wait_for_url(re.compile(r"/admin/requests/\d+$"))
    window.wait_for_load_state("networkidle")
    window.keyboard.press("d")

    dialog = window.get_by_role("dialog", name="Decline")
    expect(dialog.get_by_label("Reason the customer will read")).to_be_focused()
    window.keyboard.type("ja d p")  # letters in a field are letters
    window.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    window.keyboard.press("a")
    window.wait_for_url("**/approve")


def test_being_opened_starts_the_review(window, live_server, only):
    open_queue(window, live_server)

    window.locator(".rcard:has(.mark.waiting)").first.click()

    expect(window.locator(".split-open").get_by_text("Under review").first).to_be_visible()


def test_a_common_reason_fills_the_dialog_and_the_step_is_told(window, live_server, only):
    open_queue(window, live_server)
    waiting = int(window.locator("[data-waiting]").inner_text().split()[0])
    window.locator(".rcard").last.click()
    window.wait_for_load_state("networkidle")

    window.get_by_role("link", name="Decline", exact=True).click()
    dialog = window.get_by_role("dialog", name="Decline")
    dialog.get_by_role("button", name="The address is outside the area we serve.").click()
    expect(dialog.get_by_label("Reason the customer will read")).not_to_be_empty()
    window.keyboard.press("Control+Enter")

    expect(window.get_by_role("status")).to_contain_text("is now: Declined")
    assert int(window.locator("[data-waiting]").inner_text().split()[0]) == waiting - 1


def test_choosing_another_customer_brings_their_places(window, live_server, only):
    window.goto(f"{live_server.url}/admin/jobs/new", wait_until="networkidle")
    window.get_by_label("Title").fill("Typed before")

    window.get_by_label("Customer", exact=True).select_option(index=1)

    expect(window.get_by_label("Location").locator("option")).not_to_have_count(1)
    expect(window.get_by_label("Title")).to_have_value("Typed before")


def test_keys_that_are_switched_off_do_nothing(window, live_server, only):
    window.goto(f"{live_server.url}/admin/me/", wait_until="networkidle")
    window.get_by_role("switch").uncheck()
    window.get_by_role("button", name="Save").click()
    window.get_by_role("status").wait_for()

    open_queue(window, live_server)
    window.keyboard.press("j")

    assert window.evaluate("document.activeElement === document.body")
    window.goto(f"{live_server.url}/admin/me/", wait_until="networkidle")
    window.get_by_role("switch").check()
    window.get_by_role("button", name="Save").click()
    window.get_by_role("status").wait_for()


@pytest.mark.parametrize("path", ["", "requests/", "jobs/", "customers/", "messages/", "jobs/new"])
def test_pages_fit_a_phone_and_break_no_policy(browser, live_server, path, only):
    context = open_context(browser, PHONE)
    page = sign_in(context.new_page(), live_server)
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)

    page.goto(f"{live_server.url}/admin/{path}", wait_until="networkidle")

    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
