"""Switching to another way of taking requests: said before, done in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import N_, Conflict, NotFound
from app.models import Company, Request, WorkflowVersion
from app.services import (
    draft_edits,
    notifications,
    preset_settings,
    presets,
    workflow_drafts,
)
from app.services.notifications import COMPANIONS, When
from app.services.preset_settings import Difference
from app.services.publishing import lock_company
from workflows import audit, library, versions
from workflows.schema import Definition, State

Texts = Mapping[str, str]
Mail = tuple[When, Texts, str]  # when it goes out, its subject, to whom
_SEEN_CHANGED: Final = N_("The picture has changed since you opened it. Look at it again.")
_ALREADY: Final = N_("Requests are taken this way already.")


@dataclass(frozen=True)
class Way:
    """One of the ways there are, as a company would take it up."""

    key: str
    title: Texts
    is_current: bool
    own_version: int | None  # of the company's own text; none: as it is shipped


@dataclass(frozen=True)
class Wording:
    """What customers read in a state, before and after; blank where there is no such state."""

    label: Texts
    before: Texts
    after: Texts


@dataclass(frozen=True)
class Preview:
    """Everything a switch would change; ``confirm`` stands for the picture."""

    way: Way
    before: Definition
    after: Definition
    shape: Sequence[tuple[str, str, str]]  # settings of the form and the steps
    settings: Sequence[Difference]
    wording: Sequence[Wording]
    gained: Sequence[Mail]  # what goes out that did not, and the other way round
    lost: Sequence[Mail]
    under_way: int
    confirm: str


def ways(session: Session, actor: Actor) -> list[Way]:
    """Return the ways of taking requests, the recommended one first. Raises Forbidden."""
    workflow_drafts.check_owner(actor)
    company = session.get_one(Company, actor.company_id)
    return [_way(session, company, key) for key in presets.names()]


def preview(session: Session, actor: Actor, key: str) -> Preview:
    """Return what switching would change; nothing does yet.

    Raises Forbidden, NotFound, and Conflict when requests are taken that way already.
    """
    workflow_drafts.check_owner(actor)
    company = session.get_one(Company, actor.company_id)
    if key not in presets.names():
        raise NotFound("preset", key)
    if key == company.request_workflow:
        raise Conflict(_ALREADY)
    before = versions.current(session, company, company.request_workflow)
    after = _definition(session, company, key)
    changed = preset_settings.differences(company, key)
    open_now = _open(session, company)
    old_mails, new_mails = notifications.goes_out(before), notifications.goes_out(after)
    return Preview(
        way=_way(session, company, key),
        before=before,
        after=after,
        shape=draft_edits.changed(before, after),
        settings=changed,
        wording=list(_wording(before, after)),
        gained=[mail for mail in new_mails if mail not in old_mails],
        lost=[mail for mail in old_mails if mail not in new_mails],
        under_way=open_now,
        confirm=audit.digest([
            before.digest, after.digest, open_now,
            [[one.name, one.before, one.after] for one in changed],
        ]),
    )  # fmt: skip


def switch(session: Session, actor: Actor, key: str, confirm: str, *, at: datetime) -> Preview:
    """Take requests another way from now on; those under way keep what they began under.

    Holds the company's row until the caller commits. Raises Forbidden, NotFound, and Conflict
    when what was shown is not what would happen any more.
    """
    workflow_drafts.check_owner(actor)
    company = lock_company(session, actor.company_id)
    shown = preview(session, actor, key)
    if shown.confirm != confirm:
        raise Conflict(_SEEN_CHANGED)
    if key not in company.versions:
        versions.publish(session, company, shown.after, author=actor.name, at=at)
    for name in COMPANIONS:
        if name not in company.versions:  # of a company that is older than the workflow
            versions.publish(session, company, library.definition(name), author="Callout", at=at)
    company.request_workflow = key
    for name, value in preset_settings.columns(key, company).items():
        setattr(company, name, value)
    return shown


def _way(session: Session, company: Company, key: str) -> Way:
    definition = _definition(session, company, key)
    shipped = definition.digest == library.definition(key).digest
    number = None if shipped else versions.number(session, company.versions[key])
    return Way(key, definition.title, key == company.request_workflow, number)


def _definition(session: Session, company: Company, key: str) -> Definition:
    """Return the company's own text where it has published one, else ours."""
    if key in company.versions:
        return versions.current(session, company, key)
    return library.definition(key)


def _open(session: Session, company: Company) -> int:
    """Return how many requests are under way in the workflow that would be left."""
    mine = select(WorkflowVersion.id).where(WorkflowVersion.key == company.request_workflow)
    statement = select(func.count(Request.id)).where(
        Request.outcome.is_(None), Request.workflow_version_id.in_(mine)
    )
    return session.scalar(statement) or 0


def _wording(before: Definition, after: Definition) -> Sequence[Wording]:
    old = {state.name: state for state in before.states}
    new = {state.name: state for state in after.states}
    found = [(each, _read(old, each.name), _read(new, each.name)) for each in (old | new).values()]
    return [Wording(each.label, was, will) for each, was, will in found if was != will]


def _read(states: Mapping[str, State], name: str) -> Texts:
    return states[name].customer_label if name in states else {}
