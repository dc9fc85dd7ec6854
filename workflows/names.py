"""What people call the things a definition names: effects, facts, types, roles, recipients."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from workflows.durations import parse_duration
from workflows.phrases import Own, Phrase
from workflows.problems import N_
from workflows.schema import Definition, EffectUse, Timer, Transition
from workflows.schema.fields import FormField

EFFECTS: Final[Mapping[str, str]] = {
    "send_message": N_("Send a message"),
    "create_lead": N_("Keep it as a lead"),
    "create_estimate": N_("Create an estimate"),
    "send_estimate": N_("Send the estimate"),
    "close_estimate": N_("Close the estimate"),
    "create_job": N_("Create a job"),
    "create_visit": N_("Create a visit"),
    "cancel_job": N_("Cancel the job"),
    "propose_plan": N_("Propose a plan to the team"),
    "propose_time": N_("Propose a time"),
    "withdraw_time": N_("Withdraw the proposed time"),
    "assign_technician": N_("Assign a technician"),
    "clear_technician": N_("Take the technician off"),
    "set_job_time": N_("Set the time of the job"),
    "mark_time": N_("Note the time"),
    "revise_estimate": N_("Change the estimate"),
    "mark_sent": N_("Note that it was sent"),
    "keep_estimate_closed": N_("Keep the estimate closed"),
    "answer_request": N_("Answer the request it came from"),
    "number_invoice": N_("Give the invoice its number"),
    "open_portal": N_("Open the portal to the customer"),
    "close_checkout": N_("Close the online payment"),
    "record_payment": N_("Record a payment"),
}
PARAMETERS: Final[Mapping[str, str]] = {
    "message": N_("Message"),
    "to": N_("Goes to"),
    "actions": N_("Answers in the mail, one click each"),
    "from": N_("Made from"),
    "at": N_("At"),
    "until": N_("Until"),
    "note": N_("With the words of"),
    "technician": N_("Whom"),
    "moment": N_("Which moment"),
    "outcome": N_("How it ended"),
    "trigger": N_("Step"),
    "amount": N_("Amount"),
    "method": N_("Way of payment"),
}
VALUES: Final[Mapping[str, str]] = {
    "travel_started": N_("on the way"),
    "arrived": N_("arrived"),
    "started": N_("work begun"),
    "paused": N_("paused"),
    "completed": N_("completed"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
    "expired": N_("expired"),
    "won": N_("ended well"),
    "lost": N_("ended against"),
    "primary": N_("the main one"),
    "secondary": N_("usual"),
    "danger": N_("with care"),
    "wall": N_("every hour of the day"),
    "business": N_("only opening hours"),
    "one_time": N_("One visit"),
    "recurring": N_("Regular visits"),
    "issue": N_("Report a problem"),
    "service_change": N_("Change a service"),
    "category": N_("Kinds of work"),
    "catalog": N_("All services"),
    "bookable": N_("Bookable services"),
    "free_text": N_("The customer’s own words"),
    "single": N_("One day"),
    "window": N_("From one day to another"),
    "dates": N_("Several days to choose from"),
    "datetime": N_("A day and a time"),
    "on_file": N_("An address we know"),
    "once": N_("Another one, this time only"),
    "add": N_("A new one, which is kept"),
    "account": N_("The customer"),
    "choose": N_("Another person we know"),
    "normal": N_("normal"),
    "urgent": N_("urgent"),
    "low": N_("low"),
    "high": N_("high"),
    "staff": N_("The team"),
    "customer": N_("The customer"),
    "system": N_("Callout, by itself"),
    "decline_reasons": N_("The company’s reasons for declining"),
}
RECIPIENTS: Final[Mapping[str, str]] = {
    "customer": N_("the customer"),
    "company": N_("the company’s mailbox"),
    "dispatchers": N_("the dispatchers"),
    "owners": N_("the owners"),
    "reviewers": N_("whoever reviews it"),
    "technician": N_("the technician"),
    "office": N_("the office"),
}
ROLES: Final[Mapping[str, str]] = {
    "customer": N_("The customer"),
    "owner": N_("Owner"),
    "dispatcher": N_("Dispatcher"),
    "technician": N_("Technician"),
    "office": N_("Office"),
    "system": N_("Callout, by itself"),
}
TYPES: Final[Mapping[str, str]] = {
    "text": N_("Short text"),
    "long_text": N_("Long text"),
    "choice": N_("One of several"),
    "bool": N_("Yes or no"),
    "number": N_("A number"),
    "money": N_("Amount of money"),
    "date": N_("Date"),
    "datetime": N_("Date and time"),
    "window": N_("From when to when"),
    "user": N_("Somebody of the team"),
    "service": N_("Service"),
    "location": N_("Address of the customer"),
    "file": N_("File"),
}
QUESTIONS: Final[Mapping[str, str]] = {
    "kind": N_("What it is about"),
    "service": N_("Service"),
    "category": N_("Kind of work"),
    "description": N_("Description of the problem"),
    "urgency": N_("Urgency"),
    "preferred_dates": N_("Preferred dates"),
    "location": N_("Where the work is"),
    "contact": N_("Whom to call"),
    "notes": N_("Notes"),
    "photos": N_("Photos"),
}
FORMS: Final[Mapping[str, str]] = {
    "create_job": N_("The form of a new job"),
    "create_visit": N_("The form of a visit"),
    "send_estimate": N_("The form of an estimate"),
}
SUBJECTS: Final[Mapping[str, str]] = {
    "request": N_("Request"),
    "job": N_("Job"),
    "estimate": N_("Estimate"),
    "invoice": N_("Invoice"),
}
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_LENGTHS = (
    (604_800, N_("one week"), N_("%(count)s weeks")),
    (86_400, N_("one day"), N_("%(count)s days")),
    (3_600, N_("one hour"), N_("%(count)s hours")),
    (60, N_("one minute"), N_("%(count)s minutes")),
    (1, N_("one second"), N_("%(count)s seconds")),
)


def named(table: Mapping[str, str], name: str) -> Phrase | Own:
    """Return what people call a name; one nobody knows is made readable."""
    return Phrase(table[name]) if name in table else Own({}, name.replace("_", " ").strip())


def duration(text: str, clock: str = "wall") -> Phrase:
    """Return «48 hours», «7 days», or so much of the opening hours."""
    length = parse_duration(text)
    seconds = length.approximate_s
    # Hours stay hours up to three days: people say «48 hours», not «2 days».
    units = [one for one in _LENGTHS if not (length.days == 0 and one[0] > 3_600)]
    units = [one for one in units if one[0] < 604_800 or "W" in text]
    unit, one, many = next(each for each in units if seconds % each[0] == 0)
    count = seconds // unit
    said = Phrase(one) if count == 1 else Phrase(many, {"count": count})
    return Phrase(N_("%(time)s of opening hours"), {"time": said}) if clock == "business" else said


def state(definition: Definition, name: str) -> Own:
    """Return what a state is called."""
    known = definition.state(name).label if definition.has_state(name) else {}
    return Own(known, name.replace("_", " "))


def step(definition: Definition, trigger: str) -> Own:
    """Return what the button of a trigger says."""
    ways = definition.transitions_of(trigger)
    return Own(ways[0].label if ways else {}, trigger.replace("_", " "))


def message(definition: Definition, key: str) -> Own:
    """Return a message by the words it begins with: its subject, else its short text."""
    known = definition.messages.get(key)
    texts = {code: one.subject for code, one in known.email.items()} if known else {}
    if known and not texts:
        texts = {code: one.body[:60] for code, one in known.sms.items()}
    return Own({code: _without_names(text) for code, text in texts.items()}, _readable(key))


def effect(definition: Definition, use: EffectUse) -> Phrase | Own:
    """Return what an effect does, in words."""
    if use.name == "send_message":
        to = use.params.get("to", ())
        who = [to] if isinstance(to, str) else list(to) if isinstance(to, list | tuple) else []
        said = message(definition, str(use.params.get("message", "")))
        heard = tuple(named(RECIPIENTS, str(one)) for one in who)
        return Phrase(N_("Send “%(message)s” to %(who)s"), {"message": said, "who": heard})
    if use.name == "answer_request":
        known = {"step": _readable(str(use.params.get("trigger", "")))}
        return Phrase(N_("Answer the request it came from: %(step)s"), known)
    chosen = use.params.get("moment") or use.params.get("outcome")
    if isinstance(chosen, str):
        params = {"what": named(EFFECTS, use.name), "how": named(VALUES, chosen)}
        return Phrase(N_("%(what)s: %(how)s"), params)
    return named(EFFECTS, use.name)


def timer(definition: Definition, rule: Timer) -> Phrase:
    """Return what a timer does and when, in words."""
    params = {"time": duration(rule.after, rule.clock), "what": happening(definition, rule)}
    if rule.repeat:
        again = {"count": rule.times, "every": duration(rule.repeat, rule.clock)}
        return Phrase(
            N_("after %(time)s: %(what)s, %(count)s times, every %(every)s"), params | again
        )
    return Phrase(N_("after %(time)s: %(what)s"), params)


def happening(definition: Definition, rule: Timer) -> object:
    """Return what a timer does, in words."""
    if rule.fire:
        return Phrase(N_("the step “%(step)s”"), {"step": step(definition, rule.fire)})
    return tuple(effect(definition, use) for use in rule.effects)


def question(item: object) -> Phrase | Own:
    """Return what a question of the request form is called."""
    label = getattr(item, "label", None)
    if label:
        return Own(label)
    return named(QUESTIONS, str(getattr(item, "field", "")))


def label_of(item: FormField | Transition) -> Own:
    """Return the words on a field or a button."""
    return Own(item.label, item.name if isinstance(item, FormField) else item.trigger)


def _readable(key: str) -> str:
    return key.rpartition(".")[2].replace("_", " ")


def _without_names(text: str) -> str:
    return " ".join(_PLACEHOLDER.sub("…", text).split())
