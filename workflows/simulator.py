"""A record that lives in memory only: it takes steps, its timers run, its effects are noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from workflows import machine, rules
from workflows.calendars import OFFICE_HOURS, Calendar
from workflows.schema import MESSAGE_BUDGET, Definition, EffectUse, Timer, TopTimer
from workflows.schema.base import MAX_AUTOMATIC_STEPS
from workflows.vocabulary import known_facts, sample_of

START: Final = datetime(2030, 1, 2, 8, tzinfo=UTC)
SYSTEM: Final = "system"
_AT_FIRST: Final[Mapping[str, object]] = {
    "request.proposal_rounds": 0,
    "request.photos": 0,
    "request.kind": "one_time",
    "customer.onboarded": True,
    "customer.portal_access": "full",
    "job.has_technician": False,
    "job.is_visit": False,
    "estimate.lines": 1,
    "estimate.has_request": False,
    "invoice.lines": 1,
}


@dataclass(order=True)
class _Running:
    """A timer under way; ``entry`` tells two stays in one state apart."""

    due: datetime
    number: int
    rule: Timer = field(compare=False)
    entry: int | None = field(compare=False)
    round: int = field(default=1, compare=False)


@dataclass
class Simulation:
    """One simulated record. ``facts`` are dotted names with their values."""

    definition: Definition
    facts: Mapping[str, Any] = field(default_factory=dict)
    now: datetime = START
    calendar: Calendar = OFFICE_HOURS
    here: str = ""
    effects: list[str] = field(default_factory=list)
    refused: rules.Refusals | None = None
    _known: dict[str, Any] = field(default_factory=dict)
    _timers: list[_Running] = field(default_factory=list)
    _entry: int = 0
    _messages: int = 0
    _automatic: int = 0

    def __post_init__(self) -> None:
        self._known = _starting_facts(self.definition)
        for path, value in self.facts.items():
            _put(self._known, path, _as_moment(path, value))

    def submit(self, role: str | None = None) -> bool:
        """Take the first step; False when it is refused."""
        role = role or self.definition.submit.roles[0]
        refused = rules.may_submit(self.definition, self._snapshot(role))
        if refused:
            self.refused = refused
            return False
        self._put_own("submitted_at", self.now)
        self._run(self.definition.submit.effects, {})
        for rule in self.definition.timers:
            self._set(rule, None)
        self._enter(str(self.definition.initial))
        return True

    def take(self, trigger: str, role: str, given: Mapping[str, Any]) -> bool:
        """Take a step as a person; False when it is refused."""
        self._automatic = 0
        return self._step(trigger, role, given)

    def wait(self, duration: str) -> None:
        """Let time pass; whatever falls due on the way happens at its moment."""
        end = self.calendar.add(self.now, duration)
        while self._timers and min(self._timers).due <= end:
            running = min(self._timers)
            self._timers.remove(running)
            self.now = max(self.now, running.due)
            self._ring(running)
        self.now = end

    def options(self, role: str) -> list[rules.Option]:
        """Return the buttons a role has now."""
        return rules.options(self.definition, self._snapshot(role))

    @property
    def is_over(self) -> bool:
        """Return True in a final state."""
        return bool(self.here) and self.definition.state(self.here).final

    def _step(self, trigger: str, role: str, given: Mapping[str, Any]) -> bool:
        decision = rules.decide(self.definition, self._snapshot(role), trigger, given)
        if isinstance(decision, rules.Refusals):
            self.refused = decision
            return False
        move = decision.transition
        dest = machine.step(self.definition, self.here, move)
        self._run(move.effects, decision.input)
        self._enter(dest)
        return True

    def _snapshot(self, role: str) -> rules.Snapshot:
        return rules.Snapshot(self.here, role, self._known, self.now, self.calendar.zone)

    def _enter(self, name: str) -> None:
        """Enter a state, also again: its timers begin anew."""
        self._entry += 1
        self.here = name
        self._put_own("state", name)
        state = self.definition.state(name)
        if state.final:
            self._timers.clear()
            return
        self._timers = [one for one in self._timers if one.entry is None]
        for rule in state.timers:
            self._set(rule, self._entry)

    def _set(self, rule: Timer, entry: int | None) -> None:
        due = self.calendar.add(self.now, rule.after, rule.clock)
        self._timers.append(_Running(due, len(self._timers), rule, entry))

    def _ring(self, running: _Running) -> None:
        rule = running.rule
        if isinstance(rule, TopTimer) and self.here not in rule.states:
            pass  # not now; a later round may find the record in one of the states
        elif rule.fire is not None:
            self._fire(rule.fire)
            return
        else:
            self._run(rule.effects, {})
        if rule.repeat is not None and running.round < rule.times:
            due = self.calendar.add(running.due, rule.repeat, rule.clock)
            self._timers.append(
                _Running(due, running.number, rule, running.entry, running.round + 1)
            )

    def _fire(self, trigger: str) -> None:
        """Take a step as the system; a refusal is no event, a runaway chain is stopped."""
        self._automatic += 1
        if self._automatic <= MAX_AUTOMATIC_STEPS:
            before = self.refused
            self._step(trigger, SYSTEM, {})
            self.refused = before

    def _run(self, uses: Iterable[EffectUse], given: Mapping[str, Any]) -> None:
        for use in uses:
            label = effect_label(use)
            if use.name == "send_message":
                self._messages += 1
                if self._messages > MESSAGE_BUDGET:
                    continue
            self.effects.append(label)
            change = _CONSEQUENCES.get(use.name)
            if change is not None:
                change(self._known, use, given)

    def _put_own(self, name: str, value: object) -> None:
        _put(self._known, f"{self.definition.subject}.{name}", value)


def effect_label(use: EffectUse) -> str:
    """Return an effect's name in tests and in the audit: ``send_message:booking.received``."""
    message = use.params.get("message")
    return f"{use.name}:{message}" if isinstance(message, str) else use.name


def _starting_facts(definition: Definition) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for path, kind in known_facts(definition).items():
        if path.startswith("facts."):
            _put(facts, path, sample_of(path, kind))
    for path, value in _AT_FIRST.items():
        _put(facts, path, value)
    return facts


def _put(facts: dict[str, Any], path: str, value: object) -> None:
    *roots, last = path.split(".")
    for part in roots:
        below = facts.get(part)
        if not isinstance(below, dict):
            below = facts[part] = {}
        facts = below
    facts[last] = value


def _as_moment(path: str, value: object) -> object:
    """Read a given time: tests are JSON, which has none."""
    if isinstance(value, str) and path.endswith(("_at", "_until")):
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return value


def _referred(given: Mapping[str, Any], path: object) -> Any:
    here: Any = {"input": given}
    for part in str(path).split("."):
        here = here.get(part) if isinstance(here, Mapping) else None
    return here


def _time_was_proposed(facts: dict[str, Any], use: EffectUse, given: Mapping[str, Any]) -> None:
    request = facts.setdefault("request", {})
    request["proposal_rounds"] = (request.get("proposal_rounds") or 0) + 1
    request["proposed_at"] = _referred(given, use.params.get("at"))


def _technician_was_assigned(
    facts: dict[str, Any], use: EffectUse, given: Mapping[str, Any]
) -> None:
    _put(facts, "job.has_technician", _referred(given, use.params.get("technician")) is not None)


def _technician_was_cleared(
    facts: dict[str, Any], use: EffectUse, given: Mapping[str, Any]
) -> None:
    del use, given
    _put(facts, "job.has_technician", False)


_Consequence = Callable[[dict[str, Any], EffectUse, Mapping[str, Any]], None]
# What the next condition may ask about an effect of an earlier step.
_CONSEQUENCES: Final[Mapping[str, _Consequence]] = {
    "propose_time": _time_was_proposed,
    "assign_technician": _technician_was_assigned,
    "clear_technician": _technician_was_cleared,
}
