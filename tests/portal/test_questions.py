"""The form is drawn from the definition: every question, of every kind, in every preset."""

from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.models import Contact, Customer, Location, Request, Service
from tests.harness.pages import Page
from tests.harness.world import World
from tests.portal import work
from workflows import library, versions
from workflows.schema import Definition

FORM = "/p/acme/requests/new"
BUTTON = "Submit Request"
COLOURS = [
    {"value": "red", "label": {"en": "Fire red"}},
    {"value": "blue", "label": {"en": "Sky blue"}},
]
OWN: list[dict[str, Any]] = [
    {"name": "floor", "type": "number", "label": {"en": "Floor", "de": "Stockwerk"}},
    {"name": "lift", "type": "bool", "label": {"en": "Is there a lift?"}},
    {"name": "colour", "type": "choice", "label": {"en": "Colour"}, "choices": COLOURS},
    {"name": "story", "type": "long_text", "label": {"en": "The whole story"}, "min_length": 5},
    {"name": "built_on", "type": "date", "label": {"en": "Built on"}},
    {"name": "call_at", "type": "datetime", "label": {"en": "Call at"}},
    {"name": "home_between", "type": "window", "label": {"en": "At home between"}},
    {"name": "budget", "type": "money", "label": {"en": "Budget"}},
    {"name": "nickname", "type": "text", "label": {"en": "Nickname"}, "help": {"en": "Of the cat"}},
    {"name": "other_place", "type": "location", "label": {"en": "Also at"}},
]
SAID = {
    "floor": "3", "lift": "yes", "colour": "blue", "story": "Once upon a time",
    "built_on": "1999-12-31", "call_at": "2099-01-02T10:00", "budget": "12,50", "nickname": "Tom",
    "home_between": ["2099-01-02T08:00", "2099-01-02T10:00"],
}  # fmt: skip


def ask_for(world: World, *fields: dict[str, Any], preset: str = "service_request") -> None:
    """Publish a preset with these questions in place of its own, and use it."""
    data = library.definition(preset).as_data()
    data |= {"request_form": list(fields) or data["request_form"], "tests": []}
    company = work.company(world)
    definition = Definition.model_validate(data)
    versions.publish(world.session, company, definition, author="test", at=clock.now())
    company.request_workflow = definition.workflow


def stored(world: World) -> Request:
    """Return the only request."""
    return world.enter().scalars(select(Request)).one()


def test_own_questions_are_asked_in_order_and_answered(carla, world):
    ask_for(world, *OWN)
    page = carla.page(FORM)

    answer = carla.submit(page, BUTTON, **SAID, other_place=str(world.location_id))

    places = [page.text.index(one["label"]["en"]) for one in OWN]
    assert places == sorted(places)
    assert "Of the cat" in page.text
    assert answer.status_code == 303, answer.text
    extra = stored(world).extra
    assert set(extra) == {one["name"] for one in OWN}
    assert (extra["floor"], extra["lift"], extra["colour"]) == (3, True, "blue")
    assert (extra["budget"], extra["nickname"]) == (1250, "Tom")


def test_own_answers_are_shown_in_words_with_their_labels(carla, world):
    ask_for(world, *OWN)
    answer = carla.submit(FORM, BUTTON, **SAID, other_place=str(world.location_id))

    text = carla.page(answer.location).text

    for words in (
        "Floor 3", "Is there a lift? Yes", "Colour Sky blue", "Built on Fri 31 Dec 1999",
        "Call at Fri 2 Jan 2099, 10:00", "At home between Fri 2 Jan 2099, 8:00 to",
        "Budget €12.50", "Also at Rosenweg 3, Ulm",
    ):  # fmt: skip
        assert words in text, words


def test_a_wrong_own_answer_is_said_beside_it_and_kept(carla, world):
    ask_for(world, *OWN)

    answer = carla.submit(FORM, BUTTON, floor="third", story="Hm")

    assert answer.status_code == 422
    assert '<p class="error" id="e-floor">Write a number.</p>' in answer.text
    assert '<p class="error" id="e-story">Write at least 5 letters.</p>' in answer.text
    assert Page(answer).form(BUTTON).value("floor") == "third"


def test_the_owners_words_stand_in_place_of_ours(carla, world):
    words = {"en": "What bothers you?", "de": "Was stört Sie?"}
    ask_for(world, {"field": "description", "required": True, "label": words})
    world.enter().get_one(Customer, world.customer.id).language = "de"
    world.session.commit()

    assert "Was stört Sie?" in carla.page(FORM).text


@pytest.mark.feature(14, 16)
def test_up_to_three_days_with_a_part_of_the_day(carla, world):
    ask_for(world, {"field": "preferred_dates", "mode": "dates", "max": 3, "day_part": True})

    carla.submit(FORM, BUTTON, date_1="2099-05-06", date_1_part="morning", date_3="2099-05-08")

    wishes = [(w.day.isoformat(), w.day_part) for w in stored(world).preferred_dates]
    assert wishes == [("2099-05-06", "morning"), ("2099-05-08", "flexible")]
    assert "Wed 6 May 2099, morning or Fri 8 May 2099" in carla.page("/p/acme/requests").text


@pytest.mark.feature(13)
def test_a_window_has_two_ends(carla, world):
    ask_for(world, {"field": "preferred_dates", "mode": "window"})

    carla.submit(FORM, BUTTON, date_1="2099-05-06", date_1_to="2099-05-08")

    assert "Wed 6 May 2099 to Fri 8 May 2099" in carla.page("/p/acme/requests").text


@pytest.mark.feature(17)
def test_a_day_and_a_time(carla, world):
    ask_for(world, {"field": "preferred_dates", "mode": "datetime"})

    carla.submit(FORM, BUTTON, date_1="2099-05-06", date_1_time="14:30")

    assert "Wed 6 May 2099, 14:30" in carla.page("/p/acme/requests").text


@pytest.mark.feature(19, 20, "D21")
def test_another_address_is_for_this_request_alone(carla, world):
    ask_for(world, {"field": "location", "allow": ["on_file", "once"], "required": True})
    page = carla.page(FORM)
    assert page.form(BUTTON).value("location") == str(world.location_id)

    answer = carla.submit(page, BUTTON, location="other", street="Ulmengasse 1", city="Ulm")

    assert "Ulmengasse 1, Ulm" in carla.page(answer.location).text
    assert len(world.enter().scalars(select(Location)).all()) == 1


@pytest.mark.feature(21)
def test_another_address_needs_its_street(carla, world):
    ask_for(world, {"field": "location", "allow": ["on_file", "add"], "required": True})

    answer = carla.submit(FORM, BUTTON, location="other", street="")

    assert answer.status_code == 422
    assert "Please choose where the work is needed." in answer.text


@pytest.mark.feature(22)
def test_a_contact_is_chosen_or_named(carla, world):
    ask_for(world, {"field": "contact", "allow": ["account", "choose", "add"]})
    world.enter().add(Contact(customer_id=world.customer.id, name="Karl Keeper"))
    world.session.commit()

    offered = carla.page(FORM).text
    carla.submit(FORM, BUTTON, contact="other", contact_name="Nina", contact_phone="+49 731 55512")

    assert "Karl Keeper" in offered
    request = stored(world)
    assert (request.contact_once or {})["name"] == "Nina"
    assert "Nina, +49 731 55512" in carla.page(f"/p/acme/requests/{request.ref}").text


@pytest.mark.feature(8, 9)
def test_a_bookable_service_or_free_words(carla, world):
    ask_for(world, {"field": "service", "sources": ["bookable", "free_text"], "required": True})
    world.enter().add_all(
        Service(name={"en": name}, bookable=bookable)
        for name, bookable in (("Boiler check", True), ("Secret service", False))
    )
    world.session.commit()

    offered = carla.page(FORM).text
    nothing = carla.submit(FORM, BUTTON)
    carla.submit(FORM, BUTTON, service="", service_text="Paint the cellar")

    assert "Boiler check" in offered
    assert "Secret service" not in offered
    assert nothing.status_code == 422
    assert stored(world).service_text == "Paint the cellar"


@pytest.mark.feature(9)
def test_free_words_alone_are_one_field(carla, world):
    ask_for(world, {"field": "service", "sources": ["free_text"], "required": True})

    answer = carla.submit(FORM, BUTTON, service_text="")

    assert answer.status_code == 422
    assert 'id="e-service_text"' in answer.text


@pytest.mark.feature(4, 23)
def test_kind_and_notes(carla, world):
    ask_for(world, {"field": "kind", "options": ["one_time", "issue"]}, {"field": "notes"})

    carla.submit(FORM, BUTTON, kind="issue", notes="Gate code 4821")

    request = stored(world)
    assert (request.kind, request.notes) == ("issue", "Gate code 4821")
    assert "Gate code 4821" in carla.page(f"/p/acme/requests/{request.ref}").text


def test_a_form_without_photos_takes_none(carla, world):
    ask_for(world, {"field": "description"})

    page = carla.page(FORM)

    assert "Photos" not in page.text
    assert carla.submit(page, BUTTON, description="Drips.").status_code == 303


@pytest.mark.parametrize("preset", sorted(set(library.names()) - {"job", "estimate", "invoice"}))
def test_every_preset_draws_its_form(carla, world, preset):
    ask_for(world, preset=preset)
    company = work.company(world)
    company.eligibility = "any_account"

    answer = carla.get(FORM)

    assert answer.status_code == 200
    for name in ("location", "contact", "street", "date_1"):
        assert answer.text.count(f'id="{name}"') <= 1, name
