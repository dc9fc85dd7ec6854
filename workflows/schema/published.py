"""The JSON Schema of the language, for editors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from workflows.schema.definition import Definition

_CASE_STEP = {
    "description": "A trigger taken by a role, or time that passes.",
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {"wait": {"type": "string"}},
    "additionalProperties": {"type": "object", "required": ["as"]},
}


def _effect() -> dict[str, Any]:
    from workflows import registry  # it needs the schema to declare its specs

    specs = registry.effects().values()
    return {
        "description": "One effect: its name, then its parameters.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {spec.name: {"anyOf": [{"type": "null"}, _parameters(spec.params)]}
                       for spec in specs},
    }  # fmt: skip


def _parameters(params: type[BaseModel]) -> dict[str, Any]:
    schema = params.model_json_schema(by_alias=True)
    for name in ("to",):  # one recipient may stand without a list around it
        if name in schema.get("properties", {}):
            schema["properties"][name] = {"anyOf": [{"type": "string"}, schema["properties"][name]]}
    return schema


def language_schema() -> dict[str, Any]:
    """Return the JSON Schema of a definition (draft 2020-12), unknown keys refused."""
    schema = Definition.model_json_schema(by_alias=True, mode="validation")
    # These two are written as one-key mappings, which pydantic can't see.
    schema["$defs"]["EffectUse"] = _effect()
    schema["$defs"]["CaseStep"] = _CASE_STEP
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Workflow definition"
    return schema
