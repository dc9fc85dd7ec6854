"""What a step does beside moving: named effects, run in order inside its transaction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import outbox
from app.actor import Actor
from app.models import Company, Customer, Event, OutboxMessage, Staff, Subject
from workflows import registry
from workflows.facts import Moment, facts_at
from workflows.schema import Definition, EffectUse
from workflows.schema.base import MESSAGE_BUDGET

# Fewer steps than this can't have used up the budget, so they are not worth a query.
_SHORT_HISTORY = 8


@dataclass(frozen=True)
class Step:
    """One step being taken: everything an effect may look at."""

    session: Session
    company: Company
    definition: Definition
    subject: Subject
    event: Event
    actor: Actor
    input: Mapping[str, Any]
    at: datetime
    made: dict[str, Any]  # what earlier effects of this step created, by noun
    number: int = 0  # of the effect now running

    def look_up(self, path: str) -> Any:
        """Return the value at ``input.…`` or of a fact: looked up, never evaluated."""
        root, _, rest = path.partition(".")
        here: Any = self.input if root == "input" else self._facts().get(root)
        for part in rest.split("."):
            here = here.get(part) if isinstance(here, Mapping) else None
        return here

    def _facts(self) -> dict[str, Any]:
        return facts_at(Moment(self.session, self.subject, self.company, self.actor, self.at))

    def effect_key(self, recipient: str) -> str:
        """Return the outbox key of the running effect: one promise a recipient, ever."""
        event = self.event
        return f"{event.subject}:{event.subject_id}:{event.seq}:{self.number}:{recipient}"


def run_effects(step: Step, uses: Iterable[EffectUse]) -> list[str]:
    """Run the effects in the definition's order; return their names for the audit row."""
    done = []
    for number, use in enumerate(uses, start=1):
        spec = registry.effects()[use.name]
        params = spec.params.model_validate(use.params)
        registry.effect_function(use.name)(_numbered(step, number), params)
        done.append(_label(use))
    return done


def _numbered(step: Step, number: int) -> Step:
    return Step(**{**step.__dict__, "number": number})


def _label(use: EffectUse) -> str:
    message = use.params.get("message")
    return f"{use.name}:{message}" if message else use.name


LinkMaker = Callable[[Step, tuple[str, ...]], None]
_link_makers: list[LinkMaker] = []


def makes_links(maker: LinkMaker) -> LinkMaker:
    """Have ``maker`` make a link for each one-click answer that a mail to the customer offers."""
    _link_makers.append(maker)
    return maker


@registry.effect("send_message")
def send_message(step: Step, params: Any) -> None:
    """Promise each recipient the named message; past the record's budget nobody is written to."""
    recipients = _recipients(step, params.to)
    if params.actions and "customer" in params.to:
        for maker in _link_makers:
            maker(step, params.actions)
    for recipient in recipients[: _budget_left(step)]:
        for promise in _by_each_way(step, _message(step, params, recipient)):
            outbox.post(step.session, promise, at=step.at)


def _budget_left(step: Step) -> int:
    """Return how many messages the record may still cause; a short history is not counted."""
    if step.event.seq < _SHORT_HISTORY:
        return MESSAGE_BUDGET
    statement = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.subject == step.event.subject,
        OutboxMessage.subject_id == step.event.subject_id,
    )
    return max(0, MESSAGE_BUDGET - (step.session.scalar(statement) or 0))


def _by_each_way(step: Step, promise: outbox.Promise) -> list[outbox.Promise]:
    """Return the promise, or two where the company has a customer told by mail and by text.

    Which single way it goes is decided when it is sent. Source: C21, C22.
    """
    reader, _, _ = (promise.recipient or "").partition(":")
    way = step.company.channel_for(promise.payload["message"], reader)
    customer = getattr(step.subject, "customer", None)
    if reader != "customer" or way != "both" or not (customer and customer.email):
        return [promise]
    if not customer.phone:
        return [promise]
    mail = replace(promise, payload={**promise.payload, "channel": "email"})
    text = replace(promise, payload={**promise.payload, "channel": "sms"}, channel="sms",
                   key=f"{promise.key}:sms")  # fmt: skip
    return [mail, text]


def _message(step: Step, params: Any, recipient: str) -> outbox.Promise:
    return outbox.Promise(
        key=step.effect_key(recipient),
        topic="message",
        payload={
            "message": params.message,
            "version_id": step.event.workflow_version_id,
            "seq": step.event.seq,
            "actions": list(params.actions),
            "made": {noun: row.id for noun, row in step.made.items()},
        },
        subject=step.event.subject,
        subject_id=step.event.subject_id,
        recipient=recipient,
    )


def _recipients(step: Step, names: Iterable[str]) -> list[str]:
    """Return the refs of everybody named, each once, in a stable order."""
    found: dict[str, None] = {}
    for name in names:
        for ref in _RECIPIENTS[name](step):
            found[ref] = None
    return list(found)


def _customer(step: Step) -> list[str]:
    customer: Customer = step.subject.customer  # type: ignore[attr-defined]  # every subject has one
    return [f"customer:{customer.id}"]


def _staff(step: Step, *roles: str) -> list[str]:
    statement = (
        select(Staff.id)
        .where(Staff.role.in_(roles), Staff.disabled_at.is_(None))
        .order_by(Staff.id)
    )
    return [f"staff:{id_}" for id_ in step.session.scalars(statement)]


def _dispatchers(step: Step) -> list[str]:
    # Source: preset C23, "reminder recipients = dispatchers, fallback owners".
    return _staff(step, "dispatcher") or _staff(step, "owner")


def _technician(step: Step) -> list[str]:
    job = step.made.get("job", step.subject)
    id_ = getattr(job, "technician_id", None)
    return [f"staff:{id_}"] if id_ else []


_RECIPIENTS = {
    "customer": _customer,
    "company": lambda step: [f"company:{step.company.id}"],
    "dispatchers": _dispatchers,
    "owners": lambda step: _staff(step, "owner"),
    "office": lambda step: _staff(step, "office") or _staff(step, "owner"),
    "reviewers": lambda step: _staff(step, "owner", "dispatcher"),
    "technician": _technician,
}
