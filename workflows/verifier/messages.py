"""Messages: every language, no unknown placeholder, no link its reader could not follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows.catalogue import SendMessage
from workflows.placeholders import allowed, is_strange, links, names_in
from workflows.problems import N_
from workflows.schema import Definition, Message, Sms, TopTimer
from workflows.verifier.effects import parameters, sender
from workflows.verifier.finding import Findings, Path, found
from workflows.vocabulary import input_facts

# Technicians do not see requests, estimates and invoices. Source: feature 186.
_TECHNICIANS = frozenset({"admin.link", "admin.job_link"})
_READER_ROLES: Mapping[str, tuple[str, ...]] = {
    "customer": ("customer",),
    "technician": ("technician",),
    "dispatchers": ("dispatcher", "owner"),
    "owners": ("owner",),
    "reviewers": ("dispatcher", "owner"),
    "office": ("office", "owner"),
}


@dataclass(frozen=True)
class Sending:
    """One place that sends a message: where, how, in which states after it, after what input."""

    path: Path
    params: SendMessage
    states: tuple[str, ...]
    inputs: frozenset[str]


def message_findings(definition: Definition) -> Findings:
    """Yield E18, E19, E21, and E15 for values of a form that was not asked."""
    for key, message in definition.messages.items():
        yield from _languages(definition, key, message)
        yield from _placeholders(definition, key, message)
    seen: set[object] = set()
    for sending in sendings(definition):
        yield from _actions(definition, sending)
        for finding in _readers(definition, sending):
            mark = (finding.rule, finding.path, str(finding.params))
            if mark not in seen:
                seen.add(mark)
                yield finding


def may_say(definition: Definition, key: str) -> frozenset[str]:
    """Return the placeholders a message may hold wherever the definition sends it."""
    places = [one for one in sendings(definition) if one.params.message == key]
    offered = _known(definition) | {
        name for one in places for name in one.inputs | _answers(one.params)
    }
    return frozenset(
        name
        for name in offered
        if all(_may_follow(definition, one, name) for one in places)
        and (not name.startswith("input.") or all(name in one.inputs for one in places))
    )


def _languages(definition: Definition, key: str, message: Message) -> Findings:
    if not message.channels:
        yield found("E18", ("messages", key), N_("The message has no words; add 'email' or 'sms'."))
    for channel, texts in message.channels.items():
        for language in definition.languages:
            words = texts.get(language)
            if words is None or not words.body.strip():
                yield found(
                    "E18",
                    ("messages", key, channel),
                    N_("The message '%(message)s' is missing in '%(language)s' (%(channel)s); "
                       "add it."),
                    message=key,
                    language=language,
                    channel=channel,
                )  # fmt: skip


def _texts(key: str, message: Message) -> Iterator[tuple[Path, str]]:
    for channel, texts in message.channels.items():
        for language, words in texts.items():
            path: Path = ("messages", key, channel, language)
            yield (*path, "body"), words.body
            if not isinstance(words, Sms):
                yield (*path, "subject"), words.subject


def _placeholders(definition: Definition, key: str, message: Message) -> Findings:
    known = _known(definition)
    for path, text in _texts(key, message):
        if is_strange(text):
            msgid = N_("Write placeholders as {{customer.first_name}}; nothing else in braces.")
            yield found("E21", path, msgid)
            continue
        for name in names_in(text):
            if name not in known and not name.startswith(("input.", "action.")):
                yield found(
                    "E21",
                    path,
                    N_("There is no placeholder '%(name)s'; use a known one."),
                    name=name,
                )


def _known(definition: Definition) -> frozenset[str]:
    own = {f"request.extra.{field.name}" for field in definition.own_fields}
    return allowed(definition.subject) | own


def _answers(params: SendMessage) -> frozenset[str]:
    return frozenset(f"action.{trigger}" for trigger in params.actions)


def sendings(definition: Definition) -> Iterator[Sending]:
    """Yield every place that sends a message the definition has."""
    for path, use in definition.effect_uses():
        params = parameters(use)
        if not isinstance(params, SendMessage) or params.message not in definition.messages:
            continue
        transition = sender(definition, path)
        inputs = frozenset(input_facts(transition)) if transition else frozenset()
        yield Sending(path, params, _states_after(definition, path), inputs)


def _states_after(definition: Definition, path: Path) -> tuple[str, ...]:
    transition = sender(definition, path)
    if transition is not None:
        return (transition.dest,)
    index = path[1]
    if path[0] == "submit" or not isinstance(index, int):
        return (definition.initial,) if definition.initial else ()
    if path[0] == "states":
        return (definition.states[index].name,)
    timer: TopTimer = definition.timers[index]
    return timer.states


def _actions(definition: Definition, sending: Sending) -> Findings:
    for trigger in sending.params.actions:
        for reader in sending.params.to:
            if not _may_take(definition, sending, trigger, reader):
                yield found(
                    "E19",
                    sending.path,
                    N_("'%(reader)s' can't take '%(trigger)s' after this message; remove it from "
                       "'actions' or allow the step."),
                    reader=reader,
                    trigger=trigger,
                )  # fmt: skip


def _may_take(definition: Definition, sending: Sending, trigger: str, reader: str) -> bool:
    roles = set(_READER_ROLES.get(reader, ()))
    return all(
        any(roles & set(way.roles) for way in definition.candidates(state, trigger))
        for state in sending.states
    )


def _readers(definition: Definition, sending: Sending) -> Findings:
    message = definition.messages[sending.params.message]
    for path, text in _texts(sending.params.message, message):
        for name in names_in(text):
            if name.startswith("input.") and name not in sending.inputs:
                yield found(
                    "E15",
                    path,
                    N_("'%(name)s' is no field of the step that sends this message (%(place)s); "
                       "add the field or remove the placeholder."),
                    name=name,
                    place=_step_named(definition, sending.path),
                )  # fmt: skip
            elif not _may_follow(definition, sending, name):
                yield found(
                    "E19",
                    path,
                    N_("'%(name)s' leads where the reader (%(reader)s) may not go; remove it or "
                       "write them another message."),
                    name=name,
                    reader=", ".join(sending.params.to),
                )  # fmt: skip


def _may_follow(definition: Definition, sending: Sending, name: str) -> bool:
    if name.startswith("action."):
        return name.removeprefix("action.") in sending.params.actions
    if name in links(definition.subject, "portal"):
        return sending.params.to == ("customer",)
    if name in links(definition.subject, "admin"):
        if "technician" in sending.params.to and name not in _TECHNICIANS:
            return False
        return "customer" not in sending.params.to
    return True


def _step_named(definition: Definition, path: Path) -> str:
    """Return the trigger of the step at a place, else the part of the document."""
    root, *rest = path
    if root == "transitions" and rest:
        return definition.transitions[int(rest[0])].trigger
    return str(root)
