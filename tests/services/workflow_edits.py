"""Changes to definitions that tests of drafts and publishing make."""

from copy import deepcopy
from typing import Any

from workflows import document
from workflows.schema import Definition

NEEDS_QUOTE = {
    "name": "needs_quote",
    "label": {"en": "Needs quote", "es": "Pendiente de presupuesto", "de": "Angebot nötig"},
    "customer_label": {
        "en": "We are preparing your quote",
        "es": "Preparamos su presupuesto",
        "de": "Wir bereiten Ihr Angebot vor",
    },
    "waiting_on": "dispatcher",
}
ASK_FOR_QUOTE = {
    "trigger": "ask_for_quote",
    "label": {"en": "Ask for quote", "es": "Pedir presupuesto", "de": "Angebot anfordern"},
    "source": ["submitted"],
    "dest": "needs_quote",
    "roles": ["dispatcher", "owner"],
    "silent": True,
}


def data(definition: Definition) -> dict[str, Any]:
    """Return a definition as data to change."""
    return definition.as_data()


def with_quote(definition: Definition) -> dict[str, Any]:
    """Return the definition with «Needs quote» between the first state and the decision."""
    changed = data(definition)
    changed["states"].insert(1, deepcopy(NEEDS_QUOTE))
    changed["transitions"].append(deepcopy(ASK_FOR_QUOTE))
    for transition in changed["transitions"]:
        if transition["trigger"] in ("approve", "decline"):
            transition["source"] = [*listed(transition["source"]), "needs_quote"]
    return changed


def without_review(definition: Definition) -> dict[str, Any]:
    """Return the definition without the state «under review» and what leads to it."""
    changed = data(definition)
    changed["states"] = [one for one in changed["states"] if one["name"] != "under_review"]
    for transition in changed["transitions"]:
        sources = [name for name in listed(transition["source"]) if name != "under_review"]
        transition["source"] = sources
        if transition["dest"] == "under_review":
            transition["dest"] = "submitted"
    changed["transitions"] = [
        one for one in changed["transitions"] if one["source"] and one["trigger"] != "start_review"
    ]
    for timer in changed.get("timers", []):
        timer["while"] = [name for name in timer["while"] if name != "under_review"]
    changed["tests"] = []
    return changed


def yaml(changed: dict[str, Any]) -> str:
    """Return changed data as the YAML a draft holds."""
    read = document.read_data(changed)
    assert read.definition is not None, [one.sentence for one in read.problems]
    return document.write(read.definition)


def listed(value: str | list[str]) -> list[str]:
    """Return one or many as a list."""
    return [value] if isinstance(value, str) else list(value)
