"""What every page of a workflow has: its name, its tabs, its problems with links to the place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from admin_views.base import actor, form_data
from app import clock, languages
from app.db import db, transaction
from app.errors import N_, Conflict, DomainError, Invalid
from app.models import Company
from app.services import under_way, workflow_drafts
from app.services.workflow_drafts import Draft
from app.web.words import in_words
from workflows import versions
from workflows.problems import Problem
from workflows.schema import Definition

TABS = (
    ("steps", _l("Steps"), "workflows.steps"),
    ("wording", _l("Wording"), "workflows.wording"),
    ("yaml", _l("YAML"), "workflows.yaml"),
    ("versions", _l("Versions"), "workflow_publishing.versions"),
)


@dataclass(frozen=True)
class Line:
    """One problem as the page shows it."""

    words: str
    is_error: bool
    url: str
    line: int


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
    def message_choices(self) -> list[tuple[str, str]]:
        """Return the messages a form may choose from."""
        return self.pairs(self.shown.messages)

    def pairs(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Return names as a select takes them."""
        return [(name, name) for name in names]

    @property
    def tabs(self) -> list[tuple[str, Any, str]]:
        """Return the tabs as (key, label, address)."""
        return [(key, label, url_for(end, key=self.key)) for key, label, end in TABS]


def frame(key: str) -> Frame:
    """Return what the pages of a workflow share. Raises NotFound, Forbidden."""
    session = db.session()
    draft = workflow_drafts.get(session, actor(), key)
    company = session.get_one(Company, actor().company_id)
    published = versions.current(session, company, key)
    found = under_way.counts(session, key, published.subject)
    return Frame(
        key=key,
        draft=draft,
        definition=draft.read().definition,
        published=published,
        number=versions.number(session, company.versions[key]),
        lines=problem_lines(session, draft),
        counts={state: sum(by.values()) for state, by in found.items()},
    )


def problem_lines(session: Session, draft: Draft) -> list[Line]:
    """Return what is wrong with a draft, errors first, each with the address of its place."""
    problems = workflow_drafts.problems(session, actor(), draft)
    definition = draft.read().definition
    ordered = sorted(problems, key=lambda one: not one.is_error)
    return [
        Line(problem_words(one), one.is_error, _place(draft.key, definition, one), one.line)
        for one in ordered
    ]


def problem_words(problem: Problem) -> str:
    """Return a problem in the reader's language."""
    params: dict[str, Any] = dict(problem.params)
    return in_words(DomainError(problem.msgid, **params))


def edited(key: str) -> tuple[Draft, dict[str, Any]]:
    """Return the draft that a form was made from, and its document to change.

    Raises Conflict while its text is no definition: that is mended in the YAML tab.
    """
    draft = workflow_drafts.get(db.session(), actor(), key)
    data = workflow_drafts.data_of(draft)
    if data is None:
        raise Conflict(N_("Mend the text in the YAML tab first; it can't be read as it is."))
    edition = request.form.get("edition", "")
    return (replace(draft, edition=int(edition)) if edition.isdecimal() else draft), data


def keep(draft: Draft, data: Mapping[str, Any]) -> None:
    """Store a changed document as the draft. Raises Invalid, Conflict."""
    with transaction() as session:
        workflow_drafts.save_data(session, actor(), draft, data, at=clock.now())


def typed() -> dict[str, Any]:
    """Return the form as it was typed, to show it again."""
    return dict(form_data())


def faults(error: DomainError) -> list[str]:
    """Return what is wrong with a form, a sentence each."""
    if isinstance(error, Invalid):
        return [in_words(one) for one in error.fields.values()]
    return [in_words(error)]


def language_name(code: str) -> str:
    """Return a language's own name, its code where we don't know it."""
    return languages.SHIPPED.get(code, code)


def _place(key: str, definition: Definition | None, problem: Problem) -> str:
    head, _, rest = problem.path.partition(".")
    number = rest.partition(".")[0]
    if definition is not None and number.isdecimal():
        if head == "states" and int(number) < len(definition.states):
            name = definition.states[int(number)].name
            return url_for("workflow_parts.state", key=key, which=name)
        if head == "transitions" and int(number) < len(definition.transitions):
            return url_for("workflow_parts.step", key=key, number=int(number))
    if definition is not None and head == "messages":
        return url_for("workflows.wording", key=key)
    return url_for("workflows.yaml", key=key, line=problem.line or 1)
