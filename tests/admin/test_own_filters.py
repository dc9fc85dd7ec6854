"""The queue narrowed by the questions a company added to its form."""

import pytest

from app import clock
from app.models import Company
from tests.services.workflow_edits import data
from workflows import versions
from workflows.schema import Definition

OWN = [
    {"name": "floor", "type": "number", "label": {"en": "Floor"}},
    {"name": "pets", "type": "bool", "label": {"en": "Pets at home"}},
    {"name": "access", "type": "choice", "label": {"en": "How we get in"},
     "choices": [{"value": "bell", "label": {"en": "Ring the bell"}},
                 {"value": "key", "label": {"en": "Key at the neighbour's"}}]},
    {"name": "maker", "type": "text", "label": {"en": "Maker"}},
]  # fmt: skip


@pytest.fixture
def asking(world):
    """The company asks four questions of its own."""
    session = world.enter()
    company = session.get_one(Company, world.company_id)
    changed = data(versions.current(session, company, company.request_workflow))
    changed["request_form"] += OWN
    changed["languages"] = ["en"]
    definition = Definition.model_validate({**changed, "tests": []})
    versions.publish(session, company, definition, author="Olive Owner", at=clock.now())
    world.hand_in(description="Upstairs, dog at home.", floor="3", pets="yes", access="bell")
    world.hand_in(description="Ground floor, all quiet.", floor="0", access="key", maker="Vaillant")
    return world


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("own_floor=3", "Upstairs"),
        ("own_floor=0", "Ground floor"),
        ("own_pets=yes", "Upstairs"),
        ("own_access=key", "Ground floor"),
        ("own_maker=vail", "Ground floor"),
    ],
)
def test_the_list_shows_those_who_answered_so(asking, dispatcher, query, seen):
    page = dispatcher.page(f"/admin/requests/?{query}")

    other = {"Upstairs": "Ground floor", "Ground floor": "Upstairs"}[seen]
    assert seen in page.text
    assert other not in page.text


def test_filters_and_status_go_together(asking, dispatcher):
    page = dispatcher.page("/admin/requests/?own_access=bell")

    assert page.form("Filter").value("own_access") == "bell"
    assert "own_access=bell" in page.link("All")
    assert "None answered like this" in dispatcher.page(
        "/admin/requests/?status=approved&own_access=bell"
    ).text  # fmt: skip


def test_hostile_names_and_marks_are_only_text(asking, dispatcher):
    page = dispatcher.page("/admin/requests/?own_company_id=1&own_x'=y&own_maker=%25")

    assert "None answered like this" in page.text


def test_without_own_questions_there_is_nothing_to_filter(world, dispatcher):
    world.hand_in()

    assert "Filter by answers" not in dispatcher.page("/admin/requests/").text
