"""A step's whole input: the transition's own fields and its registered form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import registry
from workflows.catalogue import FormSpec, SpecField
from workflows.fields import Cleaned, Wrong, clean_form, is_blank, parse_value
from workflows.problems import N_
from workflows.schema import Transition


def clean_input(
    transition: Transition, given: Mapping[str, Any], context: Mapping[str, Any], *, zone: str
) -> Cleaned:
    """Return a transition's typed input and what is wrong with it, by field.

    Dotted keys (``job.starts_at``) and nested ones (``{"job": {"starts_at": …}}``) are the
    same; what no field asks for is dropped.
    """
    nested = _nested(given)
    cleaned = clean_form(transition.fields, nested, context, zone=zone)
    form = registry.forms().get(transition.form) if transition.form else None
    if form is None:
        return cleaned
    part = nested.get(form.key)
    below = _clean_registered(form, part if isinstance(part, Mapping) else {}, zone)
    return Cleaned({**cleaned.values, form.key: below.values}, {**cleaned.wrong, **below.wrong})


def _clean_registered(form: FormSpec, given: Mapping[str, Any], zone: str) -> Cleaned:
    values: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for one in form.fields:
        try:
            values[one.name] = _registered_value(one, given.get(one.name), zone)
        except ValueError as error:
            why = getattr(error, "wrong", Wrong(N_("This value is not possible.")))
            wrong[f"{form.key}.{one.name}"] = why
    return Cleaned(values, wrong)


def _registered_value(one: SpecField, raw: Any, zone: str) -> Any:
    if one.many:
        items = raw if isinstance(raw, list | tuple) else [raw]
        return [_item(one, item, zone) for item in items[:200] if not is_blank(item)]
    if is_blank(raw):
        if one.required:
            raise _Missing
        return None
    return parse_value(one.type, raw, zone=zone)


def _item(one: SpecField, item: Any, zone: str) -> Any:
    """A row of several values (a part and its quantity) is checked by the form's own service."""
    return item if isinstance(item, Mapping) else parse_value(one.type, item, zone=zone)


class _Missing(ValueError):
    wrong = Wrong(N_("This field is required."))


def _nested(given: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in given.items():
        head, dot, rest = key.partition(".")
        if dot:
            below = result.get(head)
            result[head] = {**(below if isinstance(below, Mapping) else {}), rest: value}
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = {**value, **result[key]}
        else:
            result[key] = value
    return result
