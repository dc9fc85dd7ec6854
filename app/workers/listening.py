"""The worker process: waits at the queue and does what the bell rings for.

It works in its own process instead of forking one a job: the database and the mail server keep
their connections, nothing is inherited across a fork, and one that is killed is gone whole. The
rows' leases, not a parent process, see to it that its work is done by the next one.
"""

from types import FrameType
from typing import Final

import structlog
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer

import config
from app.gateways import queue
from app.workers import delivery, doorbell

# A dead worker is noticed after half a minute; the defaults take up to ten.
WORKER_TTL_S: Final = 30
MAINTENANCE_S: Final = 10
MONITORING_S: Final = 5
WAIT_S: Final = 1.0
_log: Final = structlog.get_logger(__name__)


class _Worker(SimpleWorker):
    max_connection_wait_time = 5.0
    _is_at_work = False

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Do the job here, and know that we are at it."""
        self._is_at_work = True
        try:
            super().execute_job(job, queue)
        finally:
            self._is_at_work = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the letter in hand, without asking the queue server, which may be gone."""
        self._stop_requested = True
        delivery.stopping.set()
        if not self._is_at_work:
            raise StopRequested


def work() -> None:
    """Answer the bell until told to stop; a queue server that goes away is waited for."""
    settings: config.Settings = current_app.config["SETTINGS"]
    while not delivery.stopping.is_set():
        client = _connected(settings)
        if client is not None:
            try:
                _work_with(client)
            except (RedisError, OSError) as error:
                _log.warning("queue server lost", reason=str(error))
        delivery.stopping.wait(WAIT_S)


def _work_with(client: Redis) -> None:
    worker = _Worker(
        [queue.open_queue(client, doorbell.JOB)],
        connection=client,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL_S,
        maintenance_interval=MAINTENANCE_S,
        job_monitoring_interval=MONITORING_S,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING")


def _connected(settings: config.Settings) -> Redis | None:
    url = settings.redis_url or queue.published_address(settings.var_dir)
    return queue.connect(url) if url is not None and queue.is_up(url) else None
