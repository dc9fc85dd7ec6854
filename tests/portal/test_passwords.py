"""A password beside the mailed link, where the company allows one."""

import pytest

from app import clock
from app.models import Company
from app.services import companies
from tests.harness.pages import Page
from tests.portal import doors

pytestmark = pytest.mark.feature(174, "C6")
SECRET = "three green kettles"


@pytest.fixture
def allowed(world):
    """The company allows passwords."""
    save(world, passwords_allowed="1")
    return world


def save(world, **raw):
    session = world.enter()
    companies.update_settings(session, world.owner, raw, at=clock.now())
    session.commit()


def choose(client, world, secret=SECRET):
    page = client.page(f"/p/{world.slug}/password")
    return client.submit(page, "Keep it", password=secret)


def enter(client, world, secret=SECRET, email=doors.EMAIL):
    page = client.page(f"/p/{world.slug}/login")
    fields = {**page.form("Send me a link").filled(), "email": email, "password": secret}
    return client.post(f"/p/{world.slug}/login/password", data=fields)


def test_without_the_setting_there_is_no_field_and_no_way_in(carla, world, new_client):
    assert 'name="password"' not in new_client().page(f"/p/{world.slug}/login").answer.text
    assert carla.get(f"/p/{world.slug}/password").status_code == 404


def test_a_chosen_password_lets_its_customer_in(carla, allowed, new_client):
    answer = choose(carla, allowed)
    other = new_client()

    assert answer.status_code == 303
    assert enter(other, allowed).status_code == 303
    assert other.get(f"/p/{allowed.slug}/jobs").status_code == 200
    assert carla.get(f"/p/{allowed.slug}/jobs").status_code == 200


@pytest.mark.parametrize("email", [doors.EMAIL, "nobody@else.example", "no address"])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(allowed, client, email):
    answer = enter(client, allowed, "not the one", email)

    assert answer.status_code == 422
    assert "Address and password do not belong together" in Page(answer).text


def test_without_a_password_chosen_none_fits(allowed, client):
    assert enter(client, allowed, "").status_code == 422


def test_choosing_one_signs_every_other_browser_out(carla, allowed, new_client):
    other = new_client()
    doors.sign_in(other, allowed)

    choose(carla, allowed)

    assert other.get(f"/p/{allowed.slug}/jobs").status_code == 303


def test_one_that_is_easy_to_guess_is_refused(carla, allowed):
    answer = choose(carla, allowed, "short")

    assert answer.status_code == 422
    assert "Use ten characters or more" in Page(answer).text


def test_the_link_works_all_the_same_and_the_password_can_go(carla, allowed, new_client):
    choose(carla, allowed)
    page = carla.page(f"/p/{allowed.slug}/password")

    carla.submit(page, "Remove my password")

    assert doors.customer(allowed).password_hash is None
    doors.sign_in(new_client(), allowed)


def test_switched_off_every_password_is_forgotten(carla, allowed):
    choose(carla, allowed)

    save(allowed, passwords_allowed="")

    assert doors.customer(allowed).password_hash is None


@pytest.mark.feature("C7")
def test_with_no_days_the_visit_ends_with_the_browser(world, client):
    save(world, customer_session_days="0")
    path = doors.mailed_path(client, world)

    answer = client.submit(client.page(path), "Continue")

    cookies = [one for one in answer.headers.getlist("Set-Cookie") if "callout_p_" in one]
    assert world.enter().get_one(Company, world.company_id).customer_session_days == 0
    assert [one for one in cookies if "Max-Age" not in one and "expires" not in one.lower()]
