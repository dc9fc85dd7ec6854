"""Problems as an owner reads them: without the language's own words, by what things are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from app import languages
from workflows import fact_names, names
from workflows.phrases import Own, Phrase
from workflows.places import place_of
from workflows.problems import N_, Problem
from workflows.schema import Definition

# What the files' sentence says in the language's own words, said for people who use forms.
_FOR_OWNERS: Final[Mapping[str, str]] = {
    "No state is the first; add 'initial' with a state's name.": N_(
        "No state is the first; choose one."
    ),
    "Nothing leads out of '%(state)s'; add a transition or mark it final.": N_(
        "Nothing leads out of “%(state)s”; add a step, or let it end there."
    ),
    "Only the system can leave '%(state)s' and no timer fires; add one.": N_(
        "Only Callout by itself could leave “%(state)s”, and nothing makes it; add a deadline."
    ),
    "The system can't take '%(trigger)s' in '%(state)s'; add the transition with the role system,"
    " or fire another.": N_(
        "Callout can’t take “%(trigger)s” by itself in “%(state)s”; allow it there, or choose "
        "another step."
    ),
    "'%(trigger)s' is offered for many records at once but asks what differs from one to the "
    "next; remove 'bulk' or the requirement.": N_(
        "“%(trigger)s” may be taken for many at once, but asks what differs from one to the next; "
        "let it be taken one by one, or don’t require the answer."
    ),
    "'%(trigger)s' changes what the customer reads and no message goes out; send one or write "
    "'silent: true'.": N_(
        "“%(trigger)s” changes what the customer reads, and no message tells them; send one, or "
        "say that it is right so."
    ),
    "The parameter '%(name)s' of '%(effect)s' is wrong: %(said)s.": N_(
        "“%(name)s” is wrong where it says “%(effect)s”; choose it anew."
    ),
    "'%(effect)s' needs the parameter '%(name)s'; add it.": N_(
        "“%(effect)s” needs something chosen for “%(name)s”."
    ),
    "'%(effect)s' has no parameter '%(name)s'; remove it.": N_(
        "“%(effect)s” knows nothing called “%(name)s”; choose it anew."
    ),
    "There is no message '%(message)s'; add it under 'messages'.": N_(
        "The message “%(message)s” is gone; choose another, or write it."
    ),
    "This is not a condition: %(said)s.": N_("This condition can’t be read; build it anew."),
    "The condition compares things that can't be compared, or does not answer yes or no: "
    "%(said)s.": N_("This condition compares things that can’t be compared; build it anew."),
    "The message has no words; add 'email' or 'sms'.": N_(
        "The message “%(message)s” has no words; write them."
    ),
    "There is no role '%(role)s'; add it under 'roles' or correct the name.": N_(
        "There is no role “%(role)s” here; add it, or choose another."
    ),
    "'%(reader)s' can't take '%(trigger)s' after this message; remove it from 'actions' or allow "
    "the step.": N_(
        "%(reader)s can’t take “%(trigger)s” after this message; take it out of the mail, or "
        "allow the step."
    ),
    "This text is missing in '%(language)s'; add it.": N_("No words in %(language)s yet."),
    "This is not valid YAML: %(said)s.": N_("This is not valid YAML. Look at this line."),
    "'%(to)s' holds a value of type %(kind)s where %(wanted)s is needed; name another.": N_(
        "“%(to)s” is no %(wanted)s; choose another."
    ),
}
# What pydantic reports of our own checks, in English: marked so that it can be translated.
_SAID: Final = (
    N_("choices belong to a field of type choice, which needs at least one"),
    N_("min_length and max_length belong to text and long_text"),
    N_("minimum and maximum belong to number and money"),
    N_("two choices have the same value; give each its own"),
    N_("a duration must be longer than nothing"),
    N_("write a duration such as PT48H, P7D or P2W"),
    N_("give the timer either 'fire' or 'effects'"),
    N_("a repeating timer has 'repeat' and 'times' of 2 or more"),
    N_("a timer that fires a trigger does so once; remove 'repeat'"),
    N_("an outcome belongs to a final state"),
    N_("a final state waits on nobody; remove 'waiting_on'"),
    N_("write one effect as {name: {parameter: value}}"),
    N_("write one step as {trigger: {as: role}} or {wait: PT1H}"),
    N_("say who takes the step: {trigger: {as: role}}"),
)
_TYPES: Final[Mapping[str, str]] = {
    "text": N_("text"),
    "bool": N_("yes or no"),
    "number": N_("number"),
    "datetime": N_("moment"),
    "list": N_("list"),
    "form": N_("form"),
}
_CHANNELS: Final[Mapping[str, str]] = {"email": N_("e-mail"), "sms": N_("SMS")}


def in_plain_words(problem: Problem, definition: Definition | None) -> Phrase:
    """Return a problem as an owner reads it, with where it is when the sentence doesn't say."""
    params: dict[str, object] = dict(problem.params)
    if definition is not None:
        params = {key: _word(key, value, problem, definition) for key, value in params.items()}
        if problem.rule == "E18":
            params.setdefault("message", names.message(definition, problem.path[9:]))
    said = Phrase(_FOR_OWNERS.get(problem.msgid, problem.msgid), params)
    where = place_of(problem.path, definition) if definition is not None else None
    if where is None or problem.rule not in ("E10", "E13", "E14", "E15", "E16", "E17", "E21"):
        return said
    return Phrase(N_("%(where)s: %(what)s"), {"where": where.phrase, "what": said})


def _word(key: str, value: object, problem: Problem, definition: Definition) -> object:
    if key in ("name", "guess"):
        return _called(key, str(value), problem, definition)
    say = _BY_KEY.get(key)
    return say(value, problem, definition) if say else value


def _called(key: str, value: str, problem: Problem, definition: Definition) -> object:
    if problem.rule in ("E14", "E15"):
        return fact_names.fact(definition, value, _way(problem.path, definition))
    if problem.rule == "E16":
        return names.named(names.EFFECTS if key == "guess" else names.PARAMETERS, value)
    if problem.rule == "E30" and problem.path == "states":
        return names.state(definition, value)
    return value


def _way(path: str, definition: Definition) -> Any:
    head, _, rest = path.partition(".")
    number = rest.partition(".")[0]
    return definition.transitions[int(number)] if head == "transitions" and number else None


def _field(value: object, problem: Problem, definition: Definition) -> object:
    way = _way(problem.path, definition)
    found = next((one for one in way.fields if one.name == value), None) if way else None
    return names.label_of(found) if found else value


def _place(value: object, _problem: Problem, definition: Definition) -> object:
    where = place_of(str(value), definition)
    return where.phrase if where else value


def _listed(table: Mapping[str, str]) -> Callable[[object, Problem, Definition], object]:
    return lambda value, _problem, _of: tuple(
        names.named(table, one) for one in str(value).split(", ")
    )


_BY_KEY: Final[Mapping[str, Callable[[object, Problem, Definition], object]]] = {
    "state": lambda value, _problem, of: names.state(of, str(value)),
    "trigger": lambda value, _problem, of: names.step(of, str(value)),
    "message": lambda value, _problem, of: names.message(of, str(value)),
    "to": lambda value, problem, of: fact_names.fact(of, str(value), _way(problem.path, of)),
    "language": lambda value, _problem, _of: languages.SHIPPED.get(str(value), str(value)),
    "role": _listed(names.ROLES),
    "reader": _listed(names.RECIPIENTS),
    "effect": _listed(names.EFFECTS),
    "subject": _listed(names.SUBJECTS),
    "form": _listed(names.FORMS),
    "known": _listed(names.FORMS),
    "kind": _listed(_TYPES),
    "wanted": _listed(_TYPES),
    "channel": _listed(_CHANNELS),
    "field": _field,
    "place": _place,
    "said": lambda value, _problem, of: _in_test(value, of),
}


def _in_test(said: object, of: Definition) -> object:
    """Return what a red test says, by what things are called."""
    if not isinstance(said, Phrase):
        return Phrase(str(said)) if said in _SAID else said
    params = {key: _expected(value, of) for key, value in said.params.items()}
    return Phrase(said.msgid, params)


def _expected(value: object, of: Definition) -> object:
    if not isinstance(value, str):
        return value
    if of.has_state(value):
        return names.state(of, value)
    pieces = [piece.partition(":") for piece in value.split(", ")]
    if not all(name in names.EFFECTS for name, _, _ in pieces):
        return value
    return tuple(
        names.message(of, message) if message else names.named(names.EFFECTS, name)
        for name, _, message in pieces
    )


def bare(problem: Problem) -> Phrase:
    """Return the problem of a text that is no definition: there is nothing to call by name."""
    params: dict[str, object] = dict(problem.params)
    if "said" in params:
        params["said"] = Phrase(str(params["said"])) if params["said"] in _SAID else Own({}, "")
    return Phrase(_FOR_OWNERS.get(problem.msgid, problem.msgid), params)
