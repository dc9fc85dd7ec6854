"""What if the draft had been in force: real histories again, without effects."""

from datetime import timedelta
from time import process_time

import pytest
from sqlalchemy import func, select

from app import clock
from app.errors import Forbidden
from app.models import Event, OutboxMessage
from app.services import requests, what_if
from tests.harness.world import make_world
from tests.services.workflow_edits import with_quote
from workflows import document, library


@pytest.fixture
def hybrid(session):
    """A company with one request declined after review, two days after it came."""
    world = make_world(session, preset="hybrid")
    begun = clock.now() - timedelta(days=10)
    request = world.hand_in(at=begun)
    step(world, request, "start_review", begun + timedelta(hours=1))
    step(world, request, "decline", begun + timedelta(hours=60), reason="Not in our area, sorry.")
    return world


def step(world, request, trigger, at, **raw):
    sent = requests.Submission(raw, request.event_seq)
    requests.move(world.session, request.id, trigger, world.owner, sent, at=at)


def draft(change=lambda data: None):
    data = library.definition("hybrid").as_data()
    change(data)
    found = document.read_data(data)
    assert found.definition is not None, [one.sentence for one in found.problems]
    return found.definition


def compare(world, definition, actor=None):
    who = actor or world.owner
    return what_if.compare(world.enter(), who, "hybrid", definition, at=clock.now())


@pytest.mark.feature("F08")
def test_a_draft_that_only_adds_ends_everything_the_same(hybrid):
    found = document.read_data(with_quote(draft())).definition

    seen = compare(hybrid, found)

    assert (seen.records, seen.same, seen.differences) == (1, 1, [])
    assert seen.before.mails == seen.after.mails


@pytest.mark.feature("F08")
def test_a_step_that_needs_another_answer_is_named_with_its_request(hybrid):
    def ask_more(data):
        [decline] = [one for one in data["transitions"] if one["trigger"] == "decline"]
        area = {"name": "area", "type": "text", "required": True, "label": {"en": "Area"}}
        decline["fields"].append(area)

    [one] = compare(hybrid, draft(ask_more)).differences

    assert (one.state, one.would_be) == ("declined", "under_review")
    assert str(one.phrase) == "“Decline” would have needed another answer for: Area."


@pytest.mark.feature("F08")
def test_reminders_are_counted_before_and_after(hybrid):
    def sooner(data):
        data["timers"][0]["after"] = "PT24H"

    assert compare(hybrid, draft(sooner)).after.reminders == 1
    assert compare(hybrid, draft(lambda data: data.pop("timers"))).after.reminders == 0


@pytest.mark.feature("F08")
def test_a_timer_that_would_have_been_faster_than_people_is_named(hybrid):
    def lapse_early(data):
        [state] = [one for one in data["states"] if one["name"] == "under_review"]
        state["timers"] = [{"name": "give_up", "after": "PT2H", "fire": "lapse"}]

    [one] = compare(hybrid, draft(lapse_early)).differences

    assert str(one.phrase) == "This would have come first: after 2 hours: the step “Lapsed”."


def ask_for_floor(data):
    floor = {"name": "floor", "type": "number", "required": True, "label": {"en": "Floor"}}
    data["request_form"].append(floor)


@pytest.mark.feature("F08")
def test_a_new_required_question_would_have_been_asked(hybrid):
    seen = compare(hybrid, draft(ask_for_floor))

    assert (seen.same, seen.differences) == (1, [])
    [one] = seen.asked_more
    assert str(one.phrase) == "It would have been asked for: Floor."


def test_a_question_for_others_would_not_have_been_asked(hybrid):
    def ask_some(data):
        floor = {"name": "floor", "type": "number", "required": True, "label": {"en": "Floor"}}
        data["request_form"].append({**floor, "visible_if": 'input.kind == "issue"'})

    assert compare(hybrid, draft(ask_some)).asked_more == []


@pytest.mark.feature("F08")
def test_a_new_condition_on_what_is_still_known_counts(hybrid):
    def only_urgent(data):
        [decline] = [one for one in data["transitions"] if one["trigger"] == "decline"]
        why = dict.fromkeys(data["languages"], "Only urgent ones")
        decline["conditions"] = [{"if": 'request.urgency == "urgent"', "message": why}]

    [one] = compare(hybrid, draft(only_urgent)).differences

    assert str(one.phrase) == "“Decline” would not have been possible: Only urgent ones"


def test_a_new_condition_on_handing_in_counts(hybrid):
    def only_urgent(data):
        why = dict.fromkeys(data["languages"], "Only urgent ones")
        data["submit"]["conditions"] = [{"if": 'request.urgency == "urgent"', "message": why}]

    [one] = compare(hybrid, draft(only_urgent)).differences

    assert "could not have been handed in: Only urgent ones" in str(one.phrase)


def test_a_condition_on_what_nobody_knows_any_more_is_left_out(hybrid):
    def only_free(data):
        [decline] = [one for one in data["transitions"] if one["trigger"] == "decline"]
        why = dict.fromkeys(data["languages"], "Taken")
        decline["conditions"] = [{"if": "!facts.slot_free", "message": why}]

    assert compare(hybrid, draft(only_free)).differences == []


def test_asking_changes_nothing(hybrid):
    session = hybrid.enter()
    count = [session.scalar(select(func.count(model.id))) for model in (Event, OutboxMessage)]

    compare(hybrid, draft())

    assert count == [
        session.scalar(select(func.count(model.id))) for model in (Event, OutboxMessage)
    ]


@pytest.mark.feature(188)
def test_only_an_owner_may_ask(hybrid):
    with pytest.raises(Forbidden):
        compare(hybrid, draft(), actor=hybrid.dispatcher)


def test_older_requests_are_left_out(hybrid):
    hybrid.hand_in(at=clock.now() - timedelta(days=91))

    assert compare(hybrid, draft()).records == 1


def test_a_thousand_requests_are_compared_in_two_seconds(hybrid, monkeypatch):
    [past] = what_if._histories(
        hybrid.enter(), "hybrid", "request", since=clock.now() - timedelta(days=20)
    )
    monkeypatch.setattr(what_if, "_histories", lambda *_args, **_more: [past] * 1000)
    before = process_time()

    assert len(compare(hybrid, draft(ask_for_floor)).asked_more) == 1000
    assert process_time() - before < 2
