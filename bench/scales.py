"""How much is measured: the real thing, or a quick look at whether the bench works."""

from dataclasses import dataclass
from typing import Final

_SPARE: Final = 100  # for warming up and for counting statements


@dataclass(frozen=True)
class Scale:
    """Sizes of the two databases and of the runs."""

    small_rows: int
    large_rows: int
    rounds: int
    approvals: int  # a round, one client
    crowd_approvals: int  # a round, all clients together
    pages: int  # a round
    replayed: int  # requests that a draft is tried on
    under_way: int  # requests a new version moves
    clients: int = 16

    @property
    def small_waiting(self) -> int:
        """Return how many requests must wait in the small database: each is approved once."""
        return self.rounds * self.approvals + _SPARE

    @property
    def large_waiting(self) -> int:
        """Return how many must wait in the large one, where two scripts approve as well."""
        return 3 * self.rounds * (self.approvals + self.crowd_approvals) + _SPARE


SCALES: Final = {
    "full": Scale(10_000, 1_000_000, 5, 200, 800, 60, 1_000, 10_000),
    "small": Scale(400, 1_200, 1, 16, 48, 6, 40, 120),
}
