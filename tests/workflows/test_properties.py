"""Whatever the definition: reading never raises, and what verifies clean can be finished."""

import contextlib
import copy
import json
from itertools import product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.workflows.conftest import NOON, SMALL, defined
from workflows import document, machine, rules
from workflows.conditions import CONDITIONS, BadExpression
from workflows.library import definition as shipped
from workflows.simulator import Simulation
from workflows.verifier import verify

TEXT = {"en": "Text"}
ROLES = ("customer", "dispatcher", "system")
CONDITION = st.sampled_from(["facts.slot_free", "facts.has_active_plan", "customer.onboarded"])
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def workflows(draw):
    """Draw a definition: a random graph whose steps have random roles, conditions and timers."""
    count = draw(st.integers(2, 7))
    names = [f"s{number}" for number in range(count)]
    final = set(draw(st.lists(st.sampled_from(names[1:]), min_size=1, unique=True)))
    moves = []
    for number in range(draw(st.integers(count - 1, 3 * count))):
        conditions = draw(st.lists(CONDITION, max_size=2, unique=True))
        moves.append(
            {
                "trigger": f"t{draw(st.integers(0, number))}",
                "label": TEXT,
                "source": draw(st.sampled_from([name for name in names if name not in final])),
                "dest": draw(st.sampled_from(names)),
                "roles": draw(st.lists(st.sampled_from(ROLES), min_size=1, unique=True)),
                "conditions": [{"if": one, "message": TEXT} for one in conditions],
            }
        )
    states = [_state(draw, name, name in final, moves) for name in names]
    return {**copy.deepcopy(SMALL), "initial": "s0", "states": states, "transitions": moves}


def _state(draw, name, is_final, moves):
    state = {"name": name, "label": TEXT, "customer_label": TEXT, "final": is_final}
    fired = [one["trigger"] for one in moves
             if one["source"] == name and "system" in one["roles"]]  # fmt: skip
    if fired and draw(st.booleans()):
        rule = {"name": f"timer_{name}", "after": "PT1H", "fire": draw(st.sampled_from(fired))}
        state["timers"] = [rule]
    return state


def clean(data):
    definition = defined(data)
    assume(not [problem for problem in verify(definition) if problem.is_error])
    return definition


@QUICK
@given(data=workflows(), choices=st.lists(st.integers(0, 50), max_size=30))
def test_what_verifies_clean_never_sticks_and_can_always_be_finished(data, choices):
    definition = clean(data)
    simulation = Simulation(definition)
    assert simulation.submit()

    for choice in choices:
        if simulation.is_over:
            break
        live = [(one.transition.trigger, role) for role in ROLES
                for one in simulation.options(role) if one.refusal is None]  # fmt: skip
        assert live
        trigger, role = live[choice % len(live)]
        assert simulation.take(trigger, role, {})
        simulation.wait("PT10M")

    assert can_be_finished(definition, simulation.here)


def can_be_finished(definition, start):
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if definition.state(here).final:
            return True
        for dest in ways_out(definition, here) - seen:
            seen.add(dest)
            waiting.append(dest)
    return False


def ways_out(definition, here):
    """Return the states a step may lead to, whatever the facts turn out to be."""
    return {
        machine.step(definition, here, one.transition)
        for free, plan, onboarded in product((True, False), repeat=3)
        for role in ROLES
        for one in rules.options(definition, rules.Snapshot(here, role, {
            "facts": {"slot_free": free, "has_active_plan": plan},
            "customer": {"onboarded": onboarded}}, NOON))
        if one.refusal is None
    }  # fmt: skip


@QUICK
@given(data=workflows(), facts=st.dictionaries(
    st.sampled_from(["facts.slot_free", "facts.has_active_plan", "customer.onboarded"]),
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3))))  # fmt: skip
def test_a_button_is_live_exactly_when_its_step_would_be_taken(data, facts):
    definition = clean(data)
    simulation = Simulation(definition, facts)
    simulation.submit()
    snapshot = rules.Snapshot(simulation.here, "dispatcher", simulation._known, NOON)

    for one in rules.options(definition, snapshot):
        taken = rules.decide(definition, snapshot, one.transition.trigger, {})
        assert isinstance(taken, rules.Decision) == (one.refusal is None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@QUICK
@given(name=st.sampled_from(["hybrid", "job", "invoice"]), where=st.randoms(), value=JSON)
def test_a_definition_with_anything_anywhere_is_reported_never_raised(name, where, value):
    data = json.loads(shipped(name).canonical())
    here = data
    while True:
        key = where.choice(sorted(here) if isinstance(here, dict) else range(len(here)))
        if not isinstance(here[key], dict | list) or not here[key] or where.random() < 0.2:
            here[key] = value
            break
        here = here[key]

    found = document.read_data(data)

    problems = verify(found.definition) if found.definition else found.problems
    assert all(problem.sentence for problem in problems)
    assert found.definition or problems


@QUICK
@given(text=st.text(max_size=200) | st.text("abc:{}[]&*!|>'\"-#\n %@", max_size=200))
def test_any_text_can_be_read(text):
    assert document.read(text).problems


@QUICK
@given(text=st.text(max_size=60) | st.text("ab.()[]'\"<>=!&|1 +?:in", max_size=60))
def test_any_text_is_a_condition_or_refused(text):
    with contextlib.suppress(BadExpression):
        CONDITIONS.compile(text)

    assert CONDITIONS.evaluate(text, {}).holds in (True, False)
