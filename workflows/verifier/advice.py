"""Warnings: what is possible, and seldom meant."""

from __future__ import annotations

from typing import Final

from workflows.catalogue import SendMessage
from workflows.problems import N_
from workflows.schema import Definition, Transition
from workflows.verifier.effects import parameters
from workflows.verifier.finding import Findings, found

# A reason may serve twenty records at once; a date, a place or a picture belongs to one.
_OF_ONE_RECORD: Final = frozenset({"date", "datetime", "window", "location", "file", "money"})


def warnings(definition: Definition) -> Findings:
    """Yield W01, W02 and W03."""
    yield from _waiting_for_ever(definition)
    for index, transition in enumerate(definition.transitions):
        if transition.bulk and _asks_each(transition):
            yield found(
                "W02",
                ("transitions", index, "bulk"),
                N_("'%(trigger)s' is offered for many records at once but asks what differs from "
                   "one to the next; remove 'bulk' or the requirement."),
                trigger=transition.trigger,
            )  # fmt: skip
        if not transition.silent and _changes_words_quietly(definition, transition):
            yield found(
                "W03",
                ("transitions", index),
                N_("'%(trigger)s' changes what the customer reads and no message goes out; send "
                   "one or write 'silent: true'."),
                trigger=transition.trigger,
            )  # fmt: skip


def _waiting_for_ever(definition: Definition) -> Findings:
    watched = {name for timer in definition.timers for name in timer.states}
    for index, state in enumerate(definition.states):
        role = state.waiting_on
        if role is None or definition.role_kind(role) != "customer":
            continue
        if not state.timers and state.name not in watched:
            yield found(
                "W01",
                ("states", index),
                N_("'%(state)s' waits for the customer without an end; add a timer."),
                state=state.name,
            )


def _asks_each(transition: Transition) -> bool:
    required = [field for field in transition.fields if field.required]
    return transition.form is not None or any(field.type in _OF_ONE_RECORD for field in required)


def _changes_words_quietly(definition: Definition, transition: Transition) -> bool:
    if not definition.has_state(transition.dest):
        return False
    after = definition.state(transition.dest).customer_label
    known = [name for name in transition.source if definition.has_state(name)]
    changes = any(definition.state(name).customer_label != after for name in known)
    return changes and not _tells_customer(transition)


def _tells_customer(transition: Transition) -> bool:
    sent = (parameters(use) for use in transition.effects)
    return any(isinstance(one, SendMessage) and "customer" in one.to for one in sent)
