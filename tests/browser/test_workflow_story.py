"""An owner adds a step while requests are under way, and a customer reads the new wording."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walking import Running, accessibility, enter_admin, link_in
from tests.browser.walking import scrolls_sideways as is_wide

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WORDS = {
    "English": ("Needs quote", "We are preparing your quote", "Ask for quote", "What it is for"),
    "Español": ("Presupuesto", "Preparamos su presupuesto", "Pedir presupuesto", "Para qué es"),
    "Deutsch": ("Angebot nötig", "Wir bereiten Ihr Angebot vor", "Angebot anfordern", "Wofür"),
}
MOST_CLICKS = 25


@dataclass(frozen=True)
class Stage:
    """A company of the demo, and a German customer of it whose request is being looked at."""

    slug: str
    customer: str
    address: str


DESKTOP = Stage("booking", "Deutsche Schule am Retiro", "hausmeister@schule-retiro.example")
PHONE = Stage("callout", "Elif Aydın", "elif.aydin@post.example")


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
@pytest.mark.parametrize(
    ("viewport", "stage"),
    [({"width": 1366, "height": 768}, DESKTOP), ({"width": 390, "height": 844}, PHONE)],
    ids=["desktop", "phone"],
)
def test_a_step_is_added_and_published_with_requests_under_way(
    running: Running, open_page: Callable[..., Page], stage: Stage
) -> None:
    page = open_page()
    page.set_default_timeout(30_000)  # the first look at an empty cache may take a while
    enter_admin(running, page, f"owner@{stage.slug}.example")
    hand = Hand(page)

    add_needs_quote(hand)
    publish(hand)

    assert hand.clicks <= MOST_CLICKS
    expect(page.get_by_text(re.compile(r"(\d+) of \1 under way follow"))).to_be_visible(
        timeout=30_000
    )
    mails = running.mails(stage.address)
    ask_for_quote(page, stage)
    mail = running.mail(stage.address, after=mails, having="Ihr Angebot kommt")
    assert "wir rechnen" in mail.body()
    assert f"/p/{stage.slug}/" in mail.body()
    customer = open_page()
    enter_as(running, customer, stage)
    customer.goto(f"/p/{stage.slug}/requests")
    expect(customer.get_by_text("Wir bereiten Ihr Angebot vor").first).to_be_visible()


def add_needs_quote(hand: Hand) -> None:
    """Add the state with its button, its required question and a German mail."""
    page = hand.page
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible():
        hand.click(menu)
    hand.click(page.get_by_role("link", name="Workflows"))
    hand.click(page.locator(".rows > a").first)
    look(page)
    hand.click(page.get_by_role("link", name="Add a step between two"))
    look(page)
    for language, words in WORDS.items():
        for label, text in zip(("Name", "The customer reads", "Button", "Question"), words,
                               strict=True):  # fmt: skip
            hand.write(f"{label}, {language}", text)
    expect(page.get_by_label("Must be answered")).to_be_checked()
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
    expect(
        page.get_by_text("Step “Ask for quote”: now asks for “What it is for”, required.")
    ).to_be_visible()
    hand.click(page.get_by_role("button", name=re.compile("^Publish version")))


def ask_for_quote(page: Page, stage: Stage) -> None:
    """Take the customer's request to the new step, with its required answer."""
    page.goto("/admin/requests/?status=under_review")
    page.get_by_role("link", name=re.compile(stage.customer)).first.click()
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Ask for quote").first.click()
    page.get_by_label("What it is for").fill("Eine Kamera im Rohr")
    page.get_by_role("button", name="Ask for quote").last.click()
    expect(page.get_by_text("Needs quote").first).to_be_visible()


def enter_as(running: Running, page: Page, stage: Stage) -> None:
    """Come in by a mailed link, in whatever language the pages are."""
    before = running.mails(stage.address)
    page.goto(f"/p/{stage.slug}/login")
    page.locator("input[name=email]").fill(stage.address)
    page.locator("input[name=email]").press("Enter")
    mail = running.mail(stage.address, after=before, having="/enter/")
    page.goto(link_in(mail, "/enter/"))
    page.locator("main form button").first.click()
    page.wait_for_url(f"**/p/{stage.slug}/jobs")


def look(page: Page) -> None:
    """Nothing is out of reach or wider than the window."""
    assert not is_wide(page)
    assert accessibility(page) == []
