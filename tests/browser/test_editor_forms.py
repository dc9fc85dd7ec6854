"""The forms of the workflow editor as they are typed on: what is asked next, problems, preview."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_workflow_story import look
from tests.browser.walking import Running, enter_admin

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PARTS = "/admin/workflow-parts/service_request"
SIZES = pytest.mark.parametrize(
    "viewport",
    [{"width": 1366, "height": 768}, {"width": 390, "height": 844}],
    ids=["desktop", "phone"],
)


@pytest.fixture
def owner(running: Running, open_page: Callable[..., Page]) -> Page:
    """An owner's window at a company; nothing typed here is kept."""
    page = open_page()
    page.set_default_timeout(30_000)
    enter_admin(running, page, "owner@navigator.example")
    return page


@SIZES
@pytest.mark.feature("F08")
def test_a_question_is_asked_seen_and_checked_while_it_is_typed(owner: Page) -> None:
    owner.goto(f"{PARTS}/form")
    look(owner)

    owner.get_by_role("button", name="A question of your own").click()
    label = owner.locator("[id$='.label.en']:focus")
    expect(label).to_be_visible()
    label.fill("Kind of boiler")

    expect(owner.locator("#preview")).to_contain_text("Kind of boiler")
    expect(owner.locator("#problems")).to_contain_text("Question “Kind of boiler”")
    owner.get_by_label("Kind of answer").last.select_option("choice")
    owner.get_by_label("Answer 1, English").fill("Gas")
    expect(owner.locator("#preview")).to_contain_text("Gas")
    look(owner)


@SIZES
def test_a_condition_is_built_line_by_line(owner: Page) -> None:
    owner.goto(f"{PARTS}/step/0")
    look(owner)

    owner.get_by_role("button", name="Add a condition").click()
    owner.get_by_label("What is looked at").last.select_option("request.urgency")
    owner.get_by_label("With what").last.select_option("urgent")
    owner.get_by_role("button", name="A group of lines").last.click()
    group = owner.locator(".rule .group")
    group.get_by_label("What is looked at").select_option("customer.onboarded")

    expect(group.get_by_label("How it is compared")).to_have_value("is_true")
    expect(owner.get_by_label("With what")).to_have_value("urgent")
    look(owner)


@SIZES
def test_every_page_of_the_editor_can_be_reached_and_read(owner: Page) -> None:
    pages = [f"{PARTS}/{page}" for page in ("timers", "basics", "submit", "insert", "state")]
    pages += ["/admin/workflows/service_request", "/admin/workflows/service_request/wording"]

    for address in pages:
        answer = owner.goto(address)
        assert answer is not None
        assert answer.ok
        look(owner)
