"""One-click answers in mails: a link good once, for one customer and one step of one record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import N_, Conflict, DomainError
from app.models import Customer, Event, Request, SignInLink
from app.services import access, links, moves, news, requests, sessions
from app.services.form import Raw
from app.services.moves import Option, Submission
from workflows import effects
from workflows.effects import Step

Status = Literal["open", "moved_on", "replaced", "used", "ended", "unknown"]
# Records whose customers can answer by mail.
_SUBJECTS: Final = ("request",)
_PIECE: Final = 50  # records in one statement
_STALE: Final = N_("This link was used already, or is too old. Ask for a fresh one.")


@dataclass(frozen=True)
class Target:
    """What a link answers: a step of a record, as it was after the event of that number."""

    subject: str
    ref: str
    trigger: str
    seq: int

    def __str__(self) -> str:
        """Return the form it is stored in."""
        return f"{self.subject}:{self.ref}:{self.trigger}:{self.seq}"

    @classmethod
    def read(cls, text: str) -> "Target":
        """Return a target from its stored form."""
        subject, ref, trigger, seq = text.split(":")
        return cls(subject, ref, trigger, int(seq))


@dataclass(frozen=True)
class Look:
    """What a mailed answer's page shows before anybody presses its button.

    ``news`` are the steps since the mail; ``may_enter`` while the link still lets its reader in.
    """

    status: Status
    customer: Customer | None = None
    request: Request | None = None
    target: Target | None = None
    option: Option | None = None
    news: Sequence[Event] = ()
    sent_to: str = ""  # masked, blank where no link can be sent
    may_enter: bool = False
    others: Sequence[tuple[str, str]] = ()  # the mail's other answers: trigger and token


@dataclass(frozen=True)
class Taken:
    """A step taken by a link, and the token of the session that began, if one could."""

    step: Step
    token: str | None


@effects.makes_links
def lay_links(step: Step, triggers: Sequence[str]) -> None:
    """Make a link for each answer a mail offers; those of the record's older mails end.

    Source: D15, only the newest proposal can be answered.
    """
    subject, ref = step.event.subject, step.subject.ref
    if subject not in _SUBJECTS:
        return
    customer: Customer = step.subject.customer  # type: ignore[attr-defined]  # each of _SUBJECTS has one
    links.withdraw(
        step.session, customer, at=step.at, purpose=links.ANSWER, about=f"{subject}:{ref}:"
    )
    for trigger in triggers:
        target = str(Target(subject, ref, trigger, step.event.seq))
        offer = links.Offer(links.ANSWER, links.SENT_BY_STAFF, target)
        links.lay(step.session, customer, offer, at=step.at)


def end(session: Session, records: Sequence[object], *, at: datetime) -> None:
    """End the open links in mails about these records: their owner published another way."""
    mine = [f"request:{one.ref}:" for one in records if isinstance(one, Request)]
    for start in range(0, len(mine), _PIECE):
        links.end_answers(session, mine[start : start + _PIECE], at=at)


def look(session: Session, token: str, *, at: datetime) -> Look:
    """Return what stands on the page of a link; looking uses nothing up. Source: D1."""
    link = links.find(session, token, links.ANSWER)
    customer = _holder(session, link) if link else None
    if link is None or customer is None or link.target is None:
        return Look("unknown")
    target = Target.read(link.target)
    request = requests.get_by_ref(session, target.ref, customer.id)
    since = news.since(session, request, target.seq)
    option = _option(session, request, target, customer, at)
    status = _status(link, since, option, at)
    return Look(
        status=status,
        customer=customer,
        request=request,
        target=target,
        option=option,
        news=since,
        sent_to=access.mask(link.sent_to) if customer.can_sign_in() else "",
        may_enter=status == "moved_on" and link.is_open(at) and customer.can_sign_in(),
        others=_others(session, link, target, at) if status == "open" else (),
    )


def take(session: Session, token: str, raw: Raw, *, agent: str, at: datetime) -> Taken:
    """Take the step a link is for, use the link up and sign its customer in.

    Of many at once exactly one gets through. Raises Conflict (spent, replaced, too old),
    Invalid (a field of the step), TransitionBlocked (the record has moved on).
    """
    link, customer = _open_link(session, token, at)
    target = Target.read(link.target or "")
    submission = Submission(raw, target.seq)
    actor = actor_of(customer)
    step = requests.move_own(session, target.ref, target.trigger, actor, submission, at=at)
    _spend(session, link, customer, at)
    # Who has no mail address has no portal either; their answer counts all the same.
    return Taken(step, _sign_in(session, customer, agent, at) if customer.can_sign_in() else None)


def enter(session: Session, token: str, *, agent: str, at: datetime) -> str:
    """Use a link up as a way in alone, for one whose record has moved on; return the token.

    Raises Conflict.
    """
    link, customer = _open_link(session, token, at)
    if not look(session, token, at=at).may_enter:
        raise Conflict(_STALE)
    _spend(session, link, customer, at)
    return _sign_in(session, customer, agent, at)


def fresh(session: Session, token: str, browser: str, *, at: datetime, target: str) -> None:
    """Mail a link to whom an old one was sent, for the page at ``target``. Source: D2."""
    link = links.find(session, token, links.ANSWER)
    customer = _holder(session, link) if link else None
    if customer is not None and customer.can_sign_in():
        access.send(session, customer, browser, target, at)


def actor_of(customer: Customer) -> Actor:
    """Return a customer as somebody who acts."""
    return Actor(
        "customer", customer.id, customer.company_id, "customer", customer.name,
        customer.language, customer.email,
    )  # fmt: skip


def options(
    session: Session, request: Request, customer: Customer, *, at: datetime
) -> list[Option]:
    """Return what the customer could do now."""
    return moves.options(session, request, actor_of(customer), at=at)


def _status(
    link: SignInLink, since: Sequence[Event], option: Option | None, at: datetime
) -> Status:
    if link.used_at is not None:
        return "used"
    if option is None:
        return "moved_on"
    if since:  # the same is asked again, of something newer
        return "replaced"
    return "open" if link.is_open(at) else "ended"


def _others(
    session: Session, link: SignInLink, target: Target, at: datetime
) -> list[tuple[str, str]]:
    """Return the other open answers of the same mail."""
    statement = select(SignInLink).where(
        SignInLink.customer_id == link.customer_id,
        SignInLink.purpose == links.ANSWER,
        SignInLink.target.startswith(f"{target.subject}:{target.ref}:", autoescape=True),
        SignInLink.id != link.id,
    )
    rows = session.scalars(statement.order_by(SignInLink.id))
    return [
        (Target.read(row.target or "").trigger, links.token_of(row))
        for row in rows
        if row.is_open(at)
    ]


def _option(
    session: Session, request: Request, target: Target, customer: Customer, at: datetime
) -> Option | None:
    """Return the step of a link, None when a new version has no such step any more."""
    try:
        return moves.option(session, request, target.trigger, actor_of(customer), at=at)
    except DomainError:
        return None


def _open_link(session: Session, token: str, at: datetime) -> tuple[SignInLink, Customer]:
    link = links.find(session, token, links.ANSWER)
    customer = _holder(session, link) if link else None
    if link is None or customer is None or not link.is_open(at):
        raise Conflict(_STALE)
    return link, customer


def _spend(session: Session, link: SignInLink, customer: Customer, at: datetime) -> None:
    """Use a link up, and with it the other answers of its record's mails."""
    links.spend(session, link, at=at)
    target = Target.read(link.target or "")
    about = f"{target.subject}:{target.ref}:"
    links.withdraw(session, customer, at=at, purpose=links.ANSWER, about=about)


def _holder(session: Session, link: SignInLink) -> Customer | None:
    """Return whom a link was sent to, None when it was an address they no longer have."""
    customer = session.get(Customer, link.customer_id)
    if customer is None or customer.archived_at is not None or customer.access == "none":
        return None
    return customer if link.sent_to == (customer.email or customer.phone) else None


def _sign_in(session: Session, customer: Customer, agent: str, at: datetime) -> str:
    customer.portal_since = customer.portal_since or at
    return sessions.begin(session, customer, agent=agent, at=at)
