"""An owner changes the request form by form: Callout's own questions and the company's."""

import pytest

from app.models import Service
from app.services import workflow_drafts
from tests.admin.editing import press
from tests.admin.test_workflows import PARTS, draft, each, published
from tests.harness.pages import Page
from tests.harness.world import make_world


@pytest.fixture
def world(session):
    """A company on the preset with review and proposals."""
    return make_world(session, preset="hybrid")


@pytest.fixture
def form(owner):
    """Fill in a form of the editor; return the answer."""

    def fill(page, **typed):
        return owner.submit(owner.page(f"{PARTS}/{page}"), "Save draft", **typed)

    return fill


def question(world, **typed):
    """Return what a new question at the end of the request form is sent as."""
    last = len(published(world).request_form)
    sent = {"field": "own", "type": "text", **typed}
    return {f"items.{last}.{name}": value for name, value in sent.items()}


def test_a_question_of_ones_own_gets_its_name_from_its_label(world, form):
    asked = question(
        world, type="choice", required="1",
        **each("label", "Kind of boiler", "Tipo de caldera", "Art des Kessels"),
        **each("choices.0.label", "Gas", "Gas", "Gas"),
        **each("choices.1.label", "Oil", "Gasóleo", "Öl"),
    )  # fmt: skip

    assert form("form", **asked).status_code == 303

    made = draft(world).own_fields[0]
    assert (made.name, made.type, made.required) == ("kind_of_boiler", "choice", True)
    assert [one.value for one in made.choices] == ["gas", "oil"]
    assert made.label["de"] == "Art des Kessels"


def test_a_question_belongs_to_one_service(world, form):
    row = Service(name={"en": "Descaling"}, bookable=True)
    world.enter().add(row)
    world.session.commit()
    asked = question(
        world, **each("label", "Floor", "Piso", "Stockwerk"),
        **{"rule.rows.0.field": "input.service", "rule.rows.0.operator": "is",
           "rule.rows.0.value": f"service:{row.id}"},
    )  # fmt: skip

    assert form("form", **asked).status_code == 303

    assert draft(world).own_fields[0].visible_if == f'input.service == "service:{row.id}"'


def test_built_in_questions_are_changed_added_moved_and_taken_out(world, owner):
    page = owner.page(f"{PARTS}/form")
    kinds = [item.field for item in published(world).request_form]

    fields = press(owner, page, "drop:items.0")
    moved = press(owner, Page(fields), "up:items.1")
    added = press(owner, Page(moved), "ask:kind")
    last = {f"items.{len(kinds) - 1}.options": ["one_time", "recurring"]}
    photos = {f"items.{kinds.index('photos') - 1}.max": "9"}
    assert owner.submit(Page(added), "Save draft", **last, **photos).status_code == 303

    made = draft(world).request_form
    assert [item.field for item in made] == [kinds[2], kinds[1], *kinds[3:], "kind"]
    assert made[-1].options == ("one_time", "recurring")
    assert next(item for item in made if item.field == "photos").max == 9


def test_the_page_shows_the_form_as_the_customer_sees_it_while_it_is_typed(world, owner):
    asked = question(world, **each("label", "Floor", "Piso", "Stockwerk"))

    answer = press(owner, owner.page(f"{PARTS}/form"), "check", **asked)

    assert answer.status_code == 200
    preview = answer.text[answer.text.index('id="preview"') :]
    assert "Floor" in preview
    assert not workflow_drafts.get(world.enter(), world.owner, "hybrid").is_saved
