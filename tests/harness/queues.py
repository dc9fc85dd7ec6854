"""A real queue server for the tests."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from redis import Redis

from app.gateways import queue


class QueueServer:
    """A private server that can be stopped and started again, keeping what it held."""

    def __init__(self) -> None:
        # Short: the kernel ends a socket's path at 108 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="callout-test-"))
        self.socket = self.folder / "q.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def client(self) -> Redis:
        return queue.connect(self.url)

    def start(self) -> None:
        self._process = subprocess.Popen(
            queue.server_command(self.socket, self.folder), stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not queue.is_up(self.url):
            assert time.monotonic() < deadline, "the queue server does not start"
            time.sleep(0.02)

    def stop(self) -> None:
        """Take it away, as a crash would, but with its file written."""
        if self._process:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def empty(self) -> None:
        """Forget every job, and come back if a test left the server stopped."""
        if self._process is None:
            self.start()
        with self.client as client:
            client.flushall()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
