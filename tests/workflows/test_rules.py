"""The decision: order of the checks, reasons, and buttons that never lie."""

import pytest

from tests.workflows.conftest import refused, taken
from workflows import rules


def with_condition(small, expression, number=0):
    small["transitions"][number]["conditions"] = [{"if": expression, "message": {"en": "No."}}]
    return small


def test_a_step_is_decided(small, define, seen):
    decision = taken(define(small), seen("submitted", "dispatcher"), "approve", {})

    assert decision.transition.dest == "approved"


@pytest.mark.parametrize(
    ("state", "role", "trigger", "code"),
    [
        ("submitted", "dispatcher", "explode", "unknown"),
        ("submitted", "customer", "approve", "role"),
        ("submitted", "nobody", "approve", "role"),
        ("approved", "customer", "approve", "role"),
        ("approved", "dispatcher", "approve", "state"),
        ("gone", "dispatcher", "approve", "state"),
        ("submitted", "dispatcher", "decline", "field"),
    ],
)
def test_a_refusal_says_which_check_failed(small, define, seen, state, role, trigger, code):
    why = refused(define(small), seen(state, role), trigger, {})

    assert why.code == code


@pytest.mark.feature(75)
@pytest.mark.parametrize(
    "reason", [None, "", "   \n\t ", "\u200b\u200b", "too short", "  short   "]
)
def test_a_blank_or_short_reason_is_refused(small, define, seen, reason):
    why = refused(define(small), seen("submitted", "dispatcher"), "decline", {"reason": reason})

    assert [(one.code, one.field) for one in why] == [("field", "reason")]


def test_conditions_come_before_fields(small, define, seen):
    definition = define(with_condition(small, "request.kind == 'issue'", number=1))

    why = refused(definition, seen("submitted", "dispatcher"), "decline", {})

    assert why.code == "condition"
    assert why[0].texts == {"en": "No."}


def test_an_error_in_a_condition_is_never_permission(small, define, seen):
    definition = define(with_condition(small, "1 / request.photos == 1"))
    snapshot = seen("submitted", "dispatcher", request={"photos": 0})

    why = refused(definition, snapshot, "approve", {})

    assert why.code == "condition"
    assert "Zero" in str(why[0].error)


def test_the_first_transition_whose_conditions_hold_is_taken(small, define, seen):
    small["transitions"].append({**small["transitions"][0], "dest": "declined"})
    definition = define(with_condition(small, "facts.slot_free"))
    snapshot = seen("submitted", "dispatcher", facts={"slot_free": False})

    decision = taken(definition, snapshot, "approve", {})

    assert decision.transition.dest == "declined"


def test_when_no_way_is_open_the_first_says_why(small, define, seen):
    small["transitions"].append(
        {**small["transitions"][0], "dest": "declined",
         "conditions": [{"if": "request.photos > 9", "message": {"en": "Second."}}]}
    )  # fmt: skip
    definition = define(with_condition(small, "facts.slot_free"))

    why = refused(definition, seen("submitted", "dispatcher"), "approve", {})

    assert [one.texts for one in why] == [{"en": "No."}]


def test_a_validator_checks_the_typed_value(small, define, seen):
    small["transitions"][1]["fields"].append(
        {"name": "until", "type": "datetime", "label": {"en": "Until"}}
    )
    small["transitions"][1]["validators"] = [
        {"if": "input.until > now", "field": "until", "message": {"en": "In the past."}}
    ]
    definition, snapshot = define(small), seen("submitted", "dispatcher")
    given = {"reason": "long enough for us"}

    late = refused(definition, snapshot, "decline", {**given, "until": "2029-01-01T00:00Z"})
    blank = taken(definition, snapshot, "decline", {**given, "until": ""})

    assert [(one.code, one.field) for one in late] == [("validator", "until")]
    assert blank.input["until"] is None


def test_what_no_field_asks_for_is_dropped(small, define, seen):
    given = {"reason": "long enough for us", "company_id": 7, "state": "approved"}

    decision = taken(define(small), seen("submitted", "dispatcher"), "decline", given)

    assert decision.input == {"reason": "long enough for us"}


def test_the_values_of_a_registered_form_stand_under_its_key(small, define, seen):
    small["transitions"][0]["form"] = "create_job"
    definition, snapshot = define(small), seen("submitted", "dispatcher")

    flat = taken(definition, snapshot, "approve", {"job.starts_at": "2030-01-05T09:00Z"})
    nested = taken(
        definition, snapshot, "approve", {"job": {"starts_at": "2030-01-05T09:00Z", "state": "x"}}
    )

    assert flat.input == nested.input
    assert flat.input["job"]["starts_at"].isoformat() == "2030-01-05T09:00:00+00:00"
    assert "state" not in flat.input["job"]


def test_a_wrong_value_of_a_registered_form_names_its_field(small, define, seen):
    small["transitions"][0]["form"] = "create_job"

    why = refused(
        define(small), seen("submitted", "dispatcher"), "approve", {"job.starts_at": "soon"}
    )

    assert [one.field for one in why] == ["job.starts_at"]


def test_a_button_is_grey_with_the_reason_its_step_would_give(small, define, seen):
    definition = define(with_condition(small, "request.photos > 0"))
    snapshot = seen("submitted", "dispatcher", request={"photos": 0})

    approve, decline = rules.options(definition, snapshot)

    assert approve.refusal == refused(definition, snapshot, "approve", {})[0]
    assert decline.refusal is None


def test_a_role_sees_no_button_of_another(small, define, seen):
    assert rules.options(define(small), seen("submitted", "customer")) == []
    assert rules.options(define(small), seen("approved", "dispatcher")) == []


def test_two_ways_of_one_trigger_are_one_button(small, define, seen):
    small["transitions"].append({**small["transitions"][0], "dest": "declined"})
    definition = define(with_condition(small, "facts.slot_free"))

    found = rules.options(definition, seen("submitted", "dispatcher", facts={"slot_free": False}))

    assert [(one.transition.trigger, one.transition.dest) for one in found] == [
        ("approve", "declined"),
        ("decline", "declined"),
    ]


def test_who_may_submit_is_asked_too(small, define, seen):
    small["submit"]["conditions"] = [{"if": "customer.onboarded", "message": {"en": "Not yet."}}]
    definition = define(small)

    assert rules.may_submit(definition, seen("", "system")).code == "role"
    assert rules.may_submit(definition, seen("", "customer")).code == "condition"
    assert not rules.may_submit(definition, seen("", "customer", customer={"onboarded": True}))


def test_the_facts_a_state_needs_are_known(small, define):
    definition = define(with_condition(small, "facts.slot_free && now > request.preferred_at"))

    assert rules.needed_facts(definition, "submitted") == {
        "facts.slot_free",
        "request.preferred_at",
    }
