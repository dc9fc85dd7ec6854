"""Effects: known names, checked parameters, references that lead somewhere."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from pydantic import ValidationError

from workflows import registry
from workflows.catalogue import FactType, Params, SendMessage
from workflows.problems import N_
from workflows.schema import Definition, EffectUse, Transition
from workflows.verifier.expressions import unknown_path
from workflows.verifier.finding import Finding, Findings, Path, found
from workflows.vocabulary import known_facts


def effect_findings(definition: Definition) -> Findings:
    """Yield E16, E17, and E14 and E15 for references."""
    facts = known_facts(definition)
    for path, use in definition.effect_uses():
        transition = sender(definition, path)
        yield from _use(definition, path, use, _reachable(facts, definition, transition))
    for index, transition in enumerate(definition.transitions):
        if transition.form is not None and transition.form not in registry.forms():
            yield found(
                "E16",
                ("transitions", index, "form"),
                N_("There is no form '%(form)s'; use one of: %(known)s."),
                form=transition.form,
                known=", ".join(sorted(registry.forms())),
            )


def sender(definition: Definition, path: Path) -> Transition | None:
    """Return the transition an effect belongs to, None for submit and timers."""
    index = path[1]
    is_step = path[0] == "transitions" and isinstance(index, int)
    return definition.transitions[int(index)] if is_step else None


def parameters(use: EffectUse) -> Params | None:
    """Return an effect's checked parameters, None when they are wrong."""
    spec = registry.effects().get(use.name)
    if spec is None:
        return None
    try:
        return spec.params.model_validate(use.params)
    except ValidationError:
        return None


def _reachable(
    facts: Mapping[str, FactType], definition: Definition, transition: Transition | None
) -> Mapping[str, FactType | None]:
    if transition is None:
        return facts
    known: dict[str, FactType | None] = dict(known_facts(definition, transition))
    form = registry.forms().get(transition.form) if transition.form else None
    if form is not None:
        known[f"input.{form.key}"] = None
    return known


def _use(
    definition: Definition, path: Path, use: EffectUse, known: Mapping[str, FactType | None]
) -> Findings:
    spec = registry.effects().get(use.name)
    if spec is None:
        yield _unknown(path, use)
        return
    if spec.subjects is not None and definition.subject not in spec.subjects:
        yield found(
            "E16",
            path,
            N_("'%(effect)s' has no meaning for a record of kind %(subject)s; remove it."),
            effect=use.name,
            subject=definition.subject,
        )
        return
    try:
        params = spec.params.model_validate(use.params)
    except ValidationError as error:
        yield from _wrong_parameters(path, use, error)
        return
    yield from _references(path, params, known)
    if isinstance(params, SendMessage) and params.message not in definition.messages:
        yield found(
            "E17",
            path,
            N_("There is no message '%(message)s'; add it under 'messages'."),
            message=params.message,
        )


def _unknown(path: Path, use: EffectUse) -> Finding:
    close = difflib.get_close_matches(use.name, registry.effects(), n=1)
    if close:
        msgid = N_("There is no effect '%(effect)s'; did you mean '%(guess)s'?")
        return found("E16", path, msgid, effect=use.name, guess=close[0])
    return found(
        "E16", path, N_("There is no effect '%(effect)s'; use a known one."), effect=use.name
    )


def _wrong_parameters(path: Path, use: EffectUse, error: ValidationError) -> Findings:
    for detail in error.errors(include_url=False)[:5]:
        name = str(detail["loc"][0]) if detail["loc"] else "?"
        if detail["type"] == "extra_forbidden":
            msgid = N_("'%(effect)s' has no parameter '%(name)s'; remove it.")
            yield found("E16", path, msgid, effect=use.name, name=name)
        elif detail["type"] == "missing":
            msgid = N_("'%(effect)s' needs the parameter '%(name)s'; add it.")
            yield found("E16", path, msgid, effect=use.name, name=name)
        else:
            said = detail["msg"].removeprefix("Value error, ")[:200]
            msgid = N_("The parameter '%(name)s' of '%(effect)s' is wrong: %(said)s.")
            yield found("E16", path, msgid, effect=use.name, name=name, said=said)


def _references(path: Path, params: Params, known: Mapping[str, FactType | None]) -> Findings:
    for name, wanted in params.references.items():
        to = getattr(params, name)
        if to is None:
            continue
        if to not in known:
            yield unknown_path(path, to, {key: kind or "text" for key, kind in known.items()})
        elif wanted is not None and known[to] != wanted:
            yield found(
                "E16",
                path,
                N_("'%(to)s' holds a value of type %(kind)s where %(wanted)s is needed; name "
                   "another."),
                to=to,
                kind=known[to] or "form",
                wanted=wanted,
            )  # fmt: skip
