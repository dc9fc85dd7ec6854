"""An owner changes what mails say: with completion and a preview, tried, published, and read."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import (
    CARLA,
    Running,
    accessibility,
    enter_admin,
    enter_by_mail,
    scrolls_sideways,
)
from tests.harness.browsers import DESKTOP, PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.parametrize(
        ("viewport", "language"), [(DESKTOP, "English"), (PHONE, "Deutsch")],
        ids=["desktop-english", "phone-german"],
    ),
]  # fmt: skip
OWNER = "owner@booking.example"
RECEIVED = "/admin/message-texts/?workflow=online_booking&message=booking.received"
SIGN_IN = "/admin/message-texts/?message=portal.sign_in_link"
OpenPage = Callable[..., Page]


@pytest.fixture
def owner(running: Running, open_page: OpenPage, language: str) -> Page:
    """An owner's window, in a language."""
    page = open_page()
    page.set_default_timeout(30_000)
    enter_admin(running, page, OWNER)
    page.goto("/admin/me/")
    page.locator("select[name=language]").select_option(label=language)
    page.locator("main button.btn-primary").click()
    return page


@pytest.mark.feature(69, 107, 108)
def test_a_german_text_is_changed_tried_published_and_read(
    running: Running, owner: Page, open_page: OpenPage, language: str
) -> None:
    words = f"Schön, dass Sie fragen ({language})"
    owner.goto(RECEIVED)
    look(owner)

    write_with_completion(owner, words)
    preview_with_a_real_request(owner, words)
    send_a_test(running, owner, words)
    owner.locator("#texts .actionbar .btn-primary").click()
    owner.locator(".page-head").get_by_role("link", name=re.compile("publish|veröff")).click()
    publish(owner)

    carla = open_page()
    enter_by_mail(running, carla, "booking")
    read_in(carla, "de")
    ask_for_a_visit(carla)
    mail = running.mail(CARLA, after=0, having=words)
    assert "Guten Tag Carla" in mail.body()
    read_in(carla, "en")


@pytest.mark.feature(107)
def test_the_sign_in_mail_is_changed_and_goes_back(
    running: Running, owner: Page, open_page: OpenPage, language: str
) -> None:
    words = f"Come in ({language})"
    owner.goto(SIGN_IN)
    look(owner)
    owner.locator("#email_subject_en").fill(words)
    owner.locator("#texts .actionbar .btn-primary").click()
    expect(owner.locator(".version del").first).to_be_visible()

    ask_for_a_link(open_page())
    mail = running.mail(CARLA, after=0, having=words)
    assert "/enter/" in mail.body()

    owner.locator(".version form[action$='/back/0'] button").click()
    expect(owner.locator("#email_subject_en")).to_have_value("Your link to {{company.name}}")


def test_a_wrong_placeholder_is_refused_where_it_stands(owner: Page) -> None:
    owner.goto(RECEIVED)
    owner.locator("#email_body_de").fill("Guten Tag {{customer.vorname}}")

    owner.locator("#texts .actionbar .btn-primary").click()

    error = owner.locator("#email_body_de-error")
    expect(error).to_contain_text("customer.vorname")
    expect(owner.locator("#email_body_de")).to_have_value("Guten Tag {{customer.vorname}}")
    look(owner)


def write_with_completion(page: Page, words: str) -> None:
    """Type a text with placeholders, picked by keys and by a click."""
    text = page.locator("#email_body_de")
    text.fill("")
    text.press_sequentially("Guten Tag {{customer.fi")
    expect(page.locator("#completion [role=option]")).to_have_count(1)
    look(page)
    text.press("Enter")
    expect(text).to_have_value("Guten Tag {{customer.first_name}}")
    text.press_sequentially(f". {words}: {{{{request.num")
    text.press("Escape")
    expect(page.locator("#completion")).to_be_hidden()
    text.press_sequentially("b")
    page.locator("#completion [role=option]").first.click()
    text.press_sequentially(". ")
    group = page.locator("#names details").filter(has_text="portal.request_link")
    group.locator("summary").click()
    group.locator("[data-name='portal.request_link'] button").click()
    expect(text).to_have_value(
        f"Guten Tag {{{{customer.first_name}}}}. {words}: {{{{request.number}}}}."
        " {{portal.request_link}}"
    )


def preview_with_a_real_request(page: Page, words: str) -> None:
    """Look at the mail about a request there is."""
    page.locator("#shown_language").select_option("de")
    page.locator("#shown_record").select_option(index=1)
    number = page.locator("#shown_record option").nth(1).inner_text().split()[0]
    letter = page.frame_locator("iframe[name=letter]")
    expect(letter.get_by_text(f"{words}: {number}.")).to_be_visible()
    expect(letter.get_by_role("link").first).to_have_attribute("href", re.compile("#test$"))


def send_a_test(running: Running, page: Page, words: str) -> None:
    """Have it sent to oneself."""
    page.locator("button[hx-target='#tested']").click()
    expect(page.locator("#tested .notice.won")).to_be_visible()
    mail = running.mail(OWNER, after=0, having=words)
    assert mail.subject.startswith("[Test] ")
    assert "/p/booking" not in mail.body()


def publish(page: Page) -> None:
    """Look at the preview of publishing and publish."""
    page.get_by_role("button", name=re.compile("^(Publish version|Version .* veröff)")).click()
    page.wait_for_url(re.compile("/versions$"))


def read_in(page: Page, language: str) -> None:
    """Have everything in a language from now on."""
    page.goto("/p/booking/accounts")
    page.locator("#language").select_option(language)
    page.locator("form:has(#language) button").first.click()


def ask_for_a_visit(page: Page) -> None:
    """Ask for the first service there is."""
    page.goto("/p/booking/requests/new")
    page.locator("input[type=radio][name=service]").first.check()
    page.locator("input[name=date_1]").fill("2031-03-03")
    page.locator("form[enctype] button[type=submit], form[enctype] .btn-primary").last.click()
    page.wait_for_url(re.compile("/requests/(?!new)"))


def ask_for_a_link(page: Page) -> None:
    """Ask for a sign-in link as Carla."""
    page.goto("/p/booking/login")
    page.get_by_label("E-mail").fill(CARLA)
    page.get_by_role("button", name="Send me a link").click()


def look(page: Page) -> None:
    """Nothing is out of reach or wider than the window."""
    assert not scrolls_sideways(page)
    assert accessibility(page) == []
