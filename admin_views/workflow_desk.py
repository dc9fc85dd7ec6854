"""A form over one part of a draft: read, typed on, checked as it is typed, kept."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from admin_views.base import actor, company, form_data
from app import clock
from app.db import db, transaction
from app.errors import N_, Conflict, Invalid
from app.services import workflow_drafts, workflow_effects, workflow_facts, workflow_steps
from app.services.workflow_drafts import Draft
from app.services.workflow_tree import Pen, Tree, nest, press
from app.web.words import in_words
from workflows import document
from workflows.schema import Definition, Transition

SAVE = ("", "save")


@dataclass(frozen=True)
class Desk:
    """What a form page stands on: the draft, its document, what may be chosen."""

    session: Session
    draft: Draft
    data: dict[str, Any]
    definition: Definition
    zone: str

    def facts(self, way: Transition | None = None) -> workflow_facts.Facts:
        """Return what conditions may ask about there."""
        return workflow_facts.of_step(self.session, self.definition, way)

    def facts_before(self, number: int) -> workflow_facts.Facts:
        """Return what the question at a place of the request form may hang on."""
        return workflow_facts.of_form(self.session, self.definition, number)

    def effects(self, way: Transition | None = None) -> Mapping[str, workflow_effects.Offer]:
        """Return what may happen there."""
        return workflow_effects.offers(self.definition, way)

    def known(self, way: Transition | None = None) -> workflow_steps.Known:
        """Return all of it, for a step."""
        return workflow_steps.Known(self.facts(), self.facts(way), self.effects(way), self.zone)


@dataclass(frozen=True)
class Sheet:
    """A form page: how it is read, written, and what its buttons do beside the usual."""

    read: Callable[[Desk], Tree]
    write: Callable[[Pen, Tree, Desk], object]
    press: Callable[[Tree, str], None] = press


@dataclass(frozen=True)
class Filled:
    """A sheet as it is to be shown; ``is_kept`` when there is nothing more to show."""

    desk: Desk
    tree: Tree
    wrong: Mapping[str, str]
    data: Mapping[str, Any] | None = None
    is_kept: bool = False

    @property
    def status(self) -> int:
        """Return 422 for a form that was refused."""
        return 422 if self.wrong else 200


def fill(key: str, sheet: Sheet) -> Filled:
    """Show a sheet, take what is typed on it, or keep it.

    Raises NotFound, Forbidden, and Conflict while the draft's text is no definition.
    """
    desk = open_desk(key)
    if request.method != "POST":
        return Filled(desk, sheet.read(desk), {})
    tree, do = nest(form_data()), request.form.get("do", "")
    sheet.press(tree, do)
    pen, desk = _written(sheet, tree, desk)
    if do not in SAVE:
        return Filled(desk, tree, {}, pen.data)
    wrong = {path: in_words(one) for path, one in pen.wrong.items()}
    if not wrong:
        try:
            keep(desk.draft, pen.data)
        except (Invalid, Conflict) as error:
            wrong = _refused(error)
    return Filled(desk, tree, wrong, pen.data, is_kept=not wrong)


def open_desk(key: str) -> Desk:
    """Return the draft that a form is made from. Raises Conflict, NotFound, Forbidden."""
    session = db.session()
    draft = workflow_drafts.get(session, actor(), key)
    data, definition = workflow_drafts.data_of(draft), draft.read().definition
    if data is None or definition is None:
        raise Conflict(N_("Mend the text in the YAML tab first; it can't be read as it is."))
    edition = request.form.get("edition", "")
    draft = replace(draft, edition=int(edition)) if edition.isdecimal() else draft
    return Desk(session, draft, data, definition, company().timezone)


def keep(draft: Draft, data: Mapping[str, Any]) -> None:
    """Store a changed document as the draft. Raises Invalid, Conflict."""
    with transaction() as session:
        workflow_drafts.save_data(session, actor(), draft, data, at=clock.now())


def _written(sheet: Sheet, tree: Tree, desk: Desk) -> tuple[Pen, Desk]:
    """Write the sheet twice: what was just added may be asked about further down."""
    pen = Pen(deepcopy(desk.data))
    sheet.write(pen, tree, desk)
    typed = document.read_data(pen.data).definition
    if typed is None or typed == desk.definition:
        return pen, desk
    seen = replace(desk, definition=typed)
    pen = Pen(deepcopy(desk.data))
    sheet.write(pen, tree, seen)
    return pen, seen


def _refused(error: Invalid | Conflict) -> dict[str, str]:
    if isinstance(error, Invalid):
        return {path: in_words(one) for path, one in error.fields.items()}
    return {"": in_words(error)}
