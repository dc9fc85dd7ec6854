"""The request form's questions, in the definition's order, as a page draws them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from app.services.request_forms import Ask
from portal.own_questions import MANY, own_questions
from portal.sheet import Answer, Question, Sheet
from workflows.schema import FormField


def questions(asks: Sequence[Ask], sheet: Sheet) -> list[Question]:
    """Return the request form's questions in the definition's order."""
    found: list[Question] = []
    for ask in asks:
        if isinstance(ask.rule, FormField):
            found += own_questions([ask.rule], sheet, {ask.name: ask.choices})
        else:
            found += [_worded(one, ask, sheet) for one in _DRAW[ask.name](ask, sheet)]
    return found


def _worded(question: Question, ask: Ask, sheet: Sheet) -> Question:
    """Put the definition's own label and help in place of ours, on the question it names."""
    rule: Any = ask.rule
    if question.name not in (ask.name, f"{ask.name}_text", "date_1", "dates"):
        return question
    return replace(
        question,
        label=sheet.text(rule.label, question.label),
        help=sheet.text(rule.help, question.help),
        required=rule.required,
    )


def _location(ask: Ask, sheet: Sheet) -> list[Question]:
    rule: Any = ask.rule
    answers = [Answer(*one) for one in ask.choices]
    if "add" in rule.allow:
        answers.append(Answer("other", _("A new address")))
    elif "once" in rule.allow:
        answers.append(Answer("other", _("Another address, only this time")))
    value = sheet.typed("location", answers[0].value if answers else "")
    question = sheet.ask("location", "select", _("Where?"), value=value, answers=answers)
    if not {"once", "add"} & set(rule.allow):
        return [question]
    lines = [
        ("street", _("Street and number"), "address-line1"),
        ("postcode", _("Postcode"), "postal-code"),
        ("city", _("Town"), "address-level2"),
    ]
    parts = [
        sheet.ask(name, "line", label, autocomplete=hint, required=True)
        for name, label, hint in lines
    ]
    return [question, Question("address", "other", _("The address"), parts=parts)]


def _contact(ask: Ask, sheet: Sheet) -> list[Question]:
    rule: Any = ask.rule
    answers = [Answer("", _("Me"))]
    if "choose" in rule.allow:
        answers += [Answer(*one) for one in ask.choices]
    if "add" in rule.allow:
        answers.append(Answer("other", _("Somebody else")))
    if len(answers) == 1:
        return []
    question = sheet.ask("contact", "select", _("Whom may we call?"), answers=answers)
    if "add" not in rule.allow:
        return [question]
    parts = [
        sheet.ask("contact_name", "line", _("Name"), required=True),
        sheet.ask("contact_phone", "line", _("Phone"), input_type="tel"),
        sheet.ask("contact_email", "line", _("E-mail"), input_type="email"),
    ]
    return [question, Question("contact_person", "other", _("The person"), parts=parts)]


def _service(ask: Ask, sheet: Sheet) -> list[Question]:
    rule: Any = ask.rule
    is_free = "free_text" in rule.sources
    words = sheet.ask("service_text", "line", _("What do you need?"), required=rule.required)
    if is_free and not ask.choices:
        return [replace(words, error=words.error or sheet.errors.get("service", ""))]
    answers = [Answer(*one) for one in ask.choices]
    if is_free:
        answers.append(Answer("", _("Something else")))
    kind = "radios" if len(answers) <= MANY else "select"
    if kind == "select" and not is_free:
        answers.insert(0, Answer("", _("Please choose")))
    # Untouched, nothing is chosen for the customer; «Something else» comes with words only.
    value = sheet.typed("service") or ("" if sheet.typed("service_text") else None)
    label = _("What kind of work?") if "category" in rule.sources else _("What do you need?")
    question = sheet.ask("service", kind, label, value=value, answers=answers)
    if not is_free:
        return [question]
    part = replace(words, label=_("In your words"), required=False)
    return [question, Question("service_other", "other", _("Something else"), parts=[part])]


def _category(ask: Ask, sheet: Sheet) -> list[Question]:
    offered = [("", _("I am not sure")), *ask.choices]
    answers = [Answer(*one) for one in offered]
    return [sheet.ask("category", "select", _("What kind of work?"), answers=answers)]


def _kind(ask: Ask, sheet: Sheet) -> list[Question]:
    rule: Any = ask.rule
    words = {
        "one_time": _("One visit"),
        "recurring": _("Regular visits"),
        "issue": _("Report a problem"),
        "service_change": _("Change a service"),
    }
    if len(rule.options) == 1:
        return []
    answers = [Answer(one, words[one]) for one in rule.options]
    value = sheet.typed("kind", rule.options[0])
    return [sheet.ask("kind", "radios", _("What is it?"), value=value, answers=answers)]


def _description(ask: Ask, sheet: Sheet) -> list[Question]:
    hint = _("What happens, since when, where exactly")
    return [sheet.ask("description", "long_text", _("What is the problem?"), placeholder=hint)]


def _notes(ask: Ask, sheet: Sheet) -> list[Question]:
    hint = _("Gate code, where to park, a dog in the yard")
    label = _("Anything else we should know?")
    return [sheet.ask("notes", "long_text", label, placeholder=hint)]


def _urgency(ask: Ask, sheet: Sheet) -> list[Question]:
    answers = [Answer("normal", _("Normal")), Answer("urgent", _("Urgent"))]
    value = sheet.typed("urgency", "normal")
    return [sheet.ask("urgency", "radios", _("How urgent is it?"), value=value, answers=answers)]


def _photos(ask: Ask, sheet: Sheet) -> list[Question]:
    rule: Any = ask.rule
    note = _("optional, up to %(count)s", count=rule.max)
    return [sheet.ask("photos", "photos", _("Photos"), value="", note=note, max=rule.max)]


def _dates(ask: Ask, sheet: Sheet) -> list[Question]:
    rule: Any = ask.rule
    label, start = _("When would suit you?"), sheet.today.isoformat()
    if rule.mode == "single" and not rule.day_part:
        return [sheet.ask("date_1", "line", label, input_type="date", min=start)]
    count = rule.max if rule.mode == "dates" else 1
    rows = [_date_row(rule, rank, sheet) for rank in range(1, count + 1)]
    note = _("up to %(count)s dates", count=count) if count > 1 else ""
    return [Question("dates", "dates", label, parts=rows, note=note)]


def _date_row(rule: Any, rank: int, sheet: Sheet) -> Question:
    name, start = f"date_{rank}", sheet.today.isoformat()
    day = sheet.ask(name, "line", _("Day %(rank)s", rank=rank), input_type="date", min=start)
    parts = [day]
    if rule.mode == "window":
        until = sheet.ask(f"{name}_to", "line", _("Until"), input_type="date", min=start)
        parts = [replace(day, label=_("From")), until]
    if rule.mode == "datetime":
        clock = sheet.ask(f"{name}_time", "line", _("Time"), input_type="time")
        parts = [replace(day, label=_("Day")), clock]
    if rule.day_part:
        labels = {"flexible": _("Any time"), "morning": _("Morning"), "afternoon": _("Afternoon")}
        part_of_day = sheet.ask(
            f"{name}_part", "select", _("Time of day %(rank)s", rank=rank),
            value=sheet.typed(f"{name}_part", "flexible"),
            answers=[Answer(*one) for one in labels.items()],
        )  # fmt: skip
        parts.append(part_of_day)
    return _row(name, parts)


def _row(name: str, parts: Sequence[Question]) -> Question:
    return Question(f"{name}_row", "row", "", parts=parts)


_DRAW: Mapping[str, Callable[[Ask, Sheet], list[Question]]] = {
    "location": _location,
    "contact": _contact,
    "service": _service,
    "category": _category,
    "kind": _kind,
    "description": _description,
    "notes": _notes,
    "urgency": _urgency,
    "photos": _photos,
    "preferred_dates": _dates,
}
