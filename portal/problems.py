"""What is wrong with a form that was sent: said beside each field, and listed with links."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.errors import Invalid
from app.web.words import in_words
from portal.sheet import Question


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and the place on the page to mend it."""

    anchor: str
    text: str


def sentences(error: Invalid) -> dict[str, str]:
    """Return what is wrong by field, in the reader's language."""
    return {name: in_words(one) for name, one in error.fields.items()}


def listed(errors: Mapping[str, str], questions: Sequence[Question]) -> list[Problem]:
    """Return the list at the top of the form, in the order of its questions."""
    known = {question.name: question for question in _all(questions)}
    ordered = [name for name in known if name in errors]
    ordered += [name for name in errors if name not in known]
    return [_problem(name, errors[name], known.get(name)) for name in ordered]


def _problem(name: str, text: str, question: Question | None) -> Problem:
    if question is None:
        return Problem("main", text)
    label = question.label
    said = f"{label} {text}" if label.endswith("?") else f"{label}: {text}"
    return Problem("photos-part" if question.kind == "photos" else name, said)


def _all(questions: Sequence[Question]) -> Iterator[Question]:
    for question in questions:
        yield question
        yield from _all(question.parts)
