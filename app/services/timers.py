"""Timers that have come due: each takes its step, or has its effects, once."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app import actor as actors
from app.errors import DomainError
from app.models import Company, Estimate, Event, Subject, Timer
from app.services import estimates, under_way
from workflows import engine, timers, versions
from workflows.schema.base import MAX_AUTOMATIC_STEPS


def fire(session: Session, timer_id: int, *, at: datetime) -> bool:
    """Fire one due timer of the company in scope; return False when it was not to fire.

    One that fires a trigger goes through the engine as anybody else's step. One that only has
    effects leaves the state alone and an event behind. A repeating one counts on from the time
    it was due, not from the sweep that was late.
    """
    timer = timers.claim(session, timer_id, at=at)
    if timer is None:
        return False
    subject = _locked(session, timer)
    definition = versions.load(session, timer.workflow_version_id)
    rule = timers.rule_of(definition, timer)
    if rule is None or not _stands(subject, timer, rule):
        return False
    if not _take(session, subject, rule, at):
        return False
    timer.fired_at = at
    if rule.repeat:
        company = session.get_one(Company, timer.company_id)
        due_at = timers.moment_after(session, company.timezone, rule, timer.due_at, repeat=True)
        timers.next_round(session, timer, rule, due_at)
    return True


def _locked(session: Session, timer: Timer) -> Subject:
    model = under_way.MODELS[timer.subject]
    if model is Estimate:
        return estimates.lock(session, Estimate.id == timer.subject_id)
    statement = select(model).where(model.id == timer.subject_id)
    found: Subject = engine.lock(session, statement.options(joinedload(model.customer)), model)
    return found


def _stands(subject: Subject, timer: Timer, rule: Any) -> bool:
    """Return True while the record is where the timer counts."""
    if timer.in_state is not None:
        return subject.state == timer.in_state
    return subject.state in rule.states


def _take(session: Session, subject: Subject, rule: Any, at: datetime) -> bool:
    actor = actors.system(subject.company_id)
    order = engine.Order(rule.fire or rule.name, actor)
    if _runs_in_circles(session, subject):
        return False
    if rule.fire is None:
        engine.note(session, subject, order, rule.effects, at=at)
        return True
    try:
        engine.apply(session, subject, order, at=at)
    except DomainError:
        # A condition of the owner's forbids it now; the timer has had its turn.
        return False
    return True


def _runs_in_circles(session: Session, subject: Subject) -> bool:
    """Return True when timers alone have moved the record too many times in a row.

    Some that lead to one another would go on for ever. Source: workflow-language.md, limits.
    """
    if subject.event_seq <= MAX_AUTOMATIC_STEPS:
        return False
    definition = versions.load(session, subject.workflow_version_id)
    mine = (Event.subject == subject.subject_name, Event.subject_id == subject.id)
    by_a_person = select(func.max(Event.seq)).where(*mine, Event.actor_role != "system")
    since = select(func.count(Event.id)).where(
        *mine,
        Event.seq > func.coalesce(by_a_person.scalar_subquery(), 0),
        Event.trigger.in_({transition.trigger for transition in definition.transitions}),
    )
    return (session.scalar(since) or 0) >= MAX_AUTOMATIC_STEPS
