"""Every message a company sends, by the workflow it belongs to, and how complete each is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Company
from app.services import house_texts
from app.services.message_saving import CHANNELS
from app.services.message_sources import (
    HOUSE,
    Source,
    of_definition,
    of_house,
    texts_of,
    working_definition,
)
from workflows import library, versions
from workflows.schema import Definition

Standing = Literal["shipped", "changed", "own"]


@dataclass(frozen=True)
class Line:
    """One message: its source, whose words it has, and whether the draft has others."""

    source: Source
    standing: Standing
    in_draft: bool = False

    def channels(self) -> dict[str, dict[str, bool]]:
        """Return by channel and language whether there are words."""
        found = {}
        for channel in CHANNELS:
            there = {code: self.source.text(channel, code) is not None for code in self.codes}
            if any(there.values()):
                found[channel] = there
        return found

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the languages a reader may have."""
        return self.source.codes


@dataclass(frozen=True)
class Group:
    """The messages of one workflow, or of the house (no title)."""

    where: str
    title: Mapping[str, str]
    lines: list[Line]
    edition: int = 0

    @property
    def is_house(self) -> bool:
        """Return True for the messages that belong to no workflow."""
        return self.where == HOUSE


def groups(session: Session, actor: Actor) -> list[Group]:
    """Return every message: the workflow that takes requests first, the house's last.

    Raises Forbidden.
    """
    house_texts.check_owner(actor)
    company = session.get_one(Company, actor.company_id)
    keys = sorted(company.versions, key=lambda key: (key != company.request_workflow, key))
    found = [_group(session, actor, company, key) for key in keys]
    own = house_texts.newest(session)
    sources = [of_house(key, own) for key in house_texts.names()]
    house = [Line(each, "changed" if each.texts else "shipped") for each in sources]
    return [*found, Group(HOUSE, {}, house)]


def _group(session: Session, actor: Actor, company: Company, where: str) -> Group:
    definition, edition = working_definition(session, actor, where)
    published = versions.current(session, company, where)
    lines = [
        Line(
            of_definition(definition, where, key, edition),
            _standing(definition, key),
            texts_of(definition, key) != texts_of(published, key),
        )
        for key in definition.messages
    ]
    return Group(where, definition.title, lines, edition)


def _standing(definition: Definition, key: str) -> Standing:
    if definition.workflow not in library.names():
        return "own"
    shipped = library.definition(definition.workflow)
    if key not in shipped.messages:
        return "own"
    return "shipped" if texts_of(shipped, key) == texts_of(definition, key) else "changed"
