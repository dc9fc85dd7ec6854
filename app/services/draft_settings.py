"""A company's own request workflow, read and changed setting by setting; changes are a draft."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import N_, Conflict, DomainError, Invalid
from app.models import Company
from app.services import draft_edits, draft_pieces, workflow_drafts
from app.services.draft_edits import Edited
from app.services.form import Raw
from app.services.workflow_drafts import Draft
from workflows import document, registry, timers, versions
from workflows.calendars import Calendar
from workflows.schema import Definition

_UNREADABLE = N_("The draft's text can't be read as it is. Mend it in the YAML tab first.")
_OUT_OF_REACH = N_("That is not possible on this installation yet.")


@dataclass(frozen=True)
class Shape:
    """How requests are taken: as published, and as the draft has it."""

    draft: Draft
    published: Definition
    definition: Definition | None  # of the draft; None while its text can't be read

    @property
    def key(self) -> str:
        """Return the workflow's key."""
        return self.draft.key

    @property
    def known(self) -> Definition:
        """Return what the page shows: the draft while it can be read."""
        return self.definition or self.published

    @property
    def values(self) -> dict[str, str]:
        """Return every setting by name."""
        return draft_edits.values(self.known)

    @property
    def waiting(self) -> list[tuple[str, str, str]]:
        """Return what publishing would change: name, value now, value then."""
        return draft_edits.changed(self.published, self.known)

    @property
    def donors(self) -> list[Definition]:
        """Return where ready-made pieces come from, the company's own first."""
        return draft_pieces.donors(self.published)


@dataclass(frozen=True)
class Changed:
    """What was saved: each setting with the value before and after, and tests left out."""

    shape: Shape
    settings: Sequence[tuple[str, str, str]]
    dropped: Sequence[str]


def shape(session: Session, actor: Actor, key: str | None = None) -> Shape:
    """Return how the company takes requests, or another of its workflows.

    Raises Forbidden, NotFound.
    """
    workflow_drafts.check_owner(actor)
    company = session.get_one(Company, actor.company_id)
    key = key or company.request_workflow
    draft = workflow_drafts.get(session, actor, key)
    return Shape(draft, versions.current(session, company, key), draft.read().definition)


def change(
    session: Session, actor: Actor, raw: Raw, *, edition: int | None, at: datetime
) -> Changed:
    """Put the settings of a form into the draft; those it has already are left alone.

    Nothing is saved when one can't be taken. Raises Invalid with the reason at its field,
    Conflict when somebody else saved meanwhile or the draft can't be read, Forbidden.
    """
    shown = shape(session, actor)
    before = _readable(shown)
    wanted = _wanted(raw, shown.values)
    calendar = calendar_of(session, actor)
    definition, dropped = before, list[str]()
    for name, value in wanted.items():
        try:
            edited = draft_edits.apply(definition, name, value, shown.donors, calendar=calendar)
        except Conflict as error:
            raise Invalid({name: error}) from error
        definition = edited.definition
        dropped += edited.dropped
    made = Edited(definition, dropped)
    saved = keep(session, actor, shown, made, edition=edition, at=at)
    return Changed(saved, draft_edits.changed(before, definition), dropped)


def rewrite(
    session: Session, actor: Actor, shown: Shape, write: Callable[[draft_pieces.Desk], None]
) -> Edited:
    """Return the draft after another named edit. Raises Conflict."""
    calendar = calendar_of(session, actor)
    return draft_edits.rewrite(_readable(shown), write, shown.donors, calendar=calendar)


def keep(
    session: Session,
    actor: Actor,
    shown: Shape,
    edited: Edited,
    *,
    edition: int | None,
    at: datetime,
) -> Shape:
    """Save an edited definition as the draft, if it differs. Raises Conflict, Forbidden."""
    if edited.definition == shown.definition:
        return shown
    if _unbound(edited.definition) - _unbound(shown.published):
        raise Conflict(_OUT_OF_REACH)
    text = document.write(edited.definition)
    draft = workflow_drafts.save(session, actor, shown.key, text, edition=edition, at=at)
    return replace(shown, draft=draft, definition=edited.definition)


def calendar_of(session: Session, actor: Actor) -> Calendar:
    """Return the opening hours the tests of a definition run on."""
    company = session.get_one(Company, actor.company_id)
    return timers.calendar(session, company.timezone)


def _readable(shown: Shape) -> Definition:
    if shown.definition is None:
        raise Conflict(_UNREADABLE)
    return shown.definition


def _wanted(raw: Raw, now: Mapping[str, str]) -> dict[str, str]:
    """Return the settings a form changes, cleaned. Raises Invalid with every odd value."""
    found: dict[str, str] = {}
    wrong: dict[str, DomainError | str] = {}
    for name, key in draft_edits.KEYS.items():
        if name not in raw:
            continue
        given = raw[name]
        value = given if isinstance(given, str) else ",".join(filter(None, given))
        try:
            cleaned = key.clean(value)
        except Invalid as error:
            wrong |= error.fields
            continue
        if cleaned != now[name]:
            found[name] = cleaned
    if wrong:
        raise Invalid(wrong)
    return found


def _unbound(definition: Definition) -> frozenset[str]:
    return registry.unbound() & {use.name for _, use in definition.effect_uses()}
