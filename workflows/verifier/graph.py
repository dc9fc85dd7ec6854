"""The drawing: states nobody reaches, leaves or finishes, and triggers that mean two things."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workflows.problems import N_
from workflows.schema import Definition, TopTimer, Transition
from workflows.simulator import SYSTEM
from workflows.verifier.finding import Findings, Path, found


def graph_findings(definition: Definition) -> Findings:
    """Yield E01 to E07, E09, E11 and E12."""
    yield from _initial(definition)
    yield from _unknown_states(definition)
    yield from _final_states(definition)
    yield from _reach(definition)
    yield from _left_by_nobody(definition)
    yield from _timers_that_fire(definition)
    yield from _steps_nobody_fills_in(definition)
    yield from _ambiguous(definition)


def _initial(definition: Definition) -> Findings:
    if definition.initial is None:
        yield found("E01", (), N_("No state is the first; add 'initial' with a state's name."))
    elif not definition.has_state(definition.initial):
        yield found(
            "E01",
            ("initial",),
            N_("The first state '%(state)s' does not exist; name one of the states."),
            state=definition.initial,
        )


def _unknown_states(definition: Definition) -> Findings:
    for path, name in _named_states(definition):
        if not definition.has_state(name):
            yield found(
                "E02",
                path,
                N_("There is no state '%(state)s'; correct the name or add the state."),
                state=name,
            )


def _named_states(definition: Definition) -> Iterable[tuple[Path, str]]:
    for index, transition in enumerate(definition.transitions):
        for source in transition.source:
            yield ("transitions", index, "source"), source
        yield ("transitions", index, "dest"), transition.dest
    for index, timer in enumerate(definition.timers):
        for name in timer.states:
            yield ("timers", index, "while"), name
    for index, case in enumerate(definition.tests):
        yield ("tests", index, "then"), case.then.state


def _final_states(definition: Definition) -> Findings:
    final = {state.name for state in definition.states if state.final}
    for index, transition in enumerate(definition.transitions):
        for source in final.intersection(transition.source):
            yield found(
                "E04",
                ("transitions", index, "source"),
                N_("'%(state)s' is final, so '%(trigger)s' can't leave it; remove one of them."),
                state=source,
                trigger=transition.trigger,
            )
    for index, state in enumerate(definition.states):
        if state.final and state.timers:
            path: Path = ("states", index, "timers")
            yield found("E05", path, _FINAL_TIMER, state=state.name)
    for index, timer in enumerate(definition.timers):
        for name in final.intersection(timer.states):
            yield found("E05", ("timers", index, "while"), _FINAL_TIMER, state=name)


_FINAL_TIMER = N_("'%(state)s' is final, so nothing may run there; remove the timer.")


def _reach(definition: Definition) -> Findings:
    known = {state.name for state in definition.states}
    onward = {name: _dests(definition, name) & known for name in known}
    reachable = _closure({definition.initial or ""} & known, lambda name: onward[name])
    final = {state.name for state in definition.states if state.final}
    back = {name: {other for other in known if name in onward[other]} for name in known}
    finishing = _closure(final, lambda name: back[name])
    for index, state in enumerate(definition.states):
        path: Path = ("states", index)
        if reachable and state.name not in reachable:
            yield found("E03", path, _UNREACHABLE, state=state.name)
        if state.final:
            continue
        if not onward[state.name]:
            yield found("E06", path, _DEAD_END, state=state.name)
        elif state.name not in finishing:
            yield found("E07", path, _NO_END, state=state.name)


_UNREACHABLE = N_("No step leads to '%(state)s'; add one or remove the state.")
_DEAD_END = N_("Nothing leads out of '%(state)s'; add a transition or mark it final.")
_NO_END = N_("From '%(state)s' no final state can be reached; add a way to finish.")


def _dests(definition: Definition, name: str) -> set[str]:
    return {transition.dest for transition in definition.transitions_from(name)}


def _closure(start: set[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    seen, waiting = set(start), list(start)
    while waiting:
        for name in following(waiting.pop()):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen


def _left_by_nobody(definition: Definition) -> Findings:
    for index, state in enumerate(definition.states):
        ways = definition.transitions_from(state.name)
        if not ways or not all(_is_systems(definition, way) for way in ways):
            continue
        if not _fired_in(definition, state.name) & {way.trigger for way in ways}:
            yield found(
                "E09",
                ("states", index),
                N_("Only the system can leave '%(state)s' and no timer fires; add one."),
                state=state.name,
            )


def _is_systems(definition: Definition, transition: Transition) -> bool:
    return all(definition.role_kind(role) == "system" for role in transition.roles)


def _fired_in(definition: Definition, state: str) -> set[str]:
    here = [timer.fire for timer in definition.timers_in(state)]
    above = [timer.fire for timer in definition.timers if state in timer.states]
    return {fire for fire in here + above if fire}


def _timers_that_fire(definition: Definition) -> Findings:
    for path, timer in definition.all_timers():
        if timer.fire is None:
            continue
        states = timer.states if isinstance(timer, TopTimer) else _owner(definition, path)
        for name in states:
            ways = definition.candidates(name, timer.fire)
            if not any(SYSTEM in way.roles for way in ways):
                yield found(
                    "E11",
                    (*path, "fire"),
                    N_("The system can't take '%(trigger)s' in '%(state)s'; add the transition "
                       "with the role system, or fire another."),
                    trigger=timer.fire,
                    state=name,
                )  # fmt: skip


def _steps_nobody_fills_in(definition: Definition) -> Findings:
    """A step that happens by itself has nobody to answer its form."""
    fired = {timer.fire for _, timer in definition.all_timers()}
    for index, transition in enumerate(definition.transitions):
        by_timer = transition.trigger in fired and SYSTEM in transition.roles
        required = [field.name for field in transition.fields if field.required]
        if (by_timer or transition.when_opened) and required:
            yield found(
                "E11",
                ("transitions", index, "fields"),
                N_("'%(trigger)s' is taken by itself, and nobody is there to answer '%(field)s'; "
                   "make the field optional."),
                trigger=transition.trigger,
                field=required[0],
            )  # fmt: skip


def _owner(definition: Definition, path: Path) -> tuple[str, ...]:
    index = path[1]
    return (definition.states[index].name,) if isinstance(index, int) else ()


def _ambiguous(definition: Definition) -> Findings:
    for index, later in enumerate(definition.transitions):
        for earlier in definition.transitions[:index]:
            shared = set(earlier.source) & set(later.source)
            same = earlier.trigger == later.trigger and set(earlier.roles) & set(later.roles)
            if same and shared and not _told_apart(earlier, later):
                yield found(
                    "E12",
                    ("transitions", index, "trigger"),
                    N_("'%(trigger)s' means two things in '%(state)s'; give the first of them a "
                       "condition of its own."),
                    trigger=later.trigger,
                    state=min(shared),
                )  # fmt: skip
                break


def _told_apart(earlier: Transition, later: Transition) -> bool:
    """The first whose conditions hold is taken: without one of its own it hides the later."""
    asked = {condition.expression for condition in earlier.conditions}
    return not asked <= {condition.expression for condition in later.conditions}
