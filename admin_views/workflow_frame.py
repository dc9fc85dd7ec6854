"""What every page of a workflow has: its name, its tabs, its problems with links to the place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from admin_views.base import actor
from admin_views.workflow_drawing import Picture, draw
from app import languages
from app.db import db
from app.errors import DomainError, Invalid
from app.models import Company
from app.services import under_way, workflow_drafts
from app.services.workflow_drafts import Draft
from app.web.words import in_words, said
from workflows import document, names, versions
from workflows.document import Document
from workflows.places import Place, place_of
from workflows.plain_words import bare, in_plain_words
from workflows.problems import Problem
from workflows.schema import Definition, EffectUse, Timer

TABS = (
    ("steps", _l("Steps"), "workflows.steps"),
    ("form", _l("Form"), "workflow_parts.form"),
    ("timers", _l("Reminders"), "workflow_parts.timers"),
    ("wording", _l("Wording"), "workflows.wording"),
    ("basics", _l("Languages and roles"), "workflow_parts.basics"),
    ("yaml", _l("YAML"), "workflows.yaml"),
    ("versions", _l("Versions"), "workflow_publishing.versions"),
)


@dataclass(frozen=True)
class Line:
    """One problem as the page shows it: in words, and where it leads."""

    words: str
    is_error: bool
    url: str
    place: str
    line: int
    state: str = ""


@dataclass(frozen=True)
class Frame:
    """One workflow on the screen."""

    key: str
    draft: Draft
    definition: Definition | None
    published: Definition
    number: int
    lines: Sequence[Line]
    counts: Mapping[str, int]

    @property
    def shown(self) -> Definition:
        """Return the definition to draw: the draft's while it can be read."""
        return self.definition or self.published

    @property
    def total(self) -> int:
        """Return how many records are under way."""
        return sum(self.counts.values())

    @property
    def errors(self) -> int:
        """Return how many problems stop the publishing."""
        return sum(line.is_error for line in self.lines)

    @property
    def codes(self) -> Sequence[str]:
        """Return the languages of the workflow."""
        return self.shown.languages

    @property
    def tabs(self) -> list[tuple[str, Any, str]]:
        """Return the tabs as (key, label, address)."""
        return [
            (key, label, url_for(end, key=self.key))
            for key, label, end in TABS
            if key != "form" or self.published.subject == "request"
        ]

    @property
    def picture(self) -> Picture:
        """Return the drawing, the states with problems marked."""
        return draw(self.shown, self.counts, {line.state for line in self.lines if line.state})

    def role(self, name: str) -> str:
        """Return what people call a role."""
        return said(names.named(names.ROLES, name))

    def state(self, name: str) -> str:
        """Return what a state is called."""
        return said(names.state(self.shown, name))

    def state_choices(self, finals: bool = True) -> list[tuple[str, str]]:
        """Return the states as a list to choose from."""
        return [
            (one.name, self.state(one.name)) for one in self.shown.states if finals or not one.final
        ]

    def role_choices(self) -> list[tuple[str, str]]:
        """Return whose turn it may be."""
        return [
            (name, self.role(name))
            for name, one in self.shown.roles.items()
            if one.kind != "system"
        ]

    def effect(self, use: EffectUse) -> str:
        """Return what an effect does."""
        return said(names.effect(self.shown, use))

    def timer(self, rule: Timer) -> str:
        """Return what a timer does and when."""
        return said(names.timer(self.shown, rule))


def frame(key: str, data: Mapping[str, Any] | None = None) -> Frame:
    """Return what the pages of a workflow share, as it is kept or as it is being typed.

    Raises NotFound, Forbidden.
    """
    session = db.session()
    draft = workflow_drafts.get(session, actor(), key)
    company = session.get_one(Company, actor().company_id)
    published = versions.current(session, company, key)
    counted = under_way.counts(session, key, published.subject)
    found = document.read_data(dict(data), key) if data is not None else draft.read()
    if data is not None and found.definition is None:  # half typed: the form says what is missing
        found = draft.read()
    return Frame(
        key=key,
        draft=draft,
        definition=found.definition,
        published=published,
        number=versions.number(session, company.versions[key]),
        lines=problem_lines(session, key, found),
        counts={state: sum(by.values()) for state, by in counted.items()},
    )


def problem_lines(session: Session, key: str, found: Document) -> list[Line]:
    """Return what is wrong with a document, errors first, each with the address of its place."""
    problems = workflow_drafts.problems_of(session, actor(), found, key)
    ordered = sorted(problems, key=lambda one: not one.is_error)
    return [_line(key, found.definition, one) for one in ordered]


def _line(key: str, definition: Definition | None, problem: Problem) -> Line:
    place = place_of(problem.path, definition) if definition else None
    return Line(
        words=problem_words(problem, definition),
        is_error=problem.is_error,
        url=_address(key, place, problem),
        place=said(place.phrase) if place else "",
        line=problem.line,
        state=_state(place, definition),
    )


def problem_words(problem: Problem, definition: Definition | None) -> str:
    """Return a problem in the reader's language."""
    return said(in_plain_words(problem, definition) if definition else bare(problem))


def faults(error: DomainError) -> list[str]:
    """Return what is wrong with a form, a sentence each."""
    if isinstance(error, Invalid):
        return [in_words(one) for one in error.fields.values()]
    return [in_words(error)]


def language_name(code: str) -> str:
    """Return a language's own name, its code where we don't know it."""
    return languages.SHIPPED.get(code, code)


def message_address(key: str, name: str) -> str:
    """Return where the words of a message are written."""
    if "message_texts.index" in current_app.view_functions:
        return url_for("message_texts.index", workflow=key, message=name)
    return url_for("workflows.wording", key=key)


def _state(place: Place | None, definition: Definition | None) -> str:
    """Return the state a problem is in: its own, or that of the step it is about."""
    if place is None or definition is None:
        return ""
    if place.page == "step":
        return definition.transitions[int(place.which)].source[0]
    return place.which if place.page == "state" else ""


def _address(key: str, place: Place | None, problem: Problem) -> str:
    if place is None or place.page == "tests":
        return url_for("workflows.yaml", key=key, line=problem.line or 1)
    anchor = _anchor(place, problem)
    if place.page == "message":
        return message_address(key, place.which)
    if place.page == "state":
        return url_for("workflow_parts.state", key=key, which=place.which, _anchor=anchor)
    if place.page == "step":
        number = int(place.which)
        return url_for("workflow_parts.step", key=key, number=number, _anchor=anchor)
    return url_for(f"workflow_parts.{place.page}", key=key, _anchor=anchor)


def _anchor(place: Place, problem: Problem) -> str:
    """Return the id of the input on that page: form fields lie where the document has them."""
    prefix = {"form": "items.", "timers": "timers."}.get(place.page, "")
    which = place.which if prefix else ""
    path = ".".join(filter(None, (f"{prefix}{which}".rstrip("."), place.part)))
    path = path.removesuffix(".if").removesuffix(".visible_if")
    if problem.rule == "E10":
        path = f"{path}.{problem.params.get('language')}"
    return path
