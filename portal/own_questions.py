"""The company's own questions: on the request form, or before a step."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _

from portal.sheet import Answer, Question, Sheet
from portal.shown_when import shown_when
from workflows.schema import FormField

MANY: Final = 8  # more answers than this are a list to open, not buttons to look over
_INPUT_TYPES: Final = {"date": "date", "datetime": "datetime-local"}
_INPUT_MODES: Final = {"number": "decimal", "money": "decimal"}
_Choices = Mapping[str, Sequence[tuple[str, str]]]


def own_questions(
    rules: Sequence[FormField],
    sheet: Sheet,
    choices: _Choices | None = None,
) -> list[Question]:
    """Return the company's own questions: on the request form, or before a step.

    ``choices`` are the rows that questions for a place, a service or a person offer, by name.
    Left out is a file, which the form asks for as a photo.
    """
    drawn = (_own(rule, sheet, choices or {}) for rule in rules)
    return [question for question in drawn if question is not None]


def _own(rule: FormField, sheet: Sheet, choices: _Choices) -> Question | None:
    label, help_text = sheet.text(rule.label), sheet.text(rule.help)
    when = shown_when(rule.visible_if, sheet.facts) if rule.visible_if else ""
    # What shows only sometimes and can't be told here is checked by the server: it may stay blank.
    rest: dict[str, Any] = {
        "help": help_text,
        "required": rule.required and (rule.visible_if is None or bool(when)),
        "when": when,
    }
    if rule.type == "file":
        return None
    if rule.type == "choice":
        offered = [(one.value, sheet.text(one.label)) for one in rule.choices]
        return _choice(sheet, rule.name, label, offered, **rest)
    if rule.type in ("location", "service", "user"):
        return _choice(sheet, rule.name, label, choices.get(rule.name, ()), **rest)
    if rule.type == "window":
        return _window(sheet, rule.name, label, **rest)
    kind = rule.type if rule.type in ("long_text", "bool") else "line"
    return sheet.ask(
        rule.name, kind, label,
        input_type=_INPUT_TYPES.get(rule.type, "text"),
        input_mode=_INPUT_MODES.get(rule.type, ""),
        **rest,
    )  # fmt: skip


def _choice(
    sheet: Sheet, name: str, label: str, offered: Sequence[tuple[str, str]], **rest: Any
) -> Question:
    answers = [Answer(*one) for one in offered]
    kind = "radios" if len(answers) <= MANY else "select"
    if kind == "select" or not rest.get("required"):
        answers.insert(0, Answer("", _("Please choose") if kind == "select" else _("No answer")))
    return sheet.ask(name, kind, label, answers=answers, **rest)


def _window(sheet: Sheet, name: str, label: str, **rest: Any) -> Question:
    typed = sheet.raw.get(name) or ["", ""]
    values = typed.split("/") if isinstance(typed, str) else list(typed)
    # Both ends bear the field's name: they arrive as a list of two.
    ends = [
        Question(name, "line", words, value=value, input_type="datetime-local")
        for words, value in zip((_("From"), _("Until")), [*values, "", ""], strict=False)
    ]
    return sheet.ask(
        name,
        "dates",
        label,
        value="",
        parts=[Question(f"{name}_row", "row", "", parts=ends)],
        **rest,
    )
