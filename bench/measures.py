"""Rounds: everything is done in turn within one, so that each pair shares the machine's mood."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from bench.browser import Browser, timed, together
from bench.database import Database
from bench.processes import WebServer, cpu_s
from bench.scales import Scale

QUEUE = "/admin/requests/"


@dataclass
class Site:
    """The product serving one database, and a dispatcher who is signed in there."""

    database: Database
    server: WebServer
    browser: Browser
    session_token: str

    def answers(self) -> dict[str, str]:
        """Return the Create Job form as the dispatcher leaves it."""
        ids = self.database.ids
        return {
            "customer": "1", "location": "1", "service": f"category:{ids['category']}",
            "title": "The tap drips", "description": "The tap drips.", "priority": "normal",
        }  # fmt: skip


@dataclass
class Measured:
    """Figures by name, one a round."""

    rounds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, name: str, value: float) -> None:
        """Keep a round's figure."""
        self.rounds[name].append(value)

    def ratio(self, name: str, over: str) -> list[float]:
        """Return one figure over another, round by round."""
        pairs = zip(self.rounds[name], self.rounds[over], strict=True)
        return [value / base for value, base in pairs]


def approvals_round(small: Site, large: Site, scale: Scale, found: Measured) -> None:
    """Approve one by one: bare statements, the product, and the product on the small database."""
    for script in ("ladder", "needed"):
        ids = large.database.take(scale.approvals)
        found.note(f"{script}_cpu", _pgbench_cpu(large, script, ids))
    for name, site in (("large", large), ("small", small)):
        server, load = _approve_cpu(site, [site.browser], scale.approvals)
        found.note(f"http_{name}_cpu", server)
        found.note(f"http_{name}_load_cpu", load)


def crowd_round(large: Site, scale: Scale, found: Measured) -> None:
    """Approve with many at once, and compare what gets done a second."""
    for script in ("ladder", "needed"):
        ids = large.database.take(scale.crowd_approvals)
        run = large.database.pgbench(script, ids, scale.clients, large.session_token)
        found.note(f"{script}_rate", run.a_second)
    crowd = [large.browser.twin() for _ in range(scale.clients)]
    ids = large.database.take(scale.crowd_approvals)
    answers = large.answers()
    spent_s = timed(lambda: together(crowd, lambda b, id_: b.approve(id_, answers), ids))
    found.note("http_rate", len(ids) / spent_s)


def pages_round(
    small: Site, large: Site, peers: dict[str, Browser], scale: Scale, found: Measured
) -> None:
    """Read the queue page and its peers, one after the other."""
    pages: dict[str, Callable[[], object]] = {
        "queue_large": lambda: large.browser.open(QUEUE),
        "queue_small": lambda: small.browser.open(QUEUE),
        "badge_large": lambda: large.browser.open(f"{QUEUE}waiting-count"),
        "badge_small": lambda: small.browser.open(f"{QUEUE}waiting-count"),
        "bare": lambda: peers["bare"].open("/"),
        "stock": lambda: peers["stock"].open("/stock/"),
    }
    for name, read in pages.items():
        times = [timed(read) for _ in range(scale.pages)]
        found.note(name, median(times))


def _pgbench_cpu(site: Site, script: str, ids: range) -> float:
    server = site.database.cluster.pid
    before = cpu_s(server)
    run = site.database.pgbench(script, ids, 1, site.session_token)
    time.sleep(0.1)  # until the server has counted in the connection that ended
    return (cpu_s(server) - before + run.cpu_s) / run.count


def _approve_cpu(site: Site, browsers: list[Browser], count: int) -> tuple[float, float]:
    """Return processor seconds an approval: of web and database servers, and of the load."""
    servers = (site.database.cluster.pid, site.server.pid)
    answers = site.answers()
    ids = site.database.take(count)
    before, own = sum(map(cpu_s, servers)), time.process_time()
    together(browsers, lambda browser, id_: browser.approve(id_, answers), ids)
    load = time.process_time() - own
    return (sum(map(cpu_s, servers)) - before) / count, load / count
