"""Names that stand twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from workflows import registry
from workflows.problems import N_
from workflows.schema import Definition, FormField
from workflows.verifier.finding import Findings, Path, found

_TWICE = N_("The name '%(name)s' stands twice; rename one of them.")


def name_findings(definition: Definition) -> Findings:
    """Yield E30 for each name that is not unique where it must be."""
    yield from _twice(("states",), (state.name for state in definition.states))
    yield from _twice((), (timer.name for _, timer in definition.all_timers()))
    asked = (
        item.name if isinstance(item, FormField) else item.field for item in definition.request_form
    )
    yield from _twice(("request_form",), asked)
    for index, transition in enumerate(definition.transitions):
        names = [field.name for field in transition.fields]
        form = registry.forms().get(transition.form) if transition.form else None
        if form is not None:
            names.append(form.key)
        yield from _twice(("transitions", index, "fields"), names)


def _twice(path: Path, names: Iterable[str]) -> Findings:
    for name, count in Counter(names).items():
        if count > 1:
            yield found("E30", path, _TWICE, name=name)
