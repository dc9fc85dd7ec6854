"""One request becomes one job, walked from the sign-in page to the last mail."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import (
    CARLA,
    Running,
    enter_admin,
    enter_by_mail,
    enter_portal,
    photo,
    repeat_job,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
OpenPage = Callable[..., Page]
PORTAL = "/p/navigator"
REASON = "We have nobody for chimneys. Ask Sooty and Daughters in Falmouth, they know them."


@pytest.fixture
def carla(running: Running, open_page: OpenPage) -> Page:
    """A customer's window, signed in."""
    page = open_page()
    enter_portal(running, page)
    return page


@pytest.fixture
def newcomer(running: Running, open_page: OpenPage) -> Page:
    """A customer's window, signed in by a link from the mail just now."""
    page = open_page()
    enter_by_mail(running, page)
    return page


@pytest.fixture
def dana(running: Running, open_page: OpenPage) -> Page:
    """A dispatcher's window, signed in."""
    page = open_page()
    enter_admin(running, page)
    return page


def ask(page: Page, description: str, *, with_photo: bool = False) -> None:
    """Ask for service from the Jobs page and see it confirmed."""
    page.goto(f"{PORTAL}/jobs")
    page.get_by_role("link", name="Request Service").click()
    page.get_by_label("Repair").check()
    page.get_by_label("What is the problem?").fill(description)
    if with_photo:
        page.get_by_label("Add photo").set_input_files(photo())
        expect(page.get_by_role("img", name="tap.jpg")).to_be_visible()
    page.get_by_role("button", name="Submit Request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    expect(page.get_by_text("Nothing is booked until then.")).to_be_visible()


def open_in_queue(page: Page, description: str) -> None:
    """Open a request from the queue."""
    page.goto("/admin/requests/?status=waiting")
    page.get_by_role("link", name=re.compile(re.escape(description))).first.click()
    expect(page.get_by_role("heading", name=description)).to_be_visible()


def press(page: Page, step: str) -> None:
    """Press a step of the open request."""
    page.locator(".actionbar").get_by_role("link", name=re.compile(f"^{step}")).click()


def waiting(page: Page) -> int:
    """Return what the badge beside Service Requests says."""
    page.goto("/admin/requests/?status=waiting")
    return int(page.locator("[data-waiting]").first.inner_text().split()[0])


@pytest.mark.feature(1, 3, 26, 126, 127, 34, 37, 52, 54, 62, 94, 103)
def test_a_request_becomes_a_job_and_the_customer_is_told(
    running: Running, newcomer: Page, dana: Page, viewport: dict[str, int]
) -> None:
    description = f"Kitchen tap drips at {viewport['width']}"
    before = waiting(dana)
    ask(newcomer, description, with_photo=True)

    assert waiting(dana) == before + 1
    open_in_queue(dana, description)
    mails = running.mails(CARLA)
    press(dana, "Approve")
    title = dana.get_by_label("Title")
    expect(title).to_have_value(description)
    title.fill(f"{description}, new washer")
    dana.get_by_role("button", name="Approve & Create Job").click()

    running.mail(CARLA, after=mails, having="approved")
    assert waiting(dana) == before
    newcomer.goto(f"{PORTAL}/jobs")
    expect(newcomer.get_by_role("heading", name=f"{description}, new washer")).to_be_visible()
    newcomer.goto(f"{PORTAL}/requests")
    card = newcomer.get_by_role("link", name=re.compile(description))
    expect(card).to_contain_text("Approved")


@pytest.mark.feature(75, 77, 81, 95, 101, 104)
def test_a_declined_request_comes_back_with_its_reason(
    running: Running, carla: Page, dana: Page, viewport: dict[str, int]
) -> None:
    description = f"Chimney smokes at {viewport['width']}"
    ask(carla, description)

    open_in_queue(dana, description)
    mails = running.mails(CARLA)
    press(dana, "Decline")
    dana.get_by_label(re.compile("^Reason")).fill(REASON)
    dana.get_by_role("button", name="Decline and tell the customer").click()

    assert REASON in " ".join(running.mail(CARLA, after=mails, having="Sooty").body().split())
    carla.goto(f"{PORTAL}/requests")
    card = carla.get_by_role("link", name=re.compile(description))
    expect(card).to_contain_text("Declined")
    expect(card).to_contain_text(REASON)


@pytest.mark.feature(1)
def test_the_customers_way_works_without_a_script(
    running: Running, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    page = open_page(java_script_enabled=False)
    enter_portal(running, page)
    description = f"No script at {viewport['width']}"

    page.get_by_role("link", name="Request Service").click()
    page.get_by_label("Choose photos").set_input_files([photo()])
    page.get_by_role("button", name="Submit Request").click()
    expect(page.get_by_text("Everything else you entered is still here.")).to_be_visible()
    expect(page.get_by_role("img", name="tap.jpg")).to_be_visible()
    page.get_by_label("Repair").check()
    page.get_by_label("What is the problem?").fill(description)
    page.get_by_role("button", name="Submit Request").click()

    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    page.get_by_role("link", name="Back to my jobs").click()
    page.get_by_role("link", name="Service History").click()
    expect(page.get_by_text("Completed").first).to_be_visible()


@pytest.mark.feature("D24")
def test_a_double_click_sends_one_request(carla: Page, viewport: dict[str, int]) -> None:
    description = f"Pressed twice at {viewport['width']}"
    carla.goto(f"{PORTAL}/requests/new")
    carla.get_by_label("Repair").check()
    carla.get_by_label("What is the problem?").fill(description)

    carla.get_by_role("button", name="Submit Request").dblclick(no_wait_after=True)

    expect(carla.get_by_role("heading", name="We have your request")).to_be_visible()
    carla.goto(f"{PORTAL}/requests")
    expect(carla.get_by_role("link", name=re.compile(description))).to_have_count(1)


@pytest.mark.feature("D20")
def test_photos_are_shown_counted_and_taken_out_before_they_are_sent(carla: Page) -> None:
    carla.goto(f"{PORTAL}/requests/new")
    add = carla.get_by_label("Add photo")

    add.set_input_files([photo("a.jpg"), photo("b.jpg")])
    add.set_input_files([photo("c.jpg"), photo("d.jpg")])

    expect(carla.get_by_text("That is the most you can send.")).to_be_visible()
    expect(add).to_be_hidden()
    carla.get_by_role("button", name="Remove b.jpg").click()
    expect(add).to_be_visible()
    names = "els => els.flatMap(el => [...el.files].map(file => file.name))"
    assert carla.locator("#photos").evaluate_all(names) == ["a.jpg", "c.jpg"]


@pytest.mark.feature(144)
def test_an_open_page_shows_a_change_by_itself(
    carla: Page, dana: Page, viewport: dict[str, int]
) -> None:
    description = f"Watch this at {viewport['width']}"
    ask(carla, description)
    carla.add_init_script(
        "window.setTimeout = ((f) => (g, ms) => f(g, Math.min(ms, 500)))(setTimeout)"
    )
    carla.goto(f"{PORTAL}/jobs")

    open_in_queue(dana, description)
    press(dana, "Approve")
    dana.get_by_role("button", name="Approve & Create Job").click()

    expect(carla.get_by_role("heading", name=description)).to_be_visible()
    expect(carla.get_by_role("status").filter(has_text="Your jobs have changed.")).to_have_count(1)


@pytest.mark.feature(155)
def test_older_jobs_join_the_list(running: Running, carla: Page) -> None:
    carla.goto(f"{PORTAL}/jobs?show=history")
    rows = carla.locator("#history a[href*='/jobs/']")
    repeat_job(running, (rows.first.get_attribute("href") or "").rpartition("/")[2], times=12)
    carla.reload()
    before = rows.count()

    carla.get_by_role("link", name="Show older jobs").click()

    expect(rows.nth(before)).to_be_focused()
    links = rows.evaluate_all("rows => rows.map(row => row.href)")
    assert len(links) == len(set(links)) > before
