"""An owner adds a step while requests are under way, and a customer reads the new wording."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walking import Running, accessibility, enter_admin, enter_by_mail
from tests.browser.walking import scrolls_sideways as is_wide

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WORDS = {
    "English": ("Needs quote", "We are preparing your quote", "Ask for quote", "What it is for"),
    "Español": ("Presupuesto", "Preparamos su presupuesto", "Pedir presupuesto", "Para qué es"),
    "Deutsch": ("Angebot nötig", "Wir bereiten Ihr Angebot vor", "Angebot anfordern", "Wofür"),
}
MOST_CLICKS = 25


class Hand:
    """A person at the mouse, whose clicks are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, place: Locator) -> None:
        place.click()
        self.clicks += 1

    def write(self, label: str, text: str) -> None:
        self.click(self.page.get_by_label(label, exact=True))
        self.page.get_by_label(label, exact=True).fill(text)


@pytest.mark.feature("F08")
@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 768}], ids=["desktop"])
def test_a_step_is_added_and_published_with_requests_under_way(
    running: Running, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.set_default_timeout(30_000)  # the first look at an empty cache may take a while
    enter_admin(running, page, "owner@booking.example")
    hand = Hand(page)

    add_needs_quote(hand)
    publish(hand)

    assert hand.clicks <= MOST_CLICKS
    expect(page.get_by_text(re.compile(r"(\d+) of \1 under way follow"))).to_be_visible(
        timeout=30_000
    )
    ask_carla_to_wait(page)
    carla = open_page()
    enter_by_mail(running, carla, "booking")
    carla.goto("/p/booking/requests")
    expect(carla.get_by_text("We are preparing your quote").first).to_be_visible()


def add_needs_quote(hand: Hand) -> None:
    """Add the state with its button, its required question and a German mail."""
    page = hand.page
    hand.click(page.get_by_role("link", name="Workflows"))
    hand.click(page.locator(".rows > a").first)
    look(page)
    hand.click(page.get_by_role("link", name="Add a step between two"))
    look(page)
    for language, words in WORDS.items():
        for label, text in zip(("Name", "The customer reads", "Button", "Question"), words,
                               strict=True):  # fmt: skip
            hand.write(f"{label}, {language}", text)
    hand.click(page.get_by_label("Must be answered"))
    hand.write("Subject, Deutsch", "Ihr Angebot kommt, {{request.number}}")
    hand.write(
        "Text, Deutsch", "Guten Tag {{customer.first_name}}, wir rechnen. {{portal.request_link}}"
    )
    hand.click(page.get_by_role("button", name="Save draft"))


def publish(hand: Hand) -> None:
    """Look at the preview and publish."""
    page = hand.page
    expect(page.get_by_text("No problems, and all its tests pass")).to_be_visible()
    hand.click(page.get_by_role("link", name="Review and publish"))
    look(page)
    expect(page.get_by_text("Added the state “Needs quote”.")).to_be_visible()
    hand.click(page.get_by_role("button", name=re.compile("^Publish version")))


def ask_carla_to_wait(page: Page) -> None:
    """Take Carla's request back from her and to the new step."""
    page.goto("/admin/requests/?status=counter_proposed")
    page.get_by_role("link", name=re.compile("Carla Benítez")).first.click()
    page.get_by_label("More actions").click()
    page.get_by_role("button", name="Withdraw proposal").first.click()
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Ask for quote").first.click()
    page.get_by_label("What it is for").fill("A camera in the pipe")
    page.get_by_role("button", name="Ask for quote").last.click()
    expect(page.get_by_text("Needs quote").first).to_be_visible()


def look(page: Page) -> None:
    """Nothing is out of reach or wider than the window."""
    assert not is_wide(page)
    assert accessibility(page) == []
