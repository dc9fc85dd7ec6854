"""The page of one transition, the same for every record and every trigger a definition has.

GET shows what the step asks; POST takes it. A form named in the definition, such as Create Job,
is drawn by its own code; everything else by the fields the definition lists.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin_views import estimate_form, transition_form
from admin_views.base import StaffPage, actor, company, form_data, see_other
from admin_views.job_form import job_form
from admin_views.visit_words import visit_asked
from admin_views.wording import words
from app import clock
from app.actor import Actor
from app.db import db, transaction
from app.errors import DomainError, Invalid, TransitionBlocked
from app.models import Estimate, Event, Job, Request
from app.services.moves import Option, Submission
from app.web.answers import wants_json
from app.web.words import in_words
from workflows import versions
from workflows.effects import Step

Record = Request | Job | Estimate
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,60}")


class Mover(Protocol):
    """A service that takes one step of a record."""

    def __call__(
        self, session: Session, key: int, trigger: str, who: Actor, form: Submission, /, *, at: Any
    ) -> Step:
        """Take the step."""


@dataclass(frozen=True)
class Desk:
    """What is different between taking a request's step and a job's."""

    noun: str
    plural: Any  # what the list is called
    find: Callable[[Session, int, Actor], Any]
    option: Callable[..., Option]
    move: Mover
    prefill: Callable[[Session, Any], Mapping[str, Any]]
    summary: Callable[[Session, Any], Mapping[str, Any]]  # what stands beside the form
    url: Callable[[Any], str]  # the record's own page
    list_url: Callable[[], str]
    said: Callable[[Step], None]  # tells in a toast what was done
    # The form filled in whole, for a button that takes the step without showing it.
    as_asked: Callable[[Session, Any], Mapping[str, Any] | None] = lambda _session, _row: None


@dataclass(frozen=True)
class Filled:
    """A form between two answers: what was typed and what is wrong with it."""

    values: Mapping[str, Any]
    errors: Mapping[str, str]
    status: int = 200
    event: str = ""
    key: str = ""


def step_page(view: StaffPage, desk: Desk, key: int, trigger: str) -> ResponseReturnValue:
    """Show the page of a transition, or take the step. Raises NotFound and Forbidden."""
    if request.method == "POST" and "as_asked" in request.form:
        return _take_as_asked(view, desk, key, trigger)
    if request.method == "POST" and not looks_something_up():
        return _take(view, desk, key, trigger, form_data())
    try:
        return _show(view, desk, key, trigger, typed())
    except TransitionBlocked as error:
        return too_late(view, desk, key, error)


def too_late(
    view: StaffPage, desk: Desk, key: int, error: TransitionBlocked
) -> ResponseReturnValue:
    """Say who was first with what, and where it led. Source: D6."""
    if wants_json():
        raise error
    session = db.session()
    record = desk.find(session, key, actor())
    event = error.event if isinstance(error.event, Event) else None
    page = view.render(
        "staff/too_late.html", record=record, desk=desk, event=event, reason=in_words(error),
        did=_deed(session, event) if event else "", **desk.summary(session, record),
    )  # fmt: skip
    return page, error.status


def _deed(session: Session, event: Event) -> str:
    """Return what somebody did: the step, and where it led."""
    definition = versions.load(session, event.workflow_version_id)
    known = definition.transitions_of(event.trigger)
    state = words(definition.state(event.to_state).label)
    return f"{words(known[0].label)} → {state}" if known else state


def form_key() -> str:
    """Return a new key for a form: sent twice, it is done once."""
    return secrets.token_urlsafe(16)


def _take_as_asked(view: StaffPage, desk: Desk, key: int, trigger: str) -> ResponseReturnValue:
    """Take a step by one press, or show its form when something is left to choose."""
    session = db.session()
    try:
        values = desk.as_asked(session, desk.find(session, key, actor()))
    except TransitionBlocked as error:
        return too_late(view, desk, key, error)
    if values is None:
        return see_other(request.path)
    return _take(view, desk, key, trigger, {**values, **form_data()})


def _take(
    view: StaffPage, desk: Desk, key: int, trigger: str, raw: Mapping[str, Any]
) -> ResponseReturnValue:
    try:
        with transaction() as session:
            step = desk.move(session, key, trigger, actor(), _submission(raw), at=clock.now())
    except Invalid as error:
        if wants_json():
            raise
        return _show(view, desk, key, trigger, refilled(raw, error, _guards(raw)[1]))
    except TransitionBlocked as error:
        return too_late(view, desk, key, error)
    desk.said(step)
    return see_other(desk.url(step.subject))


def _show(
    view: StaffPage, desk: Desk, key: int, trigger: str, typed: Filled | None
) -> ResponseReturnValue:
    session = db.session()
    record = desk.find(session, key, actor())
    option = desk.option(session, record, trigger, actor(), at=clock.now())
    common = {
        "record": record, "desk": desk, "option": option, "cancel_url": desk.url(record),
        "expected_event": typed.event if typed else record.event_seq,
        "form_key": (typed and typed.key) or form_key(),
        "asked": desk.summary(session, record), "blocked": why(option),
        "cannot_tell": transition_form.no_way_to_tell(record),
    }  # fmt: skip
    status = typed.status if typed else 200
    if option.form in ("create_job", "create_visit"):
        common["visit_asked"] = (
            visit_asked(session, record, [option]) if desk.noun == "request" else None
        )
        start = desk.prefill(session, record)
        values = typed.values if typed else {**start, **_chosen_date()}
        same = str(values.get("customer")) == str(record.customer_id)
        form = job_form(
            session, values, typed.errors if typed else {}, prefilled=start,
            default_hours=record.customer.sla_hours if same else None,
        )  # fmt: skip
        return view.render("staff/approve.html", form=form, **common), status
    if option.form == "send_estimate":
        return _show_estimate(view, record, typed, common), status
    fields = transition_form.fields(session, option, record, company(), typed)
    common["tells_customer"] = transition_form.tells_customer(session, record, trigger)
    return view.render("staff/step.html", fields=fields, **common), status


def _show_estimate(
    view: StaffPage, record: Any, typed: Filled | None, common: Mapping[str, Any]
) -> str:
    session = db.session()
    values = typed.values if typed else estimate_form.start_of(session, record)
    form = estimate_form.estimate_form(
        session, values, typed.errors if typed else {}, customer=record.customer_id
    )
    tells = transition_form.tells_customer(session, record, common["option"].trigger)
    return view.render("staff/estimate_step.html", form=form, tells_customer=tells, **common)


def looks_something_up() -> bool:
    """Return True for a form sent by a button that only fills in a part of it."""
    suggested = any(name.startswith(transition_form.SUGGEST) for name in request.form)
    return suggested or "_find" in request.form or estimate_form.is_rearranging()


def why(option: Option) -> str | None:
    """Return why a button is grey, None while it is live."""
    refusal = option.refusal
    if refusal is None:
        return None
    return in_words(DomainError(refusal.msgid, texts=refusal.texts, **refusal.params))


def typed() -> Filled | None:
    """Return a form that was sent to look something up, not to be taken."""
    if request.method != "POST":
        return None
    raw = form_data()
    return Filled(raw, {}, 200, *_guards(raw))


def _chosen_date() -> dict[str, str]:
    """Return the wished date whose Use button led here."""
    names = ("date", "start_time", "end_time")
    return {name: request.args[name][:10] for name in names if request.args.get(name)}


def refilled(raw: Mapping[str, Any], error: Invalid, key: str) -> Filled:
    """Return a form as it was typed, with what is wrong with it."""
    errors = {name: in_words(why) for name, why in error.fields.items()}
    return Filled(raw, errors, error.status, _guards(raw)[0], key)


def answers(raw: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the answers of the form that was sent, without what guards it."""
    raw = form_data() if raw is None else raw
    found = {k: v for k, v in raw.items() if k not in ("csrf_token", "expected_event")}
    for name in [name for name in found if name.endswith("_from")]:
        base = name.removesuffix("_from")  # both ends of a window are one answer
        found.setdefault(base, f"{found[name]}/{found.get(f'{base}_to', '')}")
    return found


def _submission(raw: Mapping[str, Any]) -> Submission:
    event, _key = _guards(raw)
    expected = int(event) if event.isascii() and event.isdigit() and len(event) < 10 else None
    return Submission(answers(raw), expected, clean_key(raw))


def clean_key(raw: Mapping[str, Any]) -> str | None:
    """Return the key of the form that was sent, None when it is none of ours."""
    key = str(raw.get("form_key") or "")
    return key if _KEY.fullmatch(key) else None


def _guards(raw: Mapping[str, Any]) -> tuple[str, str]:
    return str(raw.get("expected_event") or ""), str(raw.get("form_key") or "")
