"""Each setting that shapes form or steps, changed alone on every shipped way of taking requests."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Conflict, Invalid
from app.services import draft_edits, draft_pieces
from app.services.draft_edits import KEYS, MANY, NUMBER
from workflows.document import read, write
from workflows.library import definition
from workflows.verifier import verify

PRESETS = list(draft_pieces.REQUESTS)
NEEDS_COUNTER = ("counter.rounds", "counter.no")
NEEDS_REMINDER = ("reminder.clock", "reminder.repeat")


def possible_values(key):
    if key.kind == NUMBER:
        return [str(n) for n in sorted({key.low, 1, 3, 24, key.high}) if key.low <= n <= key.high]
    if key.kind == MANY:
        sizes = range(1, len(key.values) + 1)
        return [",".join(some) for n in sizes for some in itertools.combinations(key.values, n)]
    return list(key.values)


EVERY_EDIT = [
    (preset, key.name, value)
    for preset in PRESETS
    for key in KEYS.values()
    for value in possible_values(key)
]


def apply(known, name, value):
    return draft_edits.apply(known, name, value, draft_pieces.donors(known))


def why_not(preset, name, value):
    known = definition(preset)
    if name in NEEDS_COUNTER and not known.has_state("counter_proposed"):
        return "counter-proposals on first"
    if name in NEEDS_REMINDER and not known.timers and value != "0":
        return "reminder on first"
    if (
        name == "service.listed"
        and value == "catalog"
        and KEYS["service.list"].read(known) == "hidden"
    ):
        return "no list of services"
    return "nothing would ask" if value == "hidden" and is_all_that_asks(known, name) else None


def is_all_that_asks(known, name):
    if any(getattr(one, "field", "") == "description" for one in known.request_form):
        return False
    asked = {key for key in ("service.list", "service.free_text", "service.category")
             if KEYS[key].read(known) != "hidden"}  # fmt: skip
    return asked == {name}


@pytest.mark.feature("C1", "C2", "C3", "C4", "C9", "C12", "C13", "C14", "C15", "C16")
@pytest.mark.feature("C17", "C18", "C19", "C20", "C22", "C23")
@pytest.mark.parametrize(("preset", "name", "value"), EVERY_EDIT)
def test_each_edit_of_each_preset_verifies_clean_or_says_why_not(preset, name, value):
    known = definition(preset)
    if reason := why_not(preset, name, value):
        with pytest.raises(Conflict, match=reason):
            apply(known, name, value)
        return

    edited = apply(known, name, value).definition

    assert [problem.format(preset) for problem in verify(edited)] == []
    assert KEYS[name].read(edited) == value
    assert apply(edited, name, value).definition == edited
    assert read(write(edited)).definition == edited
    assert edited.tests


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", [key.name for key in KEYS.values()])
def test_an_edit_touches_no_other_setting(preset, name):
    known = definition(preset)
    family = name.split(".")[0]
    for value in possible_values(KEYS[name]):
        if why_not(preset, name, value) is None:
            changed = draft_edits.changed(known, apply(known, name, value).definition)
            assert {one.split(".")[0] for one, _, _ in changed} <= {family}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", ["photos", "urgency", "contact", "counter", "cancel", "quote",
                                  "reminder.hours", "submit.customer", "kinds"])  # fmt: skip
def test_an_edit_taken_back_leaves_what_was(preset, name):
    known = definition(preset)
    before = KEYS[name].read(known)

    for value in possible_values(KEYS[name]):
        there = apply(known, name, value).definition
        back = draft_edits.apply(there, name, before, draft_pieces.donors(known)).definition
        assert {**back.as_data(), "tests": 0} == {**known.as_data(), "tests": 0}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PRESETS), st.lists(st.sampled_from(EVERY_EDIT), min_size=2, max_size=6))
def test_edits_one_after_the_other_stay_clean(preset, edits):
    known = definition(preset)
    for _, name, value in edits:
        try:
            known = apply(known, name, value).definition
        except Conflict:
            continue
        assert [problem.format(preset) for problem in verify(known) if problem.is_error] == []


def test_a_test_of_the_definition_follows_the_effects():
    edited = apply(definition("service_request"), "submit.artefact", "lead").definition

    case = next(one for one in edited.tests if one.name.startswith("approved"))
    assert case.then.effects[0] == "create_lead"


@pytest.mark.parametrize(
    ("name", "value"),
    [("under_review", "off"), ("reviewers", "owner"), ("counter.rounds", "5"),
     ("reminder.hours", "999"), ("reminder.clock", "business"), ("submit.artefact", "none")],
)  # fmt: skip
def test_tests_that_can_be_kept_right_are_kept(name, value):
    known = definition("online_booking")

    edited = apply(known, name, value)

    assert list(edited.dropped) == []
    assert len(edited.definition.tests) >= len(known.tests)


def test_a_test_about_what_is_gone_is_dropped_and_named():
    edited = apply(definition("hybrid"), "counter", "off")

    assert list(edited.dropped) == ["another time is proposed and accepted"]
    assert "accept" not in {way.trigger for way in edited.definition.transitions}
    assert "booking.counter_proposed" not in edited.definition.messages


def test_the_hours_of_a_reminder_are_named_in_its_words():
    edited = apply(definition("online_booking"), "reminder.hours", "24").definition

    words = edited.messages["booking.unanswered"].email
    assert words["en"].subject.startswith("Waiting 24 hours")
    assert words["de"].subject.startswith("Seit 24 Stunden")
    assert edited.timers[0].after == "PT24H"


def test_owners_words_are_kept_where_the_setting_does_not_need_others():
    data = definition("hybrid").as_data()
    state = next(one for one in data["states"] if one["name"] == "approved")
    state["customer_label"] = dict.fromkeys(("en", "es", "de"), "All set!")
    own = read(write(type(definition("hybrid")).model_validate(data))).definition

    edited = apply(own, "approve.mode", "estimate").definition

    assert edited.state("approved").customer_label["en"] == "All set!"


def test_pieces_come_in_the_languages_of_the_draft():
    data = definition("service_request").as_data()
    english = type(definition("hybrid")).model_validate(_only_english(data))

    edited = apply(english, "counter", "on").definition

    assert set(edited.state("counter_proposed").label) == {"en"}
    assert [one for one in verify(edited) if one.is_error] == []


def test_a_workflow_without_approve_says_why_it_can_not_take_the_change():
    data = definition("service_request").as_data()
    data["transitions"][0]["trigger"] = "take_on"
    own = type(definition("hybrid")).model_validate({**data, "tests": []})

    with pytest.raises(Conflict, match="no step called approve"):
        apply(own, "approve.mode", "estimate")


@pytest.mark.parametrize(
    ("name", "value"), [("photos", "21"), ("photos", "x"), ("urgency", "maybe"), ("kinds", "")]
)
def test_a_value_that_is_none_is_refused_at_its_field(name, value):
    with pytest.raises(Invalid) as caught:
        apply(definition("hybrid"), name, value)

    assert set(caught.value.fields) == {name}


def _only_english(part):
    if isinstance(part, list):
        return [_only_english(item) for item in part if item not in ("de", "es")]
    if not isinstance(part, dict):
        return part
    kept = {"en"} if set(part) == {"en", "es", "de"} else set(part)
    return {key: _only_english(item) for key, item in part.items() if key in kept}
