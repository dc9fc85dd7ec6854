"""Who acts: roles that do not exist, and states that wait on somebody without a button."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.problems import N_
from workflows.schema import Definition
from workflows.verifier.finding import Findings, Path, found


def role_findings(definition: Definition) -> Findings:
    """Yield E08 and E20."""
    yield from _kinds(definition)
    for path, role in _named_roles(definition):
        if role not in definition.roles:
            yield found(
                "E20",
                path,
                N_("There is no role '%(role)s'; add it under 'roles' or correct the name."),
                role=role,
            )
    yield from _waiting(definition)


def member_findings(definition: Definition, members: Mapping[str, int]) -> Findings:
    """Yield E40: a staff role that has something to do here and nobody to do it."""
    used = {role for transition in definition.transitions for role in transition.roles}
    for role, said in definition.roles.items():
        if said.kind == "staff" and role in used and members.get(role, 0) < 1:
            alone = _acts_alone(definition, role, members)
            if alone:
                yield found(
                    "E40",
                    ("roles", role),
                    N_("Nobody has the role '%(role)s', and '%(trigger)s' needs it; give it to "
                       "somebody or add another role to that step."),
                    role=role,
                    trigger=alone,
                )  # fmt: skip


def _acts_alone(definition: Definition, role: str, members: Mapping[str, int]) -> str | None:
    """Return a trigger that nobody at all could take, were it not for that role."""
    for transition in definition.transitions:
        staff = [name for name in transition.roles if definition.role_kind(name) == "staff"]
        others = len(staff) < len(transition.roles)
        if role in staff and not others and not any(members.get(name, 0) for name in staff):
            return transition.trigger
    return None


def _kinds(definition: Definition) -> Findings:
    for role, said in definition.roles.items():
        if (said.kind == "staff") == (role in ("customer", "system")) or (
            said.kind != "staff" and role != said.kind
        ):
            yield found(
                "E20",
                ("roles", role),
                N_("The roles customer and system have their own kind, every other is staff."),
            )


def _named_roles(definition: Definition) -> Iterator[tuple[Path, str]]:
    for role in definition.submit.roles:
        yield ("submit", "roles"), role
    for index, state in enumerate(definition.states):
        if state.waiting_on is not None:
            yield ("states", index, "waiting_on"), state.waiting_on
    for index, transition in enumerate(definition.transitions):
        for role in transition.roles:
            yield ("transitions", index, "roles"), role
    yield from _roles_in_tests(definition)


def _roles_in_tests(definition: Definition) -> Iterator[tuple[Path, str]]:
    for index, case in enumerate(definition.tests):
        for number, step in enumerate(case.when):
            if step.role is not None:
                yield ("tests", index, "when", number), step.role


def _waiting(definition: Definition) -> Findings:
    for index, state in enumerate(definition.states):
        role = state.waiting_on
        if role is None or role not in definition.roles:
            continue
        ways = definition.transitions_from(state.name)
        if not ways and not state.final:
            continue  # a dead end, which is said already
        if not any(role in way.roles for way in ways):
            yield found(
                "E08",
                ("states", index, "waiting_on"),
                N_("'%(state)s' waits on '%(role)s', who has no button there; add a transition "
                   "or name another role."),
                state=state.name,
                role=role,
            )  # fmt: skip
