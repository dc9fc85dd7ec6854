"""What every record with a workflow offers: its buttons and the taking of a step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import NotFound
from app.models import Company, Subject
from app.services import estimate_forms, job_forms
from app.services.form import Raw
from workflows import engine, rules, versions
from workflows.effects import Step
from workflows.schema import FormField, State, Transition

Row = TypeVar("Row", bound=Subject)

# Registered forms: how the raw values of each become ``input.KEY``.
_FORMS: dict[str | None, tuple[str, Callable[..., Any]]] = {
    "create_job": ("job", job_forms.clean),
    "create_visit": ("visit", job_forms.clean_visit),
    "send_estimate": ("estimate", estimate_forms.clean),
}


@dataclass(frozen=True)
class Option:
    """One button, with the form behind it; grey when ``refusal`` says why."""

    trigger: str
    label: Mapping[str, str]
    style: str
    form: str | None
    fields: tuple[FormField, ...]
    confirm: Mapping[str, str] | None
    help: Mapping[str, str] | None
    bulk: bool
    when_opened: bool
    refusal: rules.Refusal | None

    @property
    def asks(self) -> bool:
        """Return True when the step needs a page: a form, fields, or a question."""
        return bool(self.form or self.fields or self.confirm)


@dataclass(frozen=True)
class Submission:
    """A form as it came: raw values and what guards them.

    ``expected_event`` is the number of the event the person saw last.
    """

    raw: Raw
    expected_event: int | None = None
    key: str | None = None


def options(session: Session, subject: Subject, actor: Actor, *, at: datetime) -> list[Option]:
    """Return the steps ``actor`` has here, in the definition's order."""
    found = engine.options(session, subject, actor, at=at)
    return [_option(each.transition, each.refusal) for each in found]


def option(
    session: Session, subject: Subject, trigger: str, actor: Actor, *, at: datetime
) -> Option:
    """Return one step by its trigger, grey when it is not possible now.

    Raises NotFound for a trigger the definition doesn't have, Forbidden for somebody else's,
    TransitionBlocked for one that this state doesn't offer.
    """
    for each in options(session, subject, actor, at=at):
        if each.trigger == trigger:
            return each
    refusal = engine.refusal(session, subject, actor, trigger, at=at)
    raise refusal or NotFound("transition", trigger)


def move(
    session: Session,
    subject: Row,
    trigger: str,
    actor: Actor,
    submission: Submission,
    *,
    at: datetime,
) -> Step:
    """Take one step of a locked record with the form that was sent.

    Raises Forbidden, Invalid and TransitionBlocked, like the engine. A step that is not possible
    is refused before its form is read: whoever comes late should not be told to mend a field.
    """
    definition = versions.load(session, subject.workflow_version_id)
    given: dict[str, Any] = dict(submission.raw)
    order = engine.Order(trigger, actor, given, submission.expected_event, submission.key)
    candidates = definition.candidates(subject.state, trigger)
    may_ask = any(each.form in _FORMS for each in candidates)
    if may_ask and submission.expected_event in (None, subject.event_seq):
        now = _possible_now(session, subject, trigger, actor, at)
        if now is not None and now.form in _FORMS:
            key, clean = _FORMS[now.form]
            company = session.get_one(Company, actor.company_id)
            given[key] = clean(session, submission.raw, company, at=at).as_facts()
    return engine.apply(session, subject, order, at=at)


def state_of(session: Session, subject: Subject) -> State:
    """Return the definition's own words about the state a record is in."""
    return versions.load(session, subject.workflow_version_id).state(subject.state)


def _possible_now(
    session: Session, subject: Subject, trigger: str, actor: Actor, at: datetime
) -> Option | None:
    """Return the step a trigger takes now: of several, the one whose conditions hold."""
    found = options(session, subject, actor, at=at)
    return next((o for o in found if o.trigger == trigger and o.refusal is None), None)


def _option(transition: Transition, refusal: rules.Refusal | None) -> Option:
    return Option(
        trigger=transition.trigger,
        label=transition.label,
        style=transition.style,
        form=transition.form,
        fields=transition.fields,
        confirm=transition.confirm,
        help=transition.help,
        bulk=transition.bulk,
        when_opened=transition.when_opened,
        refusal=refusal,
    )
