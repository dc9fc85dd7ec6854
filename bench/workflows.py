"""What an owner's change costs: checking it, replaying the past, moving what is under way."""

import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final, cast

from sqlalchemy import Table, insert, select, update

from app import clock
from app.db import db, transaction
from app.models import Company, Event, Request
from app.services import history, moving, publishing, requests, what_if, workflow_drafts
from app.tenancy import company_scope
from app.workers.moving import move_due
from bench.goals import Figure, plain
from bench.scales import Scale
from tests.harness.databases import KINDS, make_store, settings_for
from tests.harness.world import World, make_world
from workflows import audit, document, versions
from workflows.schema import Definition
from workflows.verifier import verify

KEY: Final = "hybrid"
VERIFY_LIMIT_S: Final = 0.010  # for 20 states
REPLAY_LIMIT_S: Final = 2.0  # for 1,000 requests
_STATES: Final = 20
_TRIES: Final = 30
_A_COMMIT: Final = 500


def figures(scale: Scale) -> Iterator[Figure]:
    """Measure on both databases; what is moved must all be there and whole afterwards."""
    yield _verifying()
    for kind in KINDS:
        with _world(kind) as world:
            _hand_in(world, scale.replayed)
            yield _replaying(world, kind, scale.replayed)
            _hand_in(world, scale.under_way - scale.replayed)
            yield from _moving(world, kind, scale.under_way)


def _verifying() -> Figure:
    definition = _long_definition()
    times = [_timed(lambda: verify(definition)) / VERIFY_LIMIT_S for _ in range(_TRIES)]
    name = f"verify {_STATES} states, time × the limit of {VERIFY_LIMIT_S * 1000:.0f} ms"
    return Figure(name, median(times), min(times), max(times), 1.0)


def _replaying(world: World, kind: str, count: int) -> Figure:
    session = world.enter()
    draft = _renamed(_published(world))
    at, who = clock.now(), world.owner
    limit_s = REPLAY_LIMIT_S * count / 1000
    times = [
        _timed(lambda: what_if.compare(session, who, KEY, draft, at=at)) / limit_s
        for _ in range(3)
    ]  # fmt: skip
    name = f"replay {count:,} requests, time × the limit of {REPLAY_LIMIT_S:.0f} s a 1,000, {kind}"
    return Figure(name, median(times), min(times), max(times), 1.0)


def _moving(world: World, kind: str, count: int) -> Iterator[Figure]:
    bare_s = _timed(lambda: _write_bare(world))
    _publish(world)
    memory, begun_s = _peak_kib(), time.monotonic()
    while move_due(within_s=3600):
        pass
    spent_s, grown = time.monotonic() - begun_s, _peak_kib() - memory
    session = world.enter()
    new = _published(world)
    rows = session.scalars(select(Request)).all()
    stuck = sum(not new.has_state(row.state) for row in rows)
    broken = sum(not audit.is_whole(history.events(session, row), row) for row in rows)
    name = f"move {count:,} under way, {kind}"
    yield plain(f"{name}: time × bare UPDATE and INSERT", spent_s / bare_s, 20)
    yield plain(f"{name}: seconds", spent_s, 60)
    yield plain(f"{name}: memory, MiB more at the peak", grown / 1024, 64)
    yield plain(f"{name}: lost", count - len(rows), 0)
    yield plain(f"{name}: stuck", stuck, 0)
    yield plain(f"{name}: histories broken", broken, 0)


def _publish(world: World) -> None:
    """Publish a version in which one state has another name; all in it must move there."""
    at = clock.now()
    changed = document.write(_renamed(_published(world)))
    with transaction() as session:
        workflow_drafts.save(session, world.owner, KEY, changed, edition=None, at=at)
    with transaction() as session:
        shown = publishing.preview(session, world.owner, KEY, at=at)
        answers = {"under_review": f"{publishing.INTO}in_review"}
        choices = publishing.Choices(answers, confirm=shown.confirm)
        publishing.publish(session, world.owner, KEY, choices, at=at)


def _write_bare(world: World) -> None:
    """Write what moving has to write, in as many batches, and undo it."""
    session = world.enter()
    request, event = (cast("Table", model.__table__) for model in (Request, Event))
    ids = session.scalars(select(Request.id)).all()
    sample = session.scalars(select(Event).limit(1)).one()
    columns = {each.key: getattr(sample, each.key) for each in event.columns}
    columns.pop("id")
    for start in range(0, len(ids), moving.BATCH):
        batch = ids[start : start + moving.BATCH]
        session.execute(update(request).where(request.c.id.in_(batch)).values(event_seq=9))
        rows = [{**columns, "subject_id": id_, "seq": 99, "key": None} for id_ in batch]
        session.execute(insert(event), rows)
    session.rollback()


def _hand_in(world: World, count: int) -> None:
    """Hand in requests, every other one opened for review."""
    at = clock.now()
    for start in range(0, count, _A_COMMIT):
        with transaction() as session, company_scope(session, world.company_id):
            for number in range(min(_A_COMMIT, count - start)):
                request = world.hand_in(at=at)
                if number % 2:
                    sent = requests.Submission({}, request.event_seq)
                    requests.move(session, request.id, "start_review", world.owner, sent, at=at)
        session.expunge_all()


@contextmanager
def _world(kind: str) -> Iterator[World]:
    from wsgi import create_app

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callout-bench-")))
        place = folder / kind
        place.mkdir()
        store = make_store(kind, place)
        stack.callback(store.close)
        settings = settings_for(folder, **store.environment)
        stack.enter_context(create_app(settings).app_context())
        stack.callback(db.engine.dispose)
        stack.callback(db.session.remove)
        yield make_world(db.session(), preset=KEY)


def _published(world: World) -> Definition:
    session = world.enter()
    return versions.current(session, session.get_one(Company, world.company_id), KEY)


def _renamed(definition: Definition) -> Definition:
    said = json.dumps(definition.as_data()).replace('"under_review"', '"in_review"')
    return Definition.model_validate({**json.loads(said), "tests": []})


def _long_definition() -> Definition:
    """Return a way of twenty states, each with a form, a message and a timer."""
    data: dict[str, Any] = {
        "schema": 1, "workflow": "long_way", "title": {"en": "Long way"}, "subject": "request",
        "languages": ["en"], "initial": "s0",
        "roles": {"customer": {"kind": "customer"}, "owner": {"kind": "staff"},
                  "system": {"kind": "system"}},
        "request_form": [{"field": "description", "required": True}],
        "submit": {"roles": ["customer", "owner"]},
        "states": [_state(number) for number in range(_STATES)],
        "transitions": [_step(number) for number in range(_STATES - 1)],
        "messages": {"way.news": {"email": {"en": {
            "subject": "News about {{request.number}}", "body": "{{portal.request_link}}"}}}},
        "tests": [],
    }  # fmt: skip
    return Definition.model_validate(data)


def _state(number: int) -> dict[str, Any]:
    state: dict[str, Any] = {
        "name": f"s{number}", "label": {"en": f"State {number}"},
        "customer_label": {"en": f"Part {number}"},
    }  # fmt: skip
    if number == _STATES - 1:
        return {**state, "final": True, "outcome": "won"}
    effects = [{"send_message": {"message": "way.news", "to": "customer"}}]
    timer = {"name": "remind", "after": "P2D", "clock": "wall", "effects": effects}
    return {**state, "waiting_on": "owner", "timers": [timer]}


def _step(number: int) -> dict[str, Any]:
    field = {"name": "note", "type": "text", "required": True, "label": {"en": "Note"}}
    return {
        "trigger": f"go{number}", "label": {"en": "Go on"}, "source": f"s{number}",
        "dest": f"s{number + 1}", "roles": ["owner"], "fields": [field],
        "conditions": [{"if": "request.photos >= 0 && customer.name != ''",
                        "message": {"en": "No"}}],
        "effects": [{"send_message": {"message": "way.news", "to": "customer"}}],
    }  # fmt: skip


def _timed(call: Callable[[], object]) -> float:
    begun_s = time.monotonic()
    call()
    return time.monotonic() - begun_s


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
