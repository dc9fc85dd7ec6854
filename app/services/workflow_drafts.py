"""Drafts of workflows: one text a workflow, saved whatever stands in it, checked on asking."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db import locked
from app.errors import N_, Conflict, DomainError, Forbidden, Invalid, NotFound
from app.models import Company, Staff, WorkflowDraft, WorkflowVersion
from workflows import document, library, registry, timers, versions
from workflows.difference import Change, differences
from workflows.document import Document
from workflows.problems import Problem
from workflows.rewriting import rewrite
from workflows.schema import Definition
from workflows.schema.base import MAX_BYTES
from workflows.verifier import verify
from workflows.yaml_tree import YamlRefused, build_tree

_ANOTHER_KEY = N_("This definition is called '%(given)s'; here it must be '%(key)s'.")
_UNBOUND = N_("'%(effect)s' is not possible on this installation yet; remove it.")


@dataclass(frozen=True)
class Draft:
    """What is being worked on. Before the first save it is the published text."""

    key: str
    text: str
    edition: int  # 0: nothing was saved yet
    author: str = ""
    updated_at: datetime | None = None

    @property
    def is_saved(self) -> bool:
        """Return True once somebody changed something."""
        return self.edition > 0

    def read(self) -> Document:
        """Return the definition in the text, or why there is none."""
        return document.read(self.text, self.key)


@dataclass(frozen=True)
class Overview:
    """One line in the list of workflows."""

    key: str
    title: Mapping[str, str]
    number: int
    published_at: datetime | None
    draft: Draft | None
    takes_requests: bool


def overview(session: Session, actor: Actor) -> list[Overview]:
    """Return the company's workflows, the one that takes requests first."""
    check_owner(actor)
    company = session.get_one(Company, actor.company_id)
    drafts = {row.key: _as_draft(row) for row in session.scalars(select(WorkflowDraft))}
    found = []
    for key in sorted(company.versions, key=lambda key: (key != company.request_workflow, key)):
        row = session.get_one(WorkflowVersion, company.versions[key])
        title = versions.load(session, row.id).title
        taking = key == company.request_workflow
        found.append(Overview(key, title, row.number, row.published_at, drafts.get(key), taking))
    return found


def get(session: Session, actor: Actor, key: str) -> Draft:
    """Return the draft of a workflow. Raises Forbidden, NotFound."""
    check_owner(actor)
    company = session.get_one(Company, actor.company_id)
    definition = versions.current(session, company, key)
    row = _row(session, key)
    return _as_draft(row) if row else Draft(key, _text_of(definition), 0)


def save(
    session: Session, actor: Actor, key: str, text: str, *, edition: int | None, at: datetime
) -> Draft:
    """Keep a text as the draft, whatever stands in it.

    ``edition`` is the one the person began with; None overwrites. Raises Conflict when somebody
    else saved meanwhile, Invalid for a text that is too long, Forbidden, NotFound.
    """
    # Of two who save at once the second must see what the first one did.
    session.execute(locked(select(Company.id).where(Company.id == actor.company_id)))
    known = get(session, actor, key)
    if edition not in (None, known.edition):
        raise Conflict(N_("Somebody else saved this draft meanwhile. Look at theirs first."))
    if len(text.encode()) > MAX_BYTES * 2:
        raise Invalid({"text": N_("The text is too long; shorten it.")})
    row = _row(session, key)
    if row is None:
        row = WorkflowDraft(key=key, text="", author="", edition=0, created_at=at, updated_at=at)
        session.add(row)
    row.text = text.replace("\r\n", "\n").replace("\0", "")
    row.author, row.updated_at = actor.name, at
    row.edition += 1
    session.flush()  # so that whoever reads the draft next finds it
    return _as_draft(row)


def save_data(
    session: Session, actor: Actor, draft: Draft, data: Mapping[str, Any], *, at: datetime
) -> Draft:
    """Keep a changed document as the draft; comments, order and quotes of its text stay.

    Raises Invalid when it can't be a definition.
    """
    changed = document.read_data(dict(data), draft.key)
    if changed.definition is None:
        raise Invalid({problem.path: _said(problem) for problem in changed.problems})
    text = rewrite(get(session, actor, draft.key).text, data)
    return save(session, actor, draft.key, text, edition=draft.edition, at=at)


def discard(session: Session, actor: Actor, key: str) -> None:
    """Forget the draft; what is published stands."""
    check_owner(actor)
    row = _row(session, key)
    if row is not None:
        session.delete(row)
        session.flush()  # so that whoever reads the draft next finds none


def take_up(session: Session, actor: Actor, key: str, number: int, *, at: datetime) -> Draft:
    """Make an earlier version the draft: publishing it is the way back. Raises NotFound."""
    definition = versions.load(session, version(session, actor, key, number).id)
    return save(session, actor, key, _text_of(definition), edition=None, at=at)


def version(session: Session, actor: Actor, key: str, number: int) -> WorkflowVersion:
    """Return one published version. Raises NotFound, Forbidden."""
    check_owner(actor)
    statement = select(WorkflowVersion).where(
        WorkflowVersion.key == key, WorkflowVersion.number == number
    )
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFound("workflow version", number)
    return row


def history(
    session: Session, actor: Actor, key: str
) -> list[tuple[WorkflowVersion, Sequence[Change]]]:
    """Return every version, the newest first, with what it changed against the one before."""
    check_owner(actor)
    versions.current_id(session.get_one(Company, actor.company_id), key)
    rows = versions.all_of(session, key)
    older: list[WorkflowVersion | None] = [*rows[1:], None]
    return [(row, _changes(session, before, row)) for row, before in zip(rows, older, strict=True)]


def problems(session: Session, actor: Actor, draft: Draft) -> list[Problem]:
    """Return what is wrong with a draft: it can be published when none of them is an error.

    Its own tests run on the company's opening hours and holidays.
    """
    return problems_of(session, actor, draft.read(), draft.key)


def problems_of(session: Session, actor: Actor, found: Document, key: str) -> list[Problem]:
    """Return what is wrong with a document that may not be kept yet."""
    if found.definition is None:
        return list(found.problems)
    if found.definition.workflow != key:
        said = {"given": found.definition.workflow, "key": key}
        return [found.problem("E30", ("workflow",), _ANOTHER_KEY, **said)]
    company = session.get_one(Company, actor.company_id)
    calendar = timers.calendar(session, company.timezone)
    return [
        *_out_of_reach(found, found.definition),
        *verify(found.definition, lines=found.lines, members=members(session), calendar=calendar),
    ]


def members(session: Session) -> dict[str, int]:
    """Return how many people have each role and can sign in."""
    statement = (
        select(Staff.role, func.count()).where(Staff.disabled_at.is_(None)).group_by(Staff.role)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def data_of(draft: Draft) -> dict[str, Any] | None:
    """Return the draft as plain data that may be changed, None while its YAML can't be read."""
    try:
        data, _ = build_tree(draft.text)
    except YamlRefused:
        return None
    return data if isinstance(data, dict) and draft.read().definition else None


def changes(session: Session, actor: Actor, definition: Definition, key: str) -> list[Change]:
    """Return how a definition differs from the published one, in words."""
    company = session.get_one(Company, actor.company_id)
    return differences(versions.current(session, company, key), definition)


def check_owner(actor: Actor) -> None:
    """Raise Forbidden for everybody but an owner. Source: feature 188."""
    if actor.role not in ("owner", "system"):
        raise Forbidden(N_("Only an owner may change how requests are taken."))


def _text_of(definition: Definition) -> str:
    """Return the text a draft begins with: a shipped file's own, with its comments."""
    name = definition.workflow
    if name in library.names() and library.definition(name) == definition:
        return library.text(name)
    return document.write(definition)


def _row(session: Session, key: str) -> WorkflowDraft | None:
    return session.scalars(select(WorkflowDraft).where(WorkflowDraft.key == key)).one_or_none()


def _as_draft(row: WorkflowDraft) -> Draft:
    return Draft(row.key, row.text, row.edition, row.author, row.updated_at)


def _changes(
    session: Session, before: WorkflowVersion | None, after: WorkflowVersion
) -> Sequence[Change]:
    if before is None:
        return ()
    return differences(versions.load(session, before.id), versions.load(session, after.id))


def _said(problem: Problem) -> DomainError:
    params: dict[str, Any] = dict(problem.params)
    return DomainError(problem.msgid, **params)


def _out_of_reach(found: Document, definition: Definition) -> Iterator[Problem]:
    """Yield what a definition may say, but this installation can't do yet."""
    missing = registry.unbound()
    for path, use in definition.effect_uses():
        if use.name in missing:
            yield found.problem("E16", path, _UNBOUND, effect=use.name)
