"""Time, timers and the tests a definition brings along."""

import pytest

from workflows.calendars import Calendar
from workflows.cases import run_cases
from workflows.simulator import Simulation

TELL = {"send_message": {"message": "told", "to": "dispatchers"}}


@pytest.fixture
def timed(small, define):
    """Return a function that defines the small workflow with timers."""

    def make(*timers, top=()):
        small["messages"] = {"told": {"email": {"en": {"subject": "Hi", "body": "Hi"}}}}
        small["states"][0]["timers"] = list(timers)
        small["timers"] = list(top)
        small["transitions"].append(
            {"trigger": "lapse", "label": {"en": "Lapse"}, "source": "submitted",
             "dest": "declined", "roles": ["system"]}
        )  # fmt: skip
        return define(small)

    return make


def started(definition, **changes):
    simulation = Simulation(definition, **changes)
    simulation.submit()
    return simulation


def test_a_timer_with_effects_leaves_the_state_alone(timed):
    simulation = started(timed({"name": "t", "after": "PT2H", "effects": [TELL]}))

    simulation.wait("PT1H59M")
    before = list(simulation.effects)
    simulation.wait("PT1H")

    assert before == []
    assert simulation.effects == ["send_message:told"]
    assert simulation.here == "submitted"


def test_a_timer_that_fires_interrupts_the_state(timed):
    simulation = started(timed({"name": "t", "after": "PT2H", "fire": "lapse"}))
    simulation.wait("P1D")

    assert simulation.here == "declined"
    assert simulation.is_over


def test_a_timer_ends_with_its_state(timed):
    simulation = started(timed({"name": "t", "after": "PT2H", "effects": [TELL]}))
    simulation.take("approve", "dispatcher", {})
    simulation.wait("P9D")

    assert simulation.effects == []


def test_a_timer_repeats_as_often_as_it_says(timed):
    rule = {"name": "t", "after": "PT2H", "effects": [TELL], "repeat": "PT1H", "times": 3}
    simulation = started(timed(rule))
    simulation.wait("PT3H30M")
    early = len(simulation.effects)
    simulation.wait("P9D")

    assert (early, len(simulation.effects)) == (2, 3)


def test_entering_a_state_again_starts_its_timers_again(timed, small, define):
    timed({"name": "t", "after": "PT3H", "fire": "lapse"})
    small["transitions"].append(
        {"trigger": "again", "label": {"en": "Again"}, "source": "submitted",
         "dest": "submitted", "roles": ["dispatcher"]}
    )  # fmt: skip
    simulation = started(define(small))
    simulation.wait("PT2H")
    simulation.take("again", "dispatcher", {})
    simulation.wait("PT2H")

    assert simulation.here == "submitted"
    simulation.wait("PT2H")
    assert simulation.here == "declined"


def test_a_top_timer_counts_from_the_submission_and_only_in_its_states(timed):
    top = {"name": "t", "while": ["submitted"], "after": "PT2H", "effects": [TELL]}
    rung = started(timed(top=[top]))
    rung.wait("P9D")
    decided = started(rung.definition)
    decided.take("approve", "dispatcher", {})
    decided.wait("P9D")

    assert rung.effects == ["send_message:told"]
    assert decided.effects == []


def test_a_business_clock_rests_at_the_weekend(timed):
    from datetime import UTC, datetime, time

    friday = datetime(2030, 1, 4, 16, tzinfo=UTC)
    week = Calendar("UTC", tuple((day, time(9), time(17)) for day in range(5)))
    rule = {"name": "t", "after": "PT2H", "clock": "business", "effects": [TELL]}
    simulation = started(timed(rule), now=friday, calendar=week)

    simulation.wait("P2D")
    assert simulation.effects == []
    simulation.wait("P1D")
    assert simulation.effects == ["send_message:told"]


def test_a_chain_that_runs_by_itself_is_stopped(small, define):
    for name, other in (("ping", "pong"), ("pong", "ping")):
        small["states"].append(
            {"name": name, "label": {"en": name}, "customer_label": {"en": "Received"},
             "timers": [{"name": f"t_{name}", "after": "PT1S", "fire": "bounce"}]}
        )  # fmt: skip
        small["transitions"].append(
            {"trigger": "bounce", "label": {"en": "Bounce"}, "source": name, "dest": other,
             "roles": ["system"]}
        )  # fmt: skip
    small["transitions"].append(
        {"trigger": "bounce", "label": {"en": "Bounce"}, "source": "submitted", "dest": "ping",
         "roles": ["dispatcher"]}
    )  # fmt: skip
    simulation = started(define(small))
    simulation.take("bounce", "dispatcher", {})

    simulation.wait("P30D")

    assert simulation._entry == 22  # submitted, bounced by hand, then 20 steps nobody took


def test_one_record_sends_no_more_messages_than_its_budget(timed):
    rule = {"name": "t", "after": "PT1H", "effects": [TELL] * 20, "repeat": "PT1H", "times": 20}
    simulation = started(timed(rule))
    simulation.wait("P9D")

    assert len(simulation.effects) == 60


def results(small, define, *cases):
    small["tests"] = list(cases)
    return [(one.is_green, one.sentence) for one in run_cases(define(small))]


def test_a_red_test_says_what_came_instead(small, define):
    found = results(
        small,
        define,
        {"name": "green", "when": [{"approve": {"as": "dispatcher"}}],
         "then": {"state": "approved"}},
        {"name": "state", "then": {"state": "approved"}},
        {"name": "effects", "then": {"state": "submitted", "effects": ["create_job"]}},
        {"name": "refused", "when": [{"approve": {"as": "customer"}}],
         "then": {"state": "submitted"}},
        {"name": "taken", "when": [{"approve": {"as": "dispatcher"}}],
         "then": {"state": "approved", "refused": "role"}},
        {"name": "early", "when": [{"approve": {"as": "customer"}}, {"wait": "PT1H"}],
         "then": {"state": "submitted", "refused": "role"}},
        {"name": "time", "given": {"now": "soon"}, "then": {"state": "submitted"}},
    )  # fmt: skip

    assert [green for green, _ in found] == [True, False, False, False, False, False, False]
    words = ["", "it is 'submitted'", "create_job", "Your role", "was taken", "Your role", "read"]
    assert all(word in sentence for word, (_, sentence) in zip(words, found, strict=True))


def test_a_test_may_say_who_submits(small, define):
    small["submit"]["roles"] = ["dispatcher"]

    assert results(
        small, define,
        {"name": "t", "given": {"as": "customer"}, "then": {"state": "submitted"}},
    )[0][0] is False  # fmt: skip
