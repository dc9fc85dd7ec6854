"""What owners call messages and their placeholders, and when a message goes out, in words."""

from collections.abc import Iterable, Mapping
from typing import Final

from app.services.message_sources import Source
from workflows import fact_names, names
from workflows.phrases import Own, Phrase
from workflows.problems import N_
from workflows.schema import Definition
from workflows.verifier.messages import Sending

HOUSE: Final[Mapping[str, tuple[str, str]]] = {
    "portal.sign_in_link": (
        N_("Sign-in link"),
        N_("to a customer who asks for a link or is given access"),
    ),
    "portal.address_changed": (
        N_("Changed mail address"),
        N_("to the old address of a customer who gets a new one"),
    ),
    "staff.invitation": (N_("Invitation to the team"), N_("to whoever is invited")),
    "staff.password_reset": (N_("New password"), N_("to whoever has forgotten theirs")),
    "portal.sign_up": (
        N_("New account: confirm the address"),
        N_("to whoever wants an account"),
    ),
    "portal.sign_up_accepted": (N_("New account: welcome"), N_("to whoever is let in")),
    "portal.sign_up_refused": (N_("New account: refused"), N_("to whoever is not let in")),
    "portal.signed_up": (N_("New account: to look at"), N_("to the company’s mailbox")),
    "news": (
        N_("Any news"),
        N_("to the reader of a message that has no words of its own"),
    ),
}
_PLACEHOLDERS: Final[Mapping[str, str]] = {
    "portal.link": N_("Link to the customer portal"),
    "portal.request_link": N_("Link to the request in the portal"),
    "portal.job_link": N_("Link to the job in the portal"),
    "portal.estimate_link": N_("Link to the estimate in the portal"),
    "portal.invoice_link": N_("Link to the invoice in the portal"),
    "admin.link": N_("Link to the team’s pages"),
    "admin.request_link": N_("Link to the request for the team"),
    "admin.job_link": N_("Link to the job for the team"),
    "admin.estimate_link": N_("Link to the estimate for the team"),
    "admin.invoice_link": N_("Link to the invoice for the team"),
    "person.first_name": N_("First name of the reader"),
    "person.name": N_("Name of the reader"),
    "access.until": N_("Until when the link works"),
    "record.number": N_("Number of what it is about"),
}
_TO: Final[Mapping[str, str]] = {
    "customer": N_("to the customer"),
    "company": N_("to the company’s mailbox"),
    "dispatchers": N_("to the dispatchers"),
    "owners": N_("to the owners"),
    "reviewers": N_("to whoever reviews it"),
    "technician": N_("to the technician"),
    "office": N_("to the office"),
}
_GROUPS: Final[Mapping[str, str]] = {
    "action": N_("Answers with one click"),
    "portal": N_("Links"),
    "admin": N_("Links"),
    "person": N_("Reader"),
    "access": N_("Link to sign in"),
    "record": N_("What it is about"),
}
_ORDER: Final = (
    "person", "customer", "request", "job", "estimate", "invoice", "record", "input", "portal",
    "admin", "action", "access", "actor", "company",
)  # fmt: skip

Words = Phrase | Own


def name_of(source: Source) -> Words:
    """Return what people call a message."""
    if source.definition is not None:
        return names.message(source.definition, source.key)
    known = HOUSE.get(source.key)
    return Phrase(known[0]) if known else Own({}, source.key.rpartition(".")[2].replace("_", " "))


def occasions(source: Source) -> list[Words]:
    """Return when a message goes out and to whom, a line each."""
    if source.definition is None:
        known = HOUSE.get(source.key)
        return [Phrase(known[1])] if known else []
    found = [_occasion(source.definition, one) for one in source.sendings()]
    return list({str(each): each for each in found}.values())


def placeholder(source: Source, name: str) -> Words:
    """Return what people call a placeholder."""
    if name in _PLACEHOLDERS:
        return Phrase(_PLACEHOLDERS[name])
    if source.definition is None:
        return Phrase(fact_names.FACTS[name]) if name in fact_names.FACTS else Own({}, name)
    if name.startswith("action."):
        step = names.step(source.definition, name.removeprefix("action."))
        return Phrase(N_("“%(step)s” with one click"), {"step": step})
    return fact_names.fact(source.definition, name)


def grouped(source: Source) -> list[tuple[Phrase, list[tuple[str, Words]]]]:
    """Return a message's placeholders under their headings: name, and what people call it."""
    found: dict[str, tuple[Phrase, list[tuple[str, Words]]]] = {}
    for name in sorted(source.known, key=_place):
        root = name.partition(".")[0]
        heading = _GROUPS.get(root) or fact_names.GROUPS.get(root, root)
        group = found.setdefault(heading, (Phrase(heading), []))
        group[1].append((name, placeholder(source, name)))
    return list(found.values())


def _place(name: str) -> tuple[int, str]:
    root = name.partition(".")[0]
    return (_ORDER.index(root) if root in _ORDER else len(_ORDER), name)


def _occasion(definition: Definition, sending: Sending) -> Phrase:
    who = tuple(names.named(_TO, one) for one in sending.params.to)
    return Phrase(N_("%(when)s, %(who)s"), {"when": _when(definition, sending), "who": who})


def _when(definition: Definition, sending: Sending) -> Phrase:
    head, number, *rest = sending.path
    if head == "transitions":
        step = definition.transitions[int(number)].trigger
        return Phrase(N_("after “%(step)s”"), {"step": names.step(definition, step)})
    if head == "states":
        state = definition.states[int(number)]
        rule = state.timers[int(rest[1])]
        return _late(definition, names.duration(rule.after, rule.clock), [state.name])
    if head == "timers":
        top = definition.timers[int(number)]
        return _late(definition, names.duration(top.after, top.clock), top.states)
    if definition.subject == "request":
        return Phrase(N_("when a request comes in"))
    return Phrase(N_("at the very beginning"))


def _late(definition: Definition, length: Phrase, states: Iterable[str]) -> Phrase:
    known = tuple(names.state(definition, one) for one in states)
    return Phrase(N_("after %(time)s in “%(states)s”"), {"time": length, "states": known})
