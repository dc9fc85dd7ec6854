"""Pages speak the reader's language, in the company's zone, in the light they like."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import g

from app import clock
from app.errors import DomainError
from app.models import Company, Customer
from app.web import words
from tests.portal import doors

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def lang(client, address="/p/acme/login", **headers):
    text = client.get(address, headers=headers).text
    return text.split('<html lang="')[1][:2]


def test_a_strangers_browser_is_asked_for_the_language(client, world):
    assert lang(client, **{"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}) == "de"
    assert lang(client, **{"Accept-Language": "fr,es;q=0.3"}) == "es"


def test_the_company_decides_where_the_browser_says_nothing_we_speak(client, world):
    world.enter().get_one(Company, world.company_id).language = "es"

    assert lang(client) == "es"
    assert lang(client, **{"Accept-Language": "fr"}) == "es"


def test_a_language_picked_is_kept(client, world):
    answer = client.submit(client.page("/p/acme/login"), "Deutsch")

    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/p/acme/login")
    assert lang(client, **{"Accept-Language": "es"}) == "de"


def test_somebody_signed_in_reads_their_own_language(client, world):
    doors.sign_in(client, world)
    world.enter().get_one(Customer, world.customer.id).language = "de"

    assert lang(client, "/p/acme/enter/none", **{"Accept-Language": "es"}) == "de"


def test_the_theme_is_kept_without_a_script(client, world):
    form = next(form for form in client.page("/p/acme/login").forms if form.action == "/theme")

    client.post("/theme", data={**form.filled(), "theme": "dark"})

    assert 'data-theme="dark"' in client.get("/p/acme/login").text
    assert 'data-theme="dark"' in client.get("/admin/login").text


def test_a_choice_on_the_answer_to_a_form_leads_to_the_portal_s_start(client, world):
    refused = doors.ask(client, world, email="carla")

    assert client.submit(refused, "Deutsch").location == "/p/acme/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_a_choice_leads_back_to_our_own_pages_only(client, world, target):
    form = next(form for form in client.page("/p/acme/login").forms if form.action == "/theme")

    answer = client.post("/theme", data={**form.filled(), "theme": "dark", "next": target})

    assert answer.location == "/"


def test_a_company_s_colour_is_a_style_sheet_of_its_own(client, world):
    world.enter().get_one(Company, world.company_id).brand = "#ffcc00"

    answer = client.get("/p/acme/brand.css")

    assert answer.text == ":root { --brand: #ffcc00; }\n"
    assert answer.mimetype == "text/css"


def test_what_is_no_colour_never_gets_into_a_style_sheet(client, world):
    world.enter().get_one(Company, world.company_id).brand = "red}a{x"

    assert client.get("/p/acme/brand.css").text == ""


@pytest.fixture
def page(app):
    """A page of a company in Berlin, on a Tuesday in November."""
    with app.test_request_context(), clock.freeze(NOON):
        g.company = Company(timezone="Europe/Berlin", currency="EUR", language="en")
        yield


@pytest.mark.usefixtures("page")
class TestWords:
    def test_moments_are_on_the_company_s_clock(self):
        assert words.when(datetime(2026, 11, 24, 7, 0, tzinfo=UTC)) == "Tue 24 Nov, 8:00"
        assert words.zone_label() == "Berlin time"

    def test_summer_time_is_an_hour_off(self):
        assert words.when(datetime(2026, 7, 1, 7, 0, tzinfo=UTC)) == "Wed 1 Jul, 9:00"

    def test_another_year_is_named(self):
        assert words.day(date(2027, 1, 4)) == "Mon 4 Jan 2027"
        assert words.long_day(date(2026, 11, 30)) == "Monday 30 November"

    def test_waiting_is_counted_in_what_one_can_grasp(self):
        for passed, said in ((20, "20 min"), (46 * 60, "46 h"), (72 * 60, "3 d")):
            assert words.age(NOON - timedelta(minutes=passed)) == said
        assert words.ago(NOON - timedelta(minutes=35)) == "35 min ago"

    def test_money_has_the_company_s_currency_and_its_own_digits(self):
        assert words.money(194250) == "€1,942.50"
        assert words.money(5000, "JPY") == "¥5,000"

    def test_an_owner_s_words_win_over_ours(self):
        error = DomainError("Not now, %(name)s.", name="Ana", texts={"en": "We are closed."})
        assert words.in_words(error) == "We are closed."
        assert words.in_words(DomainError("Not now, %(name)s.", name="Ana")) == "Not now, Ana."
        assert words.in_words(DomainError("100 % wrong")) == "100 % wrong"

    def test_missing_languages_fall_back(self):
        assert words.pick({"de": "Hallo", "en": "Hello"}) == "Hello"
        assert words.pick({"de": "Hallo"}) == "Hallo"

    def test_initials_stand_for_a_name(self):
        assert words.initials("Rohrbach & Söhne") == "RS"
        assert words.initials("!!!") == "·"
