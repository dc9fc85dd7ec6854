"""The tests a definition brings along: run on every save, a red one blocks publishing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from workflows.calendars import OFFICE_HOURS, Calendar
from workflows.problems import N_
from workflows.schema import Case, Definition
from workflows.simulator import START, Simulation


@dataclass(frozen=True)
class CaseResult:
    """Whether a test is green, and if not what came instead."""

    case: Case
    msgid: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_green(self) -> bool:
        """Return True when everything came as expected."""
        return not self.msgid

    @property
    def sentence(self) -> str:
        """Return in English what came instead of the expected."""
        return self.msgid % self.params


def run_cases(definition: Definition, calendar: Calendar = OFFICE_HOURS) -> Iterator[CaseResult]:
    """Run each test of a definition that has no errors; yield one result each, in order."""
    for case in definition.tests:
        yield _run(definition, case, calendar)


def play(
    definition: Definition, case: Case, calendar: Calendar = OFFICE_HOURS
) -> tuple[Simulation, bool]:
    """Take the steps of a test; return where it ended and whether all of them were taken.

    Raises ValueError for a time in ``given`` that can't be read.
    """
    simulation = _begin(definition, case, calendar)
    return simulation, _play(simulation, case) is None


def _run(definition: Definition, case: Case, calendar: Calendar) -> CaseResult:
    try:
        simulation = _begin(definition, case, calendar)
    except ValueError:
        return _red(case, N_("'given' holds a time that can't be read; write 2030-01-31T08:00Z."))
    refused_at = _play(simulation, case)
    return _compare(case, simulation, refused_at)


def _begin(definition: Definition, case: Case, calendar: Calendar) -> Simulation:
    given = {key: value for key, value in case.given.items() if key not in ("now", "as")}
    return Simulation(definition, given, _moment(case.given.get("now")), calendar)


def _play(simulation: Simulation, case: Case) -> int | None:
    """Take the steps; return the number of the one that was refused, 0 for submitting."""
    role = case.given.get("as")
    if not simulation.submit(role if isinstance(role, str) else None):
        return 0
    for number, step in enumerate(case.when, start=1):
        if step.wait is not None:
            simulation.wait(step.wait)
        elif not simulation.take(str(step.trigger), str(step.role), step.input):
            return number
    return None


def _compare(case: Case, simulation: Simulation, refused_at: int | None) -> CaseResult:
    code = simulation.refused.code if simulation.refused and refused_at is not None else None
    expected = case.then
    if code != expected.refused or (code and refused_at != len(case.when)):
        return _wrongly_refused(case, simulation, code, refused_at)
    if simulation.here != expected.state:
        return _red(
            case,
            N_("expected the state '%(expected)s', but it is '%(actual)s'"),
            expected=expected.state,
            actual=simulation.here or "-",
        )
    if expected.effects is not None and list(expected.effects) != simulation.effects:
        return _red(
            case,
            N_("expected the effects [%(expected)s], but they were [%(actual)s]"),
            expected=", ".join(expected.effects),
            actual=", ".join(simulation.effects),
        )
    return CaseResult(case)


def _wrongly_refused(
    case: Case, simulation: Simulation, code: str | None, refused_at: int | None
) -> CaseResult:
    if code is None:
        return _red(
            case,
            N_("expected the last step to be refused (%(expected)s), but it was taken"),
            expected=case.then.refused,
        )
    reason = simulation.refused[0] if simulation.refused else None
    why = "" if reason is None else reason.texts.get("en") or reason.msgid % reason.params
    return _red(
        case,
        N_("step %(number)s was refused (%(code)s): %(why)s"),
        number=refused_at,
        code=code,
        why=f"{reason.field}: {why}" if reason and reason.field else why,
    )


def _red(case: Case, msgid: str, **params: object) -> CaseResult:
    return CaseResult(case, msgid, params)


def _moment(value: object) -> datetime:
    if value is None:
        return START
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
