"""The portal's door: how often it may be knocked at, and its six digits."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock
from app.models import SignInLink
from app.services import links
from tests.harness.clients import browser_of
from tests.portal import doors


@pytest.mark.feature("D3", "A10")
def test_no_more_than_ten_mails_an_hour_reach_a_mailbox(client, world, new_client):
    spellings = ["carla@customer.example", " Carla@Customer.Example ", "carla+1@customer.example"]
    for turn in range(30):
        browser = new_client()
        browser.environ_base["REMOTE_ADDR"] = f"10.0.0.{turn}"
        answer = doors.ask(browser, world, email=spellings[turn % 3])
        assert answer.status_code == 303

    made = world.enter().scalars(doors.portal_links()).all()
    assert 0 < len(made) <= 10
    assert client.get(doors.path_of(made[-1], world)).status_code == 200


@pytest.mark.feature("A10")
def test_the_limit_of_a_mailbox_ends_with_the_hour(client, world):
    for _ in range(12):
        doors.ask(client, world)
    world.enter().execute(update(SignInLink).values(created_at=clock.now() - timedelta(minutes=61)))
    client.application.extensions["callout_limits"]._shared.storage.reset()

    doors.ask(client, world)

    assert len(world.enter().scalars(doors.portal_links()).all()) == 11


@pytest.mark.feature("A10")
def test_forwarded_addresses_do_not_widen_the_limit_of_one_real_one(client, world, make_customers):
    for turn, email in enumerate(make_customers(25)):
        page = client.page(f"/p/{world.slug}/login")
        form = page.form("Send me a link")
        client.post(
            form.action, data=form.filled(email=email),
            headers={"X-Forwarded-For": f"203.0.113.{turn}"},
        )  # fmt: skip

    assert len(world.enter().scalars(doors.portal_links()).all()) == 20


@pytest.mark.feature("A11")
def test_the_six_digits_open_the_door_at_the_browser_that_asked(client, world):
    doors.ask(client, world)
    code = links.code_of(doors.newest_link(world)) or ""

    answer = client.submit(f"/p/{world.slug}/login/sent", "Continue", code=f"{code[:3]} {code[3:]}")

    assert answer.status_code == 303
    assert doors.is_signed_in(client, world)


@pytest.mark.feature("A11")
def test_the_six_digits_open_nothing_elsewhere(client, world, new_client):
    doors.ask(client, world)
    code = links.code_of(doors.newest_link(world)) or ""
    thief = new_client()
    doors.ask(thief, world, email="thief@customer.example")

    answer = thief.submit(f"/p/{world.slug}/login/sent", "Continue", code=code)

    assert answer.status_code == 422
    assert not doors.is_signed_in(thief, world)


@pytest.mark.feature("A11", "A09")
def test_after_five_wrong_codes_the_right_one_is_refused_in_the_same_words(client, world):
    doors.ask(client, world)
    code = links.code_of(doors.newest_link(world)) or ""
    wrong = "000000" if code != "000000" else "111111"
    pages = [client.submit(f"/p/{world.slug}/login/sent", "Continue", code=wrong) for _ in range(5)]

    answer = client.submit(f"/p/{world.slug}/login/sent", "Continue", code=code)

    assert answer.status_code == 422
    assert "This code does not fit" in answer.text
    assert all("This code does not fit" in page.text for page in pages)
    assert not doors.is_signed_in(client, world)


@pytest.mark.feature("A10")
def test_behind_a_proxy_we_were_told_of_its_word_for_the_address_counts(
    world, new_app, make_customers
):
    client = browser_of(new_app(TRUSTED_PROXIES="1"))
    form = client.page(f"/p/{world.slug}/login").form("Send me a link")

    for turn, email in enumerate(make_customers(24)):
        # What stands before the proxy's own entry came from the visitor and proves nothing.
        seen_by_proxy = "198.51.100.7" if turn < 22 else f"198.51.100.{turn}"
        headers = {"X-Forwarded-For": f"203.0.113.{turn}, {seen_by_proxy}"}
        client.post(form.action, data=form.filled(email=email), headers=headers)

    assert len(world.enter().scalars(doors.portal_links()).all()) == 20 + 2
