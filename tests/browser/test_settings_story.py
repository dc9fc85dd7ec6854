"""An owner switches to online booking, changes two settings and publishes; customers see it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import (
    Running,
    accessibility,
    enter_admin,
    enter_by_mail,
    link_in,
    scrolls_sideways,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
OWNER = "owner@visits.example"
NELE = "nele@new.example"
PAGES = (
    "/admin/request-settings/", "/admin/notifications/", "/admin/bookable/",
    "/admin/preset-switch/", "/admin/preset-switch/service_request", "/admin/settings/portal",
    "/admin/settings/names",
)  # fmt: skip


@pytest.mark.feature("C11", "C17", "C20", "C22")
@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 768}], ids=["desktop"])
def test_from_bookings_to_online_booking_and_what_customers_see_of_it(
    running: Running, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.set_default_timeout(30_000)
    enter_admin(running, page, OWNER)

    switch_to_online_booking(page)
    change_and_publish(page)
    turn_off_the_receipt(page)

    portal = open_page()
    enter_by_mail(running, portal, "visits")
    portal.goto("/p/visits/requests/new")
    expect(portal.get_by_text("up to 2")).to_be_visible()
    expect(portal.get_by_label("Day 3", exact=True)).to_be_attached()


def switch_to_online_booking(page: Page) -> None:
    page.goto("/admin/request-settings/")
    page.get_by_role("link", name="Compare the ways").click()
    page.get_by_role("link", name=re.compile("Online booking")).click()
    expect(page.get_by_text(re.compile(r"requests are under way"))).to_be_visible()
    page.get_by_role("button", name="Switch", exact=True).click()
    expect(page.get_by_text("New requests are taken this way from now on.")).to_be_visible()


def change_and_publish(page: Page) -> None:
    page.get_by_label("Photos, at most").fill("2")
    page.get_by_label("Hours without an answer until staff are reminded").fill("24")
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.locator(".diff").get_by_text("Photos, at most: 2 instead of 3")).to_be_visible()
    page.get_by_role("link", name="Preview and publish").click()
    expect(page.get_by_label("Note for the list of versions")).to_have_value(
        re.compile("Photos, at most: 2 instead of 3")
    )
    page.get_by_role("button", name=re.compile("^Publish version")).click()
    page.wait_for_url("**/versions")


def turn_off_the_receipt(page: Page) -> None:
    page.goto("/admin/notifications/")
    page.locator("select[name$='submit/booking.received/customer']").select_option("off")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved in the draft; publish it")).to_be_visible()


@pytest.mark.feature(175)
@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}], ids=["phone"])
def test_a_new_customer_signs_up_and_is_let_in(
    running: Running, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto("/p/callout/login")
    page.get_by_role("link", name="Create Account Now").click()
    page.get_by_label("Your name or your company").fill("Nele Neumann")
    page.get_by_label("E-mail").fill(NELE)
    page.get_by_label("Street and number").fill("Hauptstraße 1")
    assert accessibility(page) == []
    page.get_by_role("button", name="Create my account").click()
    page.goto(link_in(running.mail(NELE, after=0, having="/signup/"), "/signup/"))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    staff = open_page()
    enter_admin(running, staff, "dispatcher@callout.example")
    staff.goto("/admin/customers/?search=Nele")
    staff.get_by_role("link", name="Nele Neumann").first.click()
    staff.get_by_role("button", name="Open the account").click()

    page.goto(link_in(running.mail(NELE, after=1, having="/enter/"), "/enter/"))
    page.get_by_role("button", name=re.compile("^Continue")).click()
    page.wait_for_url("**/p/callout/jobs")


@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 768}], ids=["desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_settings_pass_axe_and_fit_a_narrow_window(
    running: Running, open_page: Callable[..., Page], scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    enter_admin(running, page, "owner@callout.example")
    problems = []

    for address in PAGES:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(address)
        problems += accessibility(page)
        page.set_viewport_size({"width": 360, "height": 740})
        if scrolls_sideways(page):
            problems.append(f"{address} is wider than a phone")

    assert problems == []
