"""How much is measured: the real thing, or a quick look at whether the bench works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes of the two databases and of the runs."""

    small_rows: int
    large_rows: int
    small_waiting: int  # of them, so that there is something to approve
    large_waiting: int
    rounds: int
    approvals: int  # a round, one client
    crowd_approvals: int  # a round, all clients together
    pages: int  # a round
    clients: int = 16


SCALES = {
    "full": Scale(10_000, 1_000_000, 3_000, 12_000, 5, 200, 800, 60),
    "small": Scale(400, 1_200, 150, 500, 2, 16, 48, 6),
}
