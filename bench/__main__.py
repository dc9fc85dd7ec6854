"""``python -m bench``: measure, print each figure against its goal, and keep it."""

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from app import site
from bench import goals, statements, workflows
from bench.browser import Browser
from bench.database import OWNER_EMAIL, PASSWORD, Database, shared_environment
from bench.goals import Figure
from bench.measures import QUEUE, Measured, Site, approvals_round, crowd_round, pages_round
from bench.processes import WebServer, free_port
from bench.scales import SCALES, Scale
from tests.harness.postgres import SUPERUSER, Cluster
from tests.harness.queues import QueueServer

RESULTS: Final = Path(__file__).parent / "results.json"
_PEER: Final = ["--worker-class", "gthread", "--workers", "2", "--threads", "8"]


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", choices=SCALES, default="full")
    parser.add_argument("--part", choices=("all", "requests", "workflows"), default="all")
    parser.add_argument("--into", type=Path, default=RESULTS, metavar="FILE")
    asked = parser.parse_args()
    scale = SCALES[asked.scale]
    figures = []
    if asked.part != "workflows":
        with ExitStack() as stack:
            figures += _measure(stack, scale)
    if asked.part != "requests":
        _say(f"Moving {scale.under_way:,} requests under way")
        figures += workflows.figures(scale)
    print(f"\n{'':<66}{'median':>8}  {'of rounds':>13}  goal")
    for figure in figures:
        print(figure)
    found = {"scale": asked.scale, "figures": [figure.as_data() for figure in figures]}
    asked.into.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"\nKept in {asked.into}")


def _measure(stack: ExitStack, scale: Scale) -> list[Figure]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callout-bench-")))
    small, large = stack.enter_context(_sites(folder, scale))
    peers = stack.enter_context(_peers(folder, large.database))
    found = Measured()
    _say("Warming up")
    approvals_round(small, large, SCALES["small"], Measured())
    pages_round(small, large, peers, SCALES["small"], Measured())
    for number in range(scale.rounds):
        _say(f"Round {number + 1} of {scale.rounds}")
        approvals_round(small, large, scale, found)
        crowd_round(large, scale, found)
        pages_round(small, large, peers, scale, found)
    page = large.browser.open(QUEUE)
    return [
        *goals.ratios(found, scale.clients),
        *_counts(small.database, large.database, large.answers()),
        goals.size("queue page", len(page) / 1024, 25),
    ]


def _counts(small: Database, large: Database, answers: dict[str, str]) -> Iterator[Figure]:
    approvals = [statements.of_approval(each, answers) for each in (small, large)]
    pages = [statements.of_queue_page(each) for each in (small, large)]
    yield from goals.counts("approval", approvals, goal=10)
    yield from goals.counts("queue page", pages, goal=8)


@contextmanager
def _sites(folder: Path, scale: Scale) -> Iterator[tuple[Site, Site]]:
    with ExitStack() as stack:
        cluster = Cluster()
        stack.callback(cluster.close)
        queue = QueueServer()
        queue.start()
        stack.callback(queue.close)
        sizes = (
            ("bench_small", scale.small_rows, scale.small_waiting),
            ("bench_large", scale.large_rows, scale.large_waiting),
        )
        made = []
        for name, rows, waiting in sizes:
            _say(f"Filling {rows:,} requests")
            cluster.create(name)
            database = Database(cluster, name, rows, waiting)
            database.fill()
            made.append(_site(stack, database, folder, queue.url))
        yield made[0], made[1]


def _site(stack: ExitStack, database: Database, folder: Path, queue_url: str) -> Site:
    environment = {
        **shared_environment(folder), **database.environment,
        "PORT": str(free_port()), "REDIS_URL": queue_url,
    }  # fmt: skip
    words = ["--config", "app/process/gunicorn.py"]
    server = WebServer(words, environment, folder / f"{database.name}.log")
    stack.callback(server.close)
    server.wait("/healthz")
    browser = Browser(server.port)
    browser.sign_in(OWNER_EMAIL, PASSWORD)
    browser.open(QUEUE)
    # The cookie is «company.token.signature»; the database knows the token's digest.
    token = browser.cookies["callout_staff"].split(".")[1]
    return Site(database, server, browser, site.digest(token))


@contextmanager
def _peers(folder: Path, database: Database) -> Iterator[dict[str, Browser]]:
    with ExitStack() as stack:
        browsers = {}
        for name in ("bare", "stock"):
            environment = {
                **shared_environment(folder), "PORT": str(free_port()),
                # The peers know nothing of companies, so no wall may hide the rows from them.
                "DATABASE_URL": database.cluster.url(database.name, SUPERUSER),
            }  # fmt: skip
            words = [*_PEER, "--bind", f"127.0.0.1:{environment['PORT']}", f"bench.peers:{name}()"]
            server = WebServer(words, environment, folder / f"{name}.log")
            stack.callback(server.close)
            server.wait("/")
            browsers[name] = Browser(server.port)
        yield browsers


def _say(words: str) -> None:
    print(f"{words} ...", flush=True)


if __name__ == "__main__":
    main()
