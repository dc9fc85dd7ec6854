"""Questions of the company's own that belong to some answers only: for one service, say."""

import json

import pytest
from sqlalchemy import select

from app.models import Customer, Request, Service
from portal.shown_when import shown_when
from tests.portal.test_questions import BUTTON, FORM, ask_for

FLOOR = {"name": "floor", "type": "number", "required": True, "label": {"en": "Floor"}}


@pytest.fixture
def service(world):
    """A bookable service."""
    row = Service(name={"en": "Descaling"}, bookable=True)
    world.enter().add(row)
    world.session.flush()
    return row


def ask_sometimes(world, condition, *before):
    asked = {"field": "service", "sources": ["bookable", "free_text"]}
    ask_for(world, {"field": "description"}, asked, *before, {**FLOOR, "visible_if": condition})


def stored(world) -> list[Request]:
    return list(world.enter().scalars(select(Request)))


def test_a_question_for_one_service_is_required_with_it_only(carla, world, service):
    ask_sometimes(world, f'input.service == "service:{service.id}"')

    chosen = {"description": "It drips.", "service": f"service:{service.id}"}
    refused = carla.submit(carla.page(FORM), BUTTON, **chosen)
    taken = carla.submit(carla.page(FORM), BUTTON, **chosen, floor="3")
    other = carla.submit(carla.page(FORM), BUTTON, description="It drips.", service_text="A tap")

    assert (refused.status_code, taken.status_code, other.status_code) == (422, 303, 303)
    assert "This field is required" in refused.text
    assert [row.extra for row in stored(world)] == [{"floor": 3}, {}]


def test_what_is_sent_for_a_question_that_is_not_shown_is_dropped(carla, world, service):
    ask_sometimes(world, f'input.service == "service:{service.id}"')

    carla.submit(carla.page(FORM), BUTTON, description="It drips.", service_text="x", floor="3")

    assert [row.extra for row in stored(world)] == [{}]


def test_a_question_may_hang_on_the_customer(carla, world):
    ask_sometimes(world, 'customer.language == "de"')
    answers = {"description": "It drips.", "service_text": "A tap"}

    assert carla.submit(carla.page(FORM), BUTTON, **answers).status_code == 303
    world.enter().get_one(Customer, world.customer.id).language = "de"
    world.session.commit()
    refused = carla.post(FORM, data={**answers, **tokens(carla)})

    assert refused.status_code == 422


def tokens(carla) -> dict[str, str]:
    fields = carla.page(FORM).forms
    found = {name: value for form in fields for name, value in form.fields}
    return {name: found[name] for name in ("csrf_token", "form_key")}


def test_a_box_nobody_ticked_says_no(carla, world):
    lift = {"name": "lift", "type": "bool", "label": {"en": "Lift"}}
    ask_sometimes(world, "input.lift == false", lift)
    answers = {"description": "It drips.", "service_text": "A tap"}

    assert carla.submit(carla.page(FORM), BUTTON, **answers).status_code == 422
    assert carla.submit(carla.page(FORM), BUTTON, **answers, lift="yes").status_code == 303


def test_the_page_tells_its_script_when_a_question_is_shown(carla, world, service):
    ask_sometimes(world, f'input.service == "service:{service.id}"')

    assert 'data-when="{' in carla.get(FORM).text
    row = {"field": "service", "operator": "is", "value": f"service:{service.id}"}
    told = shown_when(f'input.service == "service:{service.id}"', {})
    assert json.loads(told) == {"join": "all", "rows": [row]}


def test_what_the_script_can_not_know_is_answered_before():
    rows = json.loads(
        shown_when(
            '(customer.language == "de" || input.a > 2) && input.b == true',
            {"customer": {"language": "de"}},
        )
    )

    group, last = rows["rows"]
    assert group["rows"][0] == {"holds": True}
    assert (last["field"], last["operator"]) == ("b", "is_true")
    assert shown_when("size(input.a) > 3", {}) == ""
