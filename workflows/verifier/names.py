"""Names that stand twice, and questions nobody could answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from workflows import registry
from workflows.problems import N_
from workflows.schema import Definition, FormField
from workflows.verifier.finding import Findings, Path, found

_TWICE = N_("The name '%(name)s' stands twice; rename one of them.")
_NO_FILE = N_("Nobody can answer '%(name)s': ask for photos instead, or don't require the file.")


def name_findings(definition: Definition) -> Findings:
    """Yield E30 for each name that is not unique where it must be."""
    yield from _twice(("states",), (state.name for state in definition.states))
    yield from _twice((), (timer.name for _, timer in definition.all_timers()))
    asked = (
        item.name if isinstance(item, FormField) else item.field for item in definition.request_form
    )
    yield from _twice(("request_form",), asked)
    yield from _files(definition)
    for index, transition in enumerate(definition.transitions):
        names = [field.name for field in transition.fields]
        form = registry.forms().get(transition.form) if transition.form else None
        if form is not None:
            names.append(form.key)
        yield from _twice(("transitions", index, "fields"), names)


def _files(definition: Definition) -> Findings:
    """Yield E30 for each file the request form requires: no page takes one but as a photo."""
    for index, item in enumerate(definition.request_form):
        if isinstance(item, FormField) and item.type == "file" and item.required:
            yield found("E30", ("request_form", index, "required"), _NO_FILE, name=item.name)


def _twice(path: Path, names: Iterable[str]) -> Findings:
    for name, count in Counter(names).items():
        if count > 1:
            yield found("E30", path, _TWICE, name=name)
