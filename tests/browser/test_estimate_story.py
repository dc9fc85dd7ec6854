"""One request becomes an estimate, the estimate a job: from the form to the last mail."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import (
    CARLA,
    Running,
    enter_admin,
    enter_by_mail,
    link_in,
    scrolls_sideways,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
OpenPage = Callable[..., Page]
WORK = "Please run a new circuit to the attic and fit two double sockets."


def ask(page: Page) -> str:
    """Ask for an estimate with a new address and a new person; return the estimate's number."""
    page.goto("/p/bridge/requests/new")
    page.get_by_label("Day").fill("2031-03-10")
    page.get_by_label("Time").fill("09:30")
    page.get_by_label("Address").select_option("other")
    page.get_by_label("Street and number").fill("12 Marigold Street")
    page.get_by_label("Town").fill("London")
    page.get_by_label("Whom may we call?").select_option("other")
    page.get_by_label("Name", exact=True).fill("Zoe Porter")
    page.get_by_label("Phone").fill("+44 20 7946 0199")
    page.get_by_label("Describe the service required").fill(WORK)
    page.get_by_role("button", name="Submit Request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    for words in ("9:30", "12 Marigold Street", "Zoe Porter", WORK):
        expect(page.get_by_role("main").get_by_text(words).first).to_be_visible()
    return page.get_by_role("link", name=re.compile(r"^E-\d+$")).inner_text()


def price(page: Page, address: str) -> None:
    """Complete the estimate as its owner, with a line more, and send it."""
    page.goto(f"{address}/approve")
    page.get_by_label("What it is for").fill("Circuit to the attic")
    page.locator("#line_1_name").fill("Labour")
    page.locator("#line_1_quantity").fill("2.5")
    page.locator("#line_1_price").fill("60")
    page.get_by_role("button", name="Add a line").click()
    expect(page.locator("#line_4_name")).to_be_visible()
    page.locator("#line_4_name").fill("Double socket")
    page.locator("#line_4_price").fill("45.00")
    page.get_by_role("button", name="Work out the total").click()
    expect(page.get_by_text("£234.00")).to_be_visible()
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Approve and send the estimate").click()


@pytest.mark.feature(27, 28, 109, 110, 169, 170)
def test_a_customer_asks_reads_the_price_and_accepts(running: Running, open_page: OpenPage):
    customer, owner = open_page(), open_page()
    enter_by_mail(running, customer, "bridge")
    told, copied = running.mails(CARLA), running.mails("hello@bridge.example")

    number = ask(customer)
    copy = running.mail("hello@bridge.example", after=copied, having=number)
    own = running.mail(CARLA, after=told, having="Zoe Porter")
    assert all(words in copy.body() for words in ("Zoe Porter", "+44 20 7946 0199", WORK))
    assert all(words in own.body() for words in ("12 Marigold Street", WORK))

    enter_admin(running, owner, "owner@bridge.example")
    price(owner, link_in(copy, "/admin/requests/"))
    offer = running.mail(CARLA, after=told, having="£234.00")
    customer.goto(link_in(offer, "/estimates/"))
    expect(customer.get_by_text("Double socket")).to_be_visible()
    assert not scrolls_sideways(customer)
    customer.get_by_role("link", name="Accept").click()
    customer.get_by_role("button", name="Accept").click()
    expect(customer.get_by_text("A job has been created")).to_be_visible()

    running.mail(CARLA, after=told, having=f"estimate {number} accepted")
    customer.get_by_role("link", name=re.compile("See the job")).click()
    expect(customer.get_by_role("heading", name="Circuit to the attic")).to_be_visible()


@pytest.mark.feature(71)
def test_staff_send_a_quote_instead(running: Running, open_page: OpenPage):
    page = open_page()
    enter_admin(running, page, "dispatcher@callout.example")
    page.goto("/admin/requests/?status=waiting")
    page.locator("a.rcard").last.click()
    page.locator(".actionbar").first.wait_for()
    page.goto(page.url.partition("?")[0] + "/send_quote")
    page.locator("#line_1_name").fill("Looking for the leak")
    page.locator("#line_1_price").fill("189")
    page.get_by_role("button", name="Send a quote instead").click()
    expect(page.get_by_text("Quote sent").first).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(r"^Estimate E-"))).to_be_visible()
