"""A definition as a drawing, in Mermaid's language."""

from __future__ import annotations

from workflows.schema import Definition, State, Transition


def mermaid(definition: Definition, *, language: str | None = None) -> str:
    """Return the state diagram, labelled in one language (the definition's first by default).

    Names get an ``s_`` in front: a state may be called ``end``, which Mermaid keeps for itself.
    """
    spoken = language or definition.languages[0]
    lines = ["stateDiagram-v2", "  direction LR"]
    lines += [f"  s_{state.name} : {_label(state, spoken)}" for state in definition.states]
    if definition.initial:
        lines.append(f"  [*] --> s_{definition.initial}")
    for transition in definition.transitions:
        lines += _arrows(transition, spoken)
    lines += [f"  s_{state.name} --> [*]" for state in definition.states if state.final]
    return "\n".join(lines) + "\n"


def _label(state: State, language: str) -> str:
    return _quiet(state.label.get(language, state.name))


def _arrows(transition: Transition, language: str) -> list[str]:
    words = _quiet(transition.label.get(language, transition.trigger))
    asked = " ?" if transition.conditions else ""
    said = f"{words}{asked} ({', '.join(transition.roles)})"
    return [f"  s_{source} --> s_{transition.dest} : {said}" for source in transition.source]


def _quiet(text: str) -> str:
    """Return a label without the signs that mean something to Mermaid, or to a page around it."""
    return " ".join("".join(" " if sign in _SIGNS else sign for sign in text).split())


_SIGNS = frozenset(":;#<>{}[]|\"'`\\%&")
