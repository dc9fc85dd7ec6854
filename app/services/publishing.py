"""Publishing a draft: what becomes of the records under way, said before and done after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import outbox
from app.actor import Actor
from app.db import locked
from app.errors import N_, Conflict, DomainError, Invalid
from app.models import Company, Publication
from app.services import under_way, workflow_drafts
from app.services.under_way import Group
from app.services.workflow_drafts import Draft
from workflows import audit, timers, versions
from workflows.difference import Change
from workflows.problems import Problem
from workflows.schema import Definition

MOVE: Final = "move"
STAY: Final = "stay"
INTO: Final = "into:"
KEEP: Final = "keep"
END: Final = "end"
LINKS: Final = (KEEP, END)
POLICIES: Final[tuple[str, ...]] = get_args(timers.Policy)


@dataclass(frozen=True)
class Choices:
    """What the owner answered: by state ``move``, ``stay`` or ``into:STATE``; a note by language.

    ``confirm`` is the token of the picture the answers were given to.
    """

    states: Mapping[str, str]
    timers: str = "restart_from_state_entry"
    links: str = KEEP  # one-click answers in mails that went out, of what moves
    note: str | None = None
    move_notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    confirm: str = ""


@dataclass(frozen=True)
class Preview:
    """The whole picture before publishing; ``confirm`` stands for it."""

    draft: Draft
    number: int
    published: Definition
    definition: Definition | None
    problems: Sequence[Problem]
    changes: Sequence[Change]
    groups: Sequence[Group]
    notices: under_way.Notices | None
    confirm: str

    @property
    def errors(self) -> list[Problem]:
        """Return what stops the publishing."""
        return [problem for problem in self.problems if problem.is_error]

    @property
    def total(self) -> int:
        """Return how many records are under way."""
        return sum(group.count for group in self.groups)


def preview(session: Session, actor: Actor, key: str, *, at: datetime) -> Preview:
    """Return what publishing the draft would do; nothing changes. Raises Forbidden, NotFound."""
    draft = workflow_drafts.get(session, actor, key)
    company = session.get_one(Company, actor.company_id)
    published = versions.current(session, company, key)
    definition = draft.read().definition
    shown = definition or published
    groups = under_way.groups(session, key, published, shown)
    return Preview(
        draft=draft,
        number=versions.next_number(session, key),
        published=published,
        definition=definition,
        problems=workflow_drafts.problems(session, actor, draft),
        changes=workflow_drafts.changes(session, actor, shown, key),
        groups=groups,
        notices=under_way.notices(session, groups, shown, at=at) if definition else None,
        confirm=_token(company, draft, groups),
    )


def publish(
    session: Session, actor: Actor, key: str, choices: Choices, *, at: datetime
) -> Publication:
    """Publish the draft; what is under way is then moved by a worker.

    Holds the company's row until the caller commits, so two can't publish at once. Raises
    Forbidden, NotFound, Conflict (the picture changed since it was shown, or the draft has
    errors) and Invalid (a state that goes away has no answer).
    """
    workflow_drafts.check_owner(actor)
    company = lock_company(session, actor.company_id)
    shown = preview(session, actor, key, at=at)
    if shown.confirm != choices.confirm:
        raise Conflict(N_("The picture has changed since you opened it. Look at it again."))
    if shown.definition is None or shown.errors:
        raise Conflict(N_("There are problems in the draft. Nothing was published."))
    plan = _plan(shown, choices)
    version = versions.publish(
        session, company, shown.definition, author=actor.name, at=at, note=choices.note
    )
    row = Publication(
        key=key,
        workflow_version_id=version.id,
        plan=plan,
        actor_ref=actor.ref,
        actor_name=actor.name,
        at=at,
        total=sum(each.count for each in shown.groups if each.name in plan["states"]),
    )
    row.done_at = None if row.total else at
    session.add(row)
    workflow_drafts.discard(session, actor, key)
    outbox.ring_after(session)
    return row


def latest(session: Session, actor: Actor, key: str) -> Publication | None:
    """Return the newest publishing of a workflow, None when nothing was published here yet."""
    workflow_drafts.check_owner(actor)
    statement = (
        select(Publication).where(Publication.key == key).order_by(Publication.id.desc()).limit(1)
    )
    return session.scalars(statement).one_or_none()


def lock_company(session: Session, company_id: int) -> Company:
    """Return the company, its row held until the caller commits, read anew."""
    statement = locked(select(Company).where(Company.id == company_id))
    company: Company = session.scalars(statement.execution_options(populate_existing=True)).one()
    return company


def _token(company: Company, draft: Draft, groups: Sequence[Group]) -> str:
    counted = [[group.name, group.count] for group in groups]
    return audit.digest([draft.key, company.versions.get(draft.key), draft.text, counted])


def _plan(shown: Preview, choices: Choices) -> dict[str, Any]:
    """Return what a worker is to do. Raises Invalid for answers that are missing or odd."""
    wrong: dict[str, DomainError | str] = {}
    if choices.timers not in POLICIES:
        wrong["timers"] = N_("Choose one of the answers.")
    if choices.links not in LINKS:
        wrong["links"] = N_("Choose one of the answers.")
    moves: dict[str, Any] = {}
    for group in shown.groups:
        answer = choices.states.get(group.name) or ("" if group.is_gone else MOVE)
        if answer == STAY:
            continue
        into = answer.removeprefix(INTO) if answer.startswith(INTO) else group.name
        if not shown.definition or not shown.definition.has_state(into) or not answer:
            wrong[group.name] = N_("Say what becomes of these requests.")
        moves[group.name] = {"move_to": into, "note": dict(choices.move_notes.get(group.name, {}))}
    if wrong:
        raise Invalid(wrong)
    return {"states": moves, "timers": choices.timers, "links": choices.links}
