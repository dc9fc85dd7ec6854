"""Only declared names can be bound or used."""

import pytest

from workflows import registry
from workflows.catalogue import EffectSpec, FactSpec, NoParams, SpecField


@pytest.fixture(autouse=True)
def own_tables(monkeypatch):
    for name in ("_effects", "_facts", "_forms", "_effect_functions", "_fact_functions"):
        monkeypatch.setattr(registry, name, dict(getattr(registry, name)))
    monkeypatch.setattr(registry, "_effect_functions", {})
    monkeypatch.setattr(registry, "_fact_functions", {})


def test_a_function_is_bound_to_its_declared_effect():
    @registry.effect("create_job", phase="transaction", inverse="cancel_job")
    def create_job():
        return None

    assert registry.effect_function("create_job") is create_job
    assert "create_job" not in registry.unbound()


@pytest.mark.parametrize("name", ["os.system", "delete", "__class__", ""])
def test_an_undeclared_name_can_not_be_bound(name):
    with pytest.raises(registry.NotDeclared):
        registry.effect(name)
    with pytest.raises(registry.NotDeclared):
        registry.fact(name)


def test_what_a_binding_repeats_must_agree_with_the_spec():
    with pytest.raises(ValueError, match="declared otherwise"):
        registry.effect("create_job", phase="after_commit")
    with pytest.raises(ValueError, match="declared otherwise"):
        registry.effect("create_job", params=NoParams)


def test_two_functions_can_not_share_a_name():
    registry.fact("slot_free")(lambda moment: True)

    def other(moment):
        return False

    with pytest.raises(registry.AlreadyBound):
        registry.fact("slot_free")(other)


def test_an_unbound_name_is_not_called():
    with pytest.raises(registry.NotDeclared):
        registry.effect_function("create_job")
    with pytest.raises(registry.NotDeclared):
        registry.fact_function("slot_free")
    assert {"create_job", "facts.slot_free"} <= registry.unbound()


def test_more_can_be_declared():
    registry.declare_effect(EffectSpec("water_plants"))
    registry.declare_fact(FactSpec("is_raining", "bool"))
    registry.register_form("visit_report", (SpecField("grade", "number"),), key="report")

    assert registry.effects()["water_plants"].phase == "transaction"
    assert "is_raining" in registry.facts()
    assert registry.forms()["visit_report"].field("grade") == SpecField("grade", "number")
    with pytest.raises(registry.AlreadyBound):
        registry.declare_effect(EffectSpec("create_job"))
