"""Who is told of what, and how: one row an event, a message and a reader. Source: C21, C22.

Whether a message goes out is part of a workflow and changed in its draft; by which way it goes is
a setting of the company and counts at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import N_, Invalid
from app.models import Company
from app.services import draft_letters, draft_settings
from app.services.draft_pieces import Data, Desk, recipients
from app.services.draft_settings import Shape
from app.services.form import Raw
from app.services.preset_settings import ANY, CUSTOMER
from app.services.publishing import lock_company
from app.services.workflow_forms import last
from workflows.durations import parse_duration
from workflows.schema import Definition

Texts = Mapping[str, str]
OFF: Final = "off"
WAYS: Final = ("", "email", "sms", "both")  # blank: as the customer likes
COMPANIONS: Final = ("job", "estimate")  # what requests turn into
_CHOOSE: Final = N_("Please choose one from the list.")


@dataclass(frozen=True)
class When:
    """The event a message goes out with: submit, step or timer."""

    kind: str
    label: Texts  # of the step, or of the state a timer counts in
    dest: Texts
    hours: int = 0


@dataclass(frozen=True)
class Row:
    """One line of the matrix; ``way`` is off, email, sms, both or blank for the reader's choice."""

    field: str
    place: str
    when: When
    message: str
    subject: Texts
    reader: str
    way: str

    @property
    def choices(self) -> Sequence[str]:
        """Return the ways that reader can be told; staff have no phone on record."""
        return (*WAYS, OFF) if self.reader == CUSTOMER else ("email", OFF)


@dataclass(frozen=True)
class Table:
    """The rows of one workflow."""

    shape: Shape
    rows: Sequence[Row]


@dataclass(frozen=True)
class Outcome:
    """What a form changed: workflows whose draft did, and whether the ways did."""

    drafts: Sequence[Shape]
    ways: bool


def tables(session: Session, actor: Actor) -> list[Table]:
    """Return the matrix of the request workflow, of jobs and of estimates. Raises Forbidden."""
    company = session.get_one(Company, actor.company_id)
    found = [draft_settings.shape(session, actor)]
    found += [draft_settings.shape(session, actor, key)
              for key in COMPANIONS if key in company.versions]  # fmt: skip
    return [Table(shape, list(_rows(company, shape))) for shape in found]


def goes_out(definition: Definition) -> list[tuple[When, Texts, str]]:
    """Return what a definition sends: when, under which subject, to whom; each once.

    Where a step leads is left out: two that lead elsewhere send the same.
    """
    data = definition.as_data()
    found = [
        (
            replace(_when(definition, name, place), dest={}),
            _subject([definition], use["message"]),
            reader,
        )
        for name, place in _named_places(data)
        for use in _uses(place)
        for reader in _readers(use)
    ]
    return [one for number, one in enumerate(found) if one not in found[:number]]


def usual(company: Company) -> str:
    """Return how customers are told where a row says nothing else."""
    return company.channel_for(ANY, CUSTOMER)


def change(session: Session, actor: Actor, raw: Raw, *, at: datetime) -> Outcome:
    """Turn messages on or off in the drafts, and choose how they go out.

    Raises Invalid, Conflict (somebody else saved meanwhile, or the draft has no room), Forbidden.
    """
    company = lock_company(session, actor.company_id)
    shown = tables(session, actor)
    wanted = {row.field: _wanted(raw, row) for table in shown for row in table.rows}
    drafts = [
        saved for table in shown if (saved := _keep(session, actor, table, wanted, raw, at=at))
    ]
    before = dict(company.channels)
    _choose_usual(company, raw)
    for table in shown:
        for row in table.rows:
            if row.reader == CUSTOMER and wanted[row.field] not in (row.way, OFF):
                _choose(company, row.message, wanted[row.field])
    return Outcome(drafts, company.channels != before)


def _keep(
    session: Session,
    actor: Actor,
    table: Table,
    wanted: Mapping[str, str],
    raw: Raw,
    *,
    at: datetime,
) -> Shape | None:
    turned = [row for row in table.rows if (row.way == OFF) != (wanted[row.field] == OFF)]
    if not turned:
        return None
    shape = table.shape

    def write(desk: Desk) -> None:
        places = dict(_named_places(desk.data))
        for row in turned:
            _turn(desk, places[row.place], row, on=row.way == OFF)

    edited = draft_settings.rewrite(session, actor, shape, write)
    edition = last(raw, f"edition_{shape.key}")
    held = int(edition) if edition.isdecimal() and len(edition) < 10 else None
    return draft_settings.keep(session, actor, shape, edited, edition=held, at=at)


def _turn(desk: Desk, place: Data, row: Row, *, on: bool) -> None:
    if not on:
        draft_letters.stop(place, row.message, row.reader)
        return
    for donor in desk.donors:
        model = dict(_named_places(donor.as_data())).get(row.place)
        for use in _uses(model):
            if use["message"] == row.message and row.reader in recipients({"send_message": use}):
                desk.take_message(row.message, donor)
                draft_letters.send(place, row.message, row.reader, use.get("actions"))
                return


def _rows(company: Company, shape: Shape) -> Iterator[Row]:
    """Yield what goes out, and what did or does in the published or the shipped text."""
    models = [shape.known, *shape.donors[:2]]
    placed = [dict(_named_places(model.as_data())) for model in models]
    for name, place in placed[0].items():
        told = _told(place)
        could = [one for places in placed for one in _told(places.get(name))]
        for message, reader in dict.fromkeys(could):
            way = _way(company, message, reader) if (message, reader) in told else OFF
            yield Row(
                field=f"{shape.key}/{name}/{message}/{reader}",
                place=name,
                when=_when(shape.known, name, place),
                message=message,
                subject=_subject(models, message),
                reader=reader,
                way=way,
            )


def _told(place: Data | None) -> list[tuple[str, str]]:
    return [(use["message"], reader) for use in _uses(place) for reader in _readers(use)]


def _way(company: Company, message: str, reader: str) -> str:
    return company.channel_for(message, reader) if reader == CUSTOMER else "email"


def _subject(models: Sequence[Definition], message: str) -> Texts:
    for model in models:
        if message in model.messages:
            return {code: mail.subject for code, mail in model.messages[message].email.items()}
    return {}


def _named_places(data: Data) -> Iterator[tuple[str, Data]]:
    """Yield every place that can send something, under a name that outlives other edits."""
    yield "submit", data["submit"]
    for state in data["states"]:
        for timer in state.get("timers", []):
            yield f"state.{state['name']}.{timer['name']}", timer
    for timer in data.get("timers", []):
        yield f"timer.{timer['name']}", timer
    seen: dict[str, int] = {}
    for way in data.get("transitions", []):
        name = f"step.{way['trigger']}.{way['dest']}"
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}.{seen[name]}", way


def _when(definition: Definition, name: str, place: Data) -> When:
    kind = name.partition(".")[0]
    if kind == "step":
        dest = place["dest"]
        label = definition.state(dest).customer_label if definition.has_state(dest) else {}
        return When("step", place["label"], label)
    if kind == "submit":
        return When("submit", {}, {})
    hours = round(parse_duration(place["after"]).approximate_s / 3600)
    state = name.split(".")[1] if kind == "state" else ""
    return When("timer", definition.state(state).label if state else {}, {}, hours)


def _uses(place: Data | None) -> list[Data]:
    effects = place.get("effects", []) if place else []
    return [use["send_message"] for use in effects if "send_message" in use]


def _readers(use: Data) -> list[str]:
    return recipients({"send_message": use})


def _wanted(raw: Raw, row: Row) -> str:
    if row.field not in raw:
        return row.way
    value = last(raw, row.field)
    if value not in row.choices:
        raise Invalid({row.field: _CHOOSE})
    return value


def _choose_usual(company: Company, raw: Raw) -> None:
    if "usual" not in raw:
        return
    value = last(raw, "usual")
    if value not in WAYS:
        raise Invalid({"usual": _CHOOSE})
    if value != usual(company):
        company.channels = {**company.channels, ANY: {CUSTOMER: value}}


def _choose(company: Company, message: str, way: str) -> None:
    """Note the way of one message; what is usual needs no note."""
    known = {key: dict(ways) for key, ways in company.channels.items()}
    known.setdefault(message, {})[CUSTOMER] = way
    if way == usual(company):
        del known[message][CUSTOMER]
    company.channels = {key: ways for key, ways in known.items() if ways or key == ANY}
