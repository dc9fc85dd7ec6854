"""An address or a person typed into a request, and how staff take them into the customer's record.

Until then they stay with the request: customers don't edit their own records. Source: D21.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.actor import Actor
from app.errors import N_, Conflict, Forbidden
from app.models import Contact, Location, Request
from app.services.form import FormReader
from app.services.moves import Submission
from workflows import engine
from workflows.effects import Step

KEPT: Final = "record.kept"  # no trigger can have a dot, so no definition's step is called so
ADDRESS: Final = "address"
PERSON: Final = "person"
# Ticked in the Create Job form, they are taken over on the way to the job.
_BOXES: Final = {ADDRESS: "keep_address", PERSON: "keep_person"}
_FIELDS: Final = {ADDRESS: "location", PERSON: "contact"}


def keep(
    session: Session, request_id: int, actor: Actor, what: Collection[str], *, at: datetime
) -> Step:
    """Make what was typed into a request part of the customer's record, with an event.

    Raises NotFound, Forbidden, and Conflict when nothing of it is left to take over.
    """
    if not actor.may_review():
        raise Forbidden(N_("Requests are for owners and dispatchers."))
    statement = select(Request).where(Request.id == request_id)
    request = engine.lock(session, statement.options(joinedload(Request.customer)), Request)
    made = _kept(session, request, what)
    if not made:
        raise Conflict(N_("This stands in the customer's record already."))
    return _note(session, request, actor, made, at)


def keep_with(
    session: Session, request: Request, actor: Actor, submission: Submission, *, at: datetime
) -> Submission:
    """Take over what the form's boxes say, and put the new rows into the form.

    A form that is out of date is left as it is: its step is refused.
    """
    form = FormReader(submission.raw)
    # A place or a person chosen by hand stands over the box.
    what = [name for name, box in _BOXES.items() if form.flag(box) and not form.text(_FIELDS[name])]
    if not what or submission.expected_event not in (None, request.event_seq):
        return submission
    made = _kept(session, request, what)
    if not made:
        return submission
    _note(session, request, actor, made, at)
    rows: dict[str, str | list[str]] = {_FIELDS[name]: str(row.id) for name, row in made.items()}
    seen = None if submission.expected_event is None else request.event_seq
    return replace(submission, raw={**submission.raw, **rows}, expected_event=seen)


def _kept(session: Session, request: Request, what: Collection[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if ADDRESS in what and request.address_once and request.location_id is None:
        made[ADDRESS] = Location(customer_id=request.customer_id, **_known(request.address_once))
    if PERSON in what and request.contact_once and request.contact_id is None:
        made[PERSON] = Contact(customer_id=request.customer_id, **_known(request.contact_once))
    session.add_all(made.values())
    session.flush()  # for the ids, which the request points at
    if ADDRESS in made:
        request.location_id, request.address_once = made[ADDRESS].id, None
    if PERSON in made:
        request.contact_id, request.contact_once = made[PERSON].id, None
    return made


def _known(typed: dict[str, Any]) -> dict[str, Any]:
    names = ("street", "postcode", "city", "country", "name", "email", "phone")
    return {name: value for name, value in typed.items() if name in names}


def _note(
    session: Session, request: Request, actor: Actor, made: dict[str, Any], at: datetime
) -> Step:
    told = {name: {"id": row.id, "words": str(row)} for name, row in made.items()}
    return engine.note(session, request, engine.Order(KEPT, actor, told), (), at=at)
