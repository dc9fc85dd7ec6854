"""Words: every text in every language the definition speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.problems import N_
from workflows.schema import Condition, Definition, FormField, Validator
from workflows.verifier.finding import Findings, Path, found

Texts = Iterable[tuple[Path, Mapping[str, str] | None]]


def text_findings(definition: Definition) -> Findings:
    """Yield E10."""
    for path, text in _texts(definition):
        if text is None:
            continue
        for language in definition.languages:
            if not text.get(language, "").strip():
                yield found(
                    "E10",
                    path,
                    N_("This text is missing in '%(language)s'; add it."),
                    language=language,
                )


def _texts(definition: Definition) -> Texts:
    yield ("title",), definition.title
    for index, item in enumerate(definition.request_form):
        path: Path = ("request_form", index)
        if isinstance(item, FormField):
            yield from _field_texts(path, item)
        else:
            yield (*path, "label"), item.label
            yield (*path, "help"), item.help
    yield from _conditions(("submit", "conditions"), definition.submit.conditions)
    for index, state in enumerate(definition.states):
        path = ("states", index)
        yield (*path, "label"), state.label
        yield (*path, "customer_label"), state.customer_label
        yield (*path, "meaning"), state.meaning
    yield from _transition_texts(definition)


def _transition_texts(definition: Definition) -> Texts:
    for index, transition in enumerate(definition.transitions):
        path: Path = ("transitions", index)
        yield (*path, "label"), transition.label
        yield (*path, "confirm"), transition.confirm
        yield (*path, "help"), transition.help
        for number, field in enumerate(transition.fields):
            yield from _field_texts((*path, "fields", number), field)
        yield from _conditions((*path, "conditions"), transition.conditions)
        yield from _conditions((*path, "validators"), transition.validators)


def _field_texts(path: Path, field: FormField) -> Texts:
    yield (*path, "label"), field.label
    yield (*path, "help"), field.help
    for number, choice in enumerate(field.choices):
        yield (*path, "choices", number, "label"), choice.label


def _conditions(path: Path, conditions: Iterable[Condition | Validator]) -> Texts:
    for number, condition in enumerate(conditions):
        yield (*path, number, "message"), condition.message
