"""Another time, proposed by staff and accepted from the mail by one press."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import (
    CARLA,
    Running,
    accessibility,
    enter_admin,
    enter_portal,
    link_in,
    scrolls_sideways,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
OpenPage = Callable[..., Page]
PORTAL = "/p/booking"
FIRST, SECOND = "2031-03-05T10:00", "2031-03-06T14:30"


@pytest.fixture
def carla(running: Running, open_page: OpenPage) -> Page:
    """A customer's window, signed in at the company that takes bookings."""
    page = open_page()
    enter_portal(running, page, "booking")
    return page


@pytest.fixture
def dana(running: Running, open_page: OpenPage) -> Page:
    """A dispatcher's window, signed in."""
    page = open_page()
    enter_admin(running, page, "dispatcher@booking.example")
    return page


def ask(page: Page, words: str) -> None:
    """Ask for work in the customer's own words, for three days."""
    page.goto(f"{PORTAL}/requests/new")
    page.get_by_label("Something else").check()
    page.get_by_label("In your words").fill(words)
    page.locator("#date_1").fill("2031-03-03")
    page.get_by_role("button", name="Submit Request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()


def open_in_queue(page: Page, words: str) -> None:
    """Open a request from the queue and see that it counts as looked at."""
    page.goto("/admin/requests/?status=waiting")
    page.get_by_role("link", name=re.compile(re.escape(words))).first.click()
    expect(page.get_by_role("heading", name=words)).to_be_visible()
    expect(page.locator(".split-open .state").first).to_have_text("Under review")


def propose(page: Page, when: str) -> None:
    """Propose a time to the customer of the open request."""
    page.get_by_role("link", name=re.compile("^Propose another time")).click()
    page.get_by_label("Proposed time").fill(when)
    page.get_by_role("button", name="Propose another time and tell the customer").click()
    expect(page.get_by_text("waiting for the customer")).to_be_visible()


def mailed(running: Running, after: int, day: str) -> str:
    """Return the first answer's address in the mail about that day: the yes."""
    return link_in(running.mail(CARLA, after=after, having=f"come on {day}"), "/answer/")


@pytest.mark.feature(47, 49, 72, 85, 86, 88, 89, 97, 98, 99, "D15")
def test_a_proposed_time_is_accepted_from_the_mail(
    running: Running, carla: Page, dana: Page, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    words = f"Tap drips at {viewport['width']}"
    ask(carla, words)
    open_in_queue(dana, words)
    carla.goto(f"{PORTAL}/requests")
    card = carla.get_by_role("link", name=re.compile(words))
    expect(card).to_contain_text("We're reviewing your request")

    mails = running.mails(CARLA)
    propose(dana, FIRST)
    old = mailed(running, mails, "Wednesday 5 March")
    dana.reload()
    propose(dana, SECOND)
    newest = mailed(running, mails, "Thursday 6 March")

    stranger = open_page()  # the mail is opened on a device that nobody is signed in on
    stranger.goto(old)
    expect(stranger.get_by_role("heading", name="This was replaced")).to_be_visible()
    expect(stranger.get_by_text("Thursday 6 March")).to_be_visible()
    stranger.goto(newest)
    expect(stranger.get_by_text("Thursday 6 March")).to_be_visible()
    assert not scrolls_sideways(stranger)
    assert accessibility(stranger) == []
    stranger.get_by_role("button", name="Accept").click()

    expect(stranger.get_by_text("Your appointment is confirmed").first).to_be_visible()
    stranger.get_by_role("main").get_by_role("link", name="My Schedule").click()
    expect(stranger.get_by_role("heading", name=re.compile("Thursday 6 March"))).to_be_visible()
    expect(stranger.get_by_role("link", name=words, exact=True)).to_be_visible()
    assert not scrolls_sideways(stranger)
    assert accessibility(stranger) == []
    dana.reload()
    expect(dana.locator(".split-open .state").first).to_have_text("Confirmed")
    expect(dana.get_by_text("It became job")).to_be_visible()


@pytest.mark.feature(49)
def test_without_a_script_a_button_says_that_somebody_looks(
    running: Running, carla: Page, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    words = f"No script at {viewport['width']}"
    ask(carla, words)
    dana = open_page(java_script_enabled=False)
    enter_admin(running, dana, "dispatcher@booking.example")
    dana.goto("/admin/requests/?status=waiting")
    dana.get_by_role("link", name=re.compile(re.escape(words))).first.click()
    shown = dana.locator(".split-open .state").first
    expect(shown).to_have_text("New")

    dana.get_by_role("button", name="Start review").click()

    expect(dana.locator(".split-open .state").first).to_have_text("Under review")
