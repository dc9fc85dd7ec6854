"""What stands on each form page of a workflow, and what it may choose from."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from admin_views.workflow_desk import Desk, Sheet
from app.errors import NotFound
from app.services import (
    workflow_basics,
    workflow_facts,
    workflow_fields,
    workflow_insert,
    workflow_questions,
    workflow_rules,
    workflow_states,
    workflow_steps,
    workflow_timers,
    workflow_tree,
)
from app.services.workflow_effects import NEW
from app.services.workflow_forms import put, state_at
from app.services.workflow_tree import Pen, Tree
from app.web.words import said
from workflows import fact_names, names, registry
from workflows.phrases import Phrase
from workflows.schema import Transition


def insert() -> Sheet:
    """Return the page that adds a state between two others."""
    return Sheet(
        lambda desk: workflow_insert.blank(list(desk.definition.languages)),
        lambda pen, tree, desk: workflow_insert.insert_step(pen, tree, desk.zone),
    )


def state(which: str | None) -> Sheet:
    """Return the page of a state, or of a new one. Reading raises NotFound."""

    def read(desk: Desk) -> Tree:
        if which is None:
            return {"waiting_on": "dispatcher"}
        return workflow_states.state_tree(desk.data, state_at(desk.data, which))

    return Sheet(
        read,
        lambda pen, tree, desk: workflow_states.write_state(pen, tree, desk.effects(), which),
    )


def step(number: int | None, begins: str) -> Sheet:
    """Return the page of a step, or of a new one. Reading raises NotFound."""

    def read(desk: Desk) -> Tree:
        if number is None:
            return {"source": [begins], "style": "secondary"}
        found = workflow_steps.step_at(desk.data, number)
        return workflow_steps.step_tree(found, desk.known(way_of(desk, number)))

    def write(pen: Pen, tree: Tree, desk: Desk) -> object:
        known = desk.known(way_of(desk, number))
        return workflow_steps.write_step(pen, tree, known, number)

    return Sheet(read, write)


def form() -> Sheet:
    """Return the page of the request form. Reading raises NotFound for other records."""

    def read(desk: Desk) -> Tree:
        if desk.definition.subject != "request":
            raise NotFound("form")
        return workflow_questions.form_tree(desk.data, _questions(desk))

    def pressed(tree: Tree, do: str) -> None:
        action, _, name = do.partition(":")
        if action == "ask":
            workflow_questions.add(tree, name or workflow_tree.text(tree, "more"))
        else:
            workflow_tree.press(tree, do)

    return Sheet(
        read,
        lambda pen, tree, desk: workflow_questions.write_form(pen, tree, _questions(desk)),
        pressed,
    )


def timers() -> Sheet:
    """Return the page of the reminders that count over several states."""

    def write(pen: Pen, tree: Tree, desk: Desk) -> None:
        made = workflow_timers.write_timers(pen, tree, desk.effects(), over_states=True)
        put(pen.data, "timers", made)

    return Sheet(lambda desk: {"timers": workflow_timers.trees(desk.data.get("timers", []))}, write)


def submit() -> Sheet:
    """Return the page of handing in."""
    return Sheet(
        lambda desk: workflow_basics.submit_tree(desk.data, desk.known()),
        lambda pen, tree, desk: workflow_basics.write_submit(pen, tree, desk.known()),
    )


def basics() -> Sheet:
    """Return the page of name, languages, roles and first state."""
    return Sheet(
        lambda desk: workflow_basics.basics_tree(desk.data),
        lambda pen, tree, _desk: workflow_basics.write_basics(pen, tree),
    )


def way_of(desk: Desk, number: int | None) -> Transition | None:
    """Return the step at a place; a new one is the last, once it is being typed."""
    ways = desk.definition.transitions
    if number is not None:
        return ways[number] if number < len(ways) else None
    return ways[-1] if len(ways) > len(desk.data.get("transitions", [])) else None


def _questions(desk: Desk) -> workflow_questions.Known:
    return workflow_questions.Known(desk.facts_before, desk.zone)


def grouped(facts: workflow_facts.Facts) -> list[tuple[Phrase, list[workflow_facts.Fact]]]:
    """Return facts under their headings, as a list to choose from shows them."""
    order = list(fact_names.GROUPS)
    ordered = sorted(facts.values(), key=lambda one: order.index(fact_names.group_of(one.path)))
    return [
        (Phrase(fact_names.GROUPS[name]), list(each))
        for name, each in groupby(ordered, key=lambda one: fact_names.group_of(one.path))
    ]


def _effects(desk: Desk, way: Transition | None = None) -> dict[str, Any]:
    offers = desk.effects(way)
    return {
        "offers": offers,
        "offer_choices": [(one.name, one.words) for one in offers.values()],
        "units": workflow_timers.UNITS,
        "new_message": NEW,
    }


def _rules(facts: workflow_facts.Facts) -> dict[str, Any]:
    return {
        "facts": facts,
        "fact_groups": grouped(facts),
        "operators": workflow_rules.OPERATOR_WORDS,
        "without_value": workflow_rules.WITHOUT_VALUE,
    }


def _for_insert(desk: Desk, _tree: Tree) -> dict[str, Any]:
    return {"types": workflow_fields.STEP_TYPES, "type_words": names.TYPES, "rules": _rules({})}


def _for_state(desk: Desk, _tree: Tree, which: str | None) -> dict[str, Any]:
    return {"name": which, "fires": _fired(desk, which), **_effects(desk)}


def _for_step(desk: Desk, _tree: Tree, number: int | None) -> dict[str, Any]:
    way = way_of(desk, number)
    answers = desk.facts(way)
    form = registry.forms().get(way.form) if way and way.form else None
    return {
        "way": desk.definition.transitions[number] if number is not None else None,
        "asked": {path[6:]: fact.words for path, fact in answers.items() if path[:6] == "input."},
        "forms": [(one, names.named(names.FORMS, one)) for one in registry.forms()],
        "form_fields": form,
        "types": workflow_fields.STEP_TYPES,
        "type_words": names.TYPES,
        "plain": _rules(desk.facts()),
        "rules": _rules(answers),
        **_effects(desk, way),
    }


def _for_form(desk: Desk, tree: Tree) -> dict[str, Any]:
    before = [_rules(desk.facts_before(number)) for number in range(len(tree.get("items", [])))]
    return {
        "before": before,
        "unused": [(one, names.QUESTIONS[one]) for one in workflow_questions.unused(tree)],
        "choices": workflow_questions.CHOICES,
        "modes": workflow_questions.MODES,
        "question_words": names.QUESTIONS,
        "value_choices": _value_choices,
        "value_words": lambda values: [said(words) for _, words in _value_choices(values)],
        "types": workflow_fields.FORM_TYPES,
        "type_words": names.TYPES,
        "form": desk.definition.request_form,
        "rules": _rules({}),
    }


def _value_choices(values: Sequence[str]) -> list[tuple[str, Any]]:
    return [(one, names.named(names.VALUES, one)) for one in values]


def _for_timers(desk: Desk, _tree: Tree) -> dict[str, Any]:
    return {"fires": _fired(desk, None), **_effects(desk)}


def _for_submit(desk: Desk, _tree: Tree) -> dict[str, Any]:
    return {"rules": _rules(desk.facts()), **_effects(desk)}


def _for_basics(desk: Desk, _tree: Tree) -> dict[str, Any]:
    return {"staff": workflow_basics.STAFF}


def _fired(desk: Desk, which: str | None) -> list[tuple[str, Any]]:
    """Return the steps Callout may take by itself: those of the state first."""
    ways = [one for one in desk.definition.transitions if "system" in one.roles]
    here = [one for one in ways if which in one.source]
    found = dict.fromkeys(one.trigger for one in (*here, *ways))
    return [(one, names.step(desk.definition, one)) for one in found]


CONTEXT: Mapping[str, Callable[..., dict[str, Any]]] = {
    "insert": _for_insert,
    "state": _for_state,
    "step": _for_step,
    "form": _for_form,
    "timers": _for_timers,
    "submit": _for_submit,
    "basics": _for_basics,
}
