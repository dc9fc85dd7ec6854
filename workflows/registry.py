"""The only effects, facts and forms there are: declared by spec, bound to functions by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from workflows.catalogue import (
    EFFECTS,
    FACTS,
    FORMS,
    EffectSpec,
    FactSpec,
    FormSpec,
    Params,
    Phase,
    SpecField,
)

Function = TypeVar("Function", bound=Callable[..., Any])

_effects: dict[str, EffectSpec] = {spec.name: spec for spec in EFFECTS}
_facts: dict[str, FactSpec] = {spec.name: spec for spec in FACTS}
_forms: dict[str, FormSpec] = {spec.name: spec for spec in FORMS}
_effect_functions: dict[str, Callable[..., Any]] = {}
_fact_functions: dict[str, Callable[..., Any]] = {}


class NotDeclared(LookupError):
    """A name that no spec declares was to be bound or used."""


class AlreadyBound(ValueError):
    """Two functions claim one name."""


def effect(
    name: str,
    *,
    params: type[Params] | None = None,
    phase: Phase | None = None,
    inverse: str | None = None,
) -> Callable[[Function], Function]:
    """Bind a function to a declared effect; what is repeated here must agree with the spec.

    Raises NotDeclared, AlreadyBound, and ValueError on a disagreement.
    """
    spec = _effects.get(name)
    if spec is None:
        raise NotDeclared(f"no effect '{name}' is declared; add its spec to the catalogue")
    for said, declared in ((params, spec.params), (phase, spec.phase), (inverse, spec.inverse)):
        if said is not None and said != declared:
            raise ValueError(f"effect '{name}' is declared otherwise: {declared}")
    return _binder(_effect_functions, name)


def fact(name: str) -> Callable[[Function], Function]:
    """Bind a function to a declared fact. Raises NotDeclared, AlreadyBound."""
    if name not in _facts:
        raise NotDeclared(f"no fact '{name}' is declared; add its spec to the catalogue")
    return _binder(_fact_functions, name)


def declare_effect(spec: EffectSpec) -> None:
    """Add an effect definitions may name. Raises AlreadyBound."""
    _declare(_effects, spec.name, spec)


def declare_fact(spec: FactSpec) -> None:
    """Add a fact conditions may read as ``facts.NAME``. Raises AlreadyBound."""
    _declare(_facts, spec.name, spec)


def register_form(name: str, fields: tuple[SpecField, ...], *, key: str) -> None:
    """Add a form transitions may name; its values are ``input.KEY``. Raises AlreadyBound."""
    _declare(_forms, name, FormSpec(name, key, fields))


def effects() -> Mapping[str, EffectSpec]:
    """Return every declared effect by name."""
    return MappingProxyType(_effects)


def facts() -> Mapping[str, FactSpec]:
    """Return every declared fact by name."""
    return MappingProxyType(_facts)


def forms() -> Mapping[str, FormSpec]:
    """Return every registered form by name."""
    return MappingProxyType(_forms)


def effect_function(name: str) -> Callable[..., Any]:
    """Return the function bound to an effect. Raises NotDeclared."""
    try:
        return _effect_functions[name]
    except KeyError:
        raise NotDeclared(f"effect '{name}' has no function") from None


def fact_function(name: str) -> Callable[..., Any]:
    """Return the function bound to a fact. Raises NotDeclared."""
    try:
        return _fact_functions[name]
    except KeyError:
        raise NotDeclared(f"fact '{name}' has no function") from None


def unbound() -> frozenset[str]:
    """Return the declared effects and facts that no function has been bound to yet."""
    return frozenset(_effects.keys() - _effect_functions.keys()) | frozenset(
        f"facts.{name}" for name in _facts.keys() - _fact_functions.keys()
    )


def _declare(table: dict[str, Any], name: str, spec: object) -> None:
    if name in table and table[name] != spec:
        raise AlreadyBound(f"'{name}' is declared already")
    table[name] = spec


def _binder(table: dict[str, Callable[..., Any]], name: str) -> Callable[[Function], Function]:
    def bind(function: Function) -> Function:
        known = table.get(name)
        if known is not None and known.__qualname__ != function.__qualname__:
            raise AlreadyBound(f"'{name}' is bound to {known.__qualname__} already")
        table[name] = function
        return function

    return bind
