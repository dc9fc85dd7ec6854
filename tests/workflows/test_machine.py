"""One machine a version, no callbacks, nothing kept."""

import gc

import pytest

from workflows import machine


def move(definition, trigger):
    return definition.candidates("submitted", trigger)[0]


def test_a_step_leads_to_its_destination(small, define):
    definition = define(small)

    assert machine.step(definition, "submitted", move(definition, "approve")) == "approved"


@pytest.mark.parametrize("state", ["approved", "nowhere"])
def test_a_step_from_elsewhere_is_refused(small, define, state):
    definition = define(small)

    with pytest.raises(machine.NoSuchStep):
        machine.step(definition, state, move(definition, "approve"))


def test_one_trigger_may_lead_to_two_states(small, define):
    small["transitions"].append({**small["transitions"][0], "dest": "declined"})
    definition = define(small)

    dests = [machine.step(definition, "submitted", way)
             for way in definition.candidates("submitted", "approve")]  # fmt: skip

    assert dests == ["approved", "declined"]


def test_equal_versions_share_one_machine_and_no_record_is_kept(small, define):
    one, two = define(small), define(small)
    machine.step(one, "submitted", move(one, "approve"))
    machine.step(two, "submitted", move(two, "approve"))

    assert machine._machine(machine._Key(one)) is machine._machine(machine._Key(two))
    assert machine._machine(machine._Key(one)).models == []
    gc.collect()
    assert not [item for item in gc.get_objects() if isinstance(item, machine._Marker)]


@pytest.mark.parametrize("name", ["os.system", "subprocess.getoutput", "builtins.print"])
def test_a_name_never_becomes_a_callback(small, define, name):
    definition = define(small)
    shut = machine._machine(machine._Key(definition))

    with pytest.raises(TypeError, match="no callbacks"):
        shut.resolve_callable(name, None)


def test_every_state_has_only_its_own_ways_out(small, define):
    assert not [name for name in machine._machine(machine._Key(define(small))).events
                if name.startswith("to_")]  # fmt: skip
