"""Each figure with what it should be; the goals are ratios, because seconds are the machine's."""

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Final

from bench.measures import Measured

APPROVE: Final = "approve over HTTP"


@dataclass(frozen=True)
class Figure:
    """One line of the report; ``goal`` is an upper limit unless ``at_least``."""

    name: str
    value: float
    low: float
    high: float
    goal: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Return True when the goal is reached."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def as_data(self) -> dict[str, Any]:
        """Return the figure for results.json."""
        return {**asdict(self), "is_met": self.is_met}

    def __str__(self) -> str:
        """Return the line to print."""
        sign = "≥" if self.at_least else "≤"
        spread = f"{self.low:.2f}–{self.high:.2f}"
        verdict = "met" if self.is_met else "NOT MET"
        return f"{self.name:<66}{self.value:>8.2f}  {spread:>13}  {sign} {self.goal:<6g} {verdict}"


def ratios(found: Measured, clients: int) -> list[Figure]:
    """Return the figures that come from rounds."""
    crowd = f"{APPROVE}, {clients} clients, rate"
    upper = [
        (f"{APPROVE}, CPU × pgbench of what it needs", "http_large_cpu", "needed_cpu", 4.5),
        (f"{APPROVE}, CPU × pgbench of the bare seven", "http_large_cpu", "ladder_cpu", 7.1),
        (f"{APPROVE}, growth of CPU", "http_large_cpu", "http_small_cpu", 1.15),
        ("queue page, time × bare keyset page", "queue_large", "bare", 2.0),
        ("queue page, time × stock Flask-Admin", "queue_large", "stock", 0.56),
        ("queue page, growth of time", "queue_large", "queue_small", 1.4),
        ("badge, growth of time", "badge_large", "badge_small", 1.4),
    ]
    lower = [
        (f"{crowd} × pgbench of what it needs", "http_rate", "needed_rate", 0.20),
        (f"{crowd} × pgbench of the bare seven", "http_rate", "ladder_rate", 0.08),
    ]
    return [_figure(found, *row) for row in upper] + [
        _figure(found, *row, at_least=True) for row in lower
    ]


def counts(name: str, sizes: list[int], *, goal: int) -> list[Figure]:
    """Return the figures of a count on both databases: low, and the same."""
    low, high = min(sizes), max(sizes)
    return [
        Figure(f"{name}, statements", high, low, high, goal),
        Figure(f"{name}, statements more on the larger database", high - low, 0, 0, 0),
    ]


def size(name: str, kib: float, goal: float) -> Figure:
    """Return the figure of a page's size."""
    return plain(f"{name}, KiB", kib, goal)


def plain(name: str, value: float, goal: float) -> Figure:
    """Return a figure that was taken once."""
    return Figure(name, value, value, value, goal)


def _figure(
    found: Measured, name: str, value: str, over: str, goal: float, *, at_least: bool = False
) -> Figure:
    each = found.ratio(value, over)
    return Figure(name, median(each), min(each), max(each), goal, at_least)
