"""The JSON Schema of the language, for editors."""

from __future__ import annotations

from typing import Any

from workflows.schema.definition import Definition

_EFFECT = {
    "description": "One effect: its name, then its parameters.",
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": {"type": ["object", "null"]},
}
_CASE_STEP = {
    "description": "A trigger taken by a role, or time that passes.",
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {"wait": {"type": "string"}},
    "additionalProperties": {"type": "object", "required": ["as"]},
}


def language_schema() -> dict[str, Any]:
    """Return the JSON Schema of a definition (draft 2020-12), unknown keys refused."""
    schema = Definition.model_json_schema(by_alias=True, mode="validation")
    # These two are written as one-key mappings, which pydantic can't see.
    schema["$defs"]["EffectUse"] = _EFFECT
    schema["$defs"]["CaseStep"] = _CASE_STEP
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Workflow definition"
    return schema
