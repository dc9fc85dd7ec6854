"""Behind the portal's door: sessions that end when they should, and the portal's switch."""

from datetime import timedelta

import pytest

from app import clock
from app.models import Company
from tests.portal import doors


@pytest.mark.feature("A04")
def test_a_used_link_lets_nobody_back_in_after_signing_out(client, world):
    path = doors.mailed_path(client, world)
    client.submit(client.page(path), "Continue")
    client.submit(f"/p/{world.slug}/enter/none", "Sign out")

    assert client.get(path).status_code == 410
    assert not doors.is_signed_in(client, world)


@pytest.mark.feature(178, 184, 182)
def test_being_signed_in_at_one_company_means_nothing_at_another(client, world, stranger):
    doors.sign_in(client, world)
    cookie = client.get_cookie(f"callout_p_{world.slug}")
    client.set_cookie(f"callout_p_{stranger.slug}", cookie.value)

    assert not doors.is_signed_in(client, stranger)


@pytest.mark.feature(128)
def test_a_forged_cookie_lets_nobody_in(client, world):
    client.set_cookie(f"callout_p_{world.slug}", f"{world.company_id}.guess.guess")

    assert not doors.is_signed_in(client, world)


@pytest.mark.feature("B01")
def test_signing_out_ends_the_session_and_not_only_the_cookie(client, world, new_client):
    doors.sign_in(client, world)
    stolen = client.get_cookie(f"callout_p_{world.slug}").value
    client.submit(f"/p/{world.slug}/enter/none", "Sign out")

    thief = new_client()
    thief.set_cookie(f"callout_p_{world.slug}", stolen)

    assert not doors.is_signed_in(thief, world)


@pytest.mark.feature("B01")
def test_signing_out_everywhere_ends_the_other_browsers_too(client, world, new_client):
    other = new_client()
    doors.sign_in(other, world)
    doors.sign_in(client, world)

    client.submit(f"/p/{world.slug}/enter/none", "Sign out everywhere")

    assert not doors.is_signed_in(other, world)


@pytest.mark.feature("B01", "D4", "D25", 120)
@pytest.mark.parametrize(
    ("field", "value"),
    [("access", "none"), ("archived_at", clock.now()), ("email", "new@customer.example")],
)
def test_a_change_of_the_record_ends_the_session_at_the_next_page(client, world, field, value):
    doors.sign_in(client, world)

    setattr(doors.customer(world), field, value)

    assert not doors.is_signed_in(client, world)


@pytest.mark.feature(119, 120, 121, 122, "D4")
def test_switching_the_portal_off_shuts_it_and_on_again_loses_nothing(client, world):
    doors.sign_in(client, world)
    path = doors.sent_by_staff(world)
    company = world.enter().get_one(Company, world.company_id)

    company.portal_enabled = False
    for address in (path, f"/p/{world.slug}/login", f"/p/{world.slug}/"):
        shut = client.get(address)
        assert (shut.status_code, "currently unavailable" in shut.text) == (503, True)

    world.enter().get_one(Company, world.company_id).portal_enabled = True
    assert doors.is_signed_in(client, world)


@pytest.mark.feature(125)
def test_the_portal_is_part_of_the_better_plans_only(client, world):
    world.enter().get_one(Company, world.company_id).plan = "basic"

    assert client.get(f"/p/{world.slug}/login").status_code == 503


@pytest.mark.feature("B02")
def test_a_session_ends_when_its_days_are_over(client, world):
    doors.sign_in(client, world)

    with clock.freeze(clock.now() + timedelta(days=29)):
        assert doors.is_signed_in(client, world)
    with clock.freeze(clock.now() + timedelta(days=30, seconds=1)):
        assert not doors.is_signed_in(client, world)


def test_a_page_is_written_down_as_seen_every_few_minutes_only(client, world):
    doors.sign_in(client, world)
    before = doors.seen_at(world)

    with clock.freeze(before + timedelta(minutes=4)):
        client.get(f"/p/{world.slug}/login")
    assert doors.seen_at(world) == before

    with clock.freeze(before + timedelta(minutes=6)):
        client.get(f"/p/{world.slug}/login")
    assert doors.seen_at(world) == before + timedelta(minutes=6)


def test_an_unknown_portal_is_not_found(client, world):
    assert client.get("/p/nobody/login").status_code == 404
    assert client.get("/p/nobody/").status_code == 404


def test_a_portal_that_moved_to_another_address_is_found_there_only(client, world):
    client.get(f"/p/{world.slug}/login")
    world.enter().get_one(Company, world.company_id).slug = "acme-new"

    assert client.get("/p/acme-new/login").status_code == 200
    assert client.get("/p/acme/login").status_code == 404


def test_signing_in_twice_in_one_browser_leaves_one_session(client, world):
    doors.sign_in(client, world)
    second = doors.sent_by_staff(world)

    client.submit(client.page(second), "Continue")

    assert len(doors.live_sessions(world)) == 1
