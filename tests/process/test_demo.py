"""``make demo``: everything comes up, is watched, and goes away without a trace."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.process.greeting import COMPANIES
from tests.harness.databases import settings_for
from tests.harness.servers import ROOT, LiveServer, free_port

pytestmark = [pytest.mark.on_database("sqlite"), pytest.mark.own_process]


def wait(is_true: Callable[[], object], seconds: float = 150.0) -> bool:
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(is_true())


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def run_demo(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.process"],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


def programs(server: LiveServer) -> dict[str, int]:
    return {name: server.pid(name) for name in ("queue", "web", "worker", "clock")}


def test_it_comes_up_says_where_and_leaves_nothing(start_server):
    server = start_server(DATABASE_URL="", DATABASE_ADMIN_URL="")
    assert wait(lambda: "Stop      Ctrl-C" in server.logs())
    said = server.logs()
    pids = programs(server)
    folder = Path((server.var_dir / "queue.url").read_text().removeprefix("unix://")).parent

    assert server.stop(signal.SIGINT) == 0

    for address in ("/admin/login", "/demo/inbox", *(f"/p/{slug}/" for slug in COMPANIES)):
        assert server.url + address in said
    assert server.password in said
    assert all(map(is_gone, pids.values()))
    assert not folder.exists()
    assert (server.var_dir / "callout.sqlite3").stat().st_size > 100_000
    assert not (server.var_dir / "queue.url").exists()


def test_a_killed_program_comes_back_and_so_does_everything(start_server):
    server = start_server(APP_ENV="test")
    assert wait(lambda: "Stop      Ctrl-C" in server.logs())
    before = programs(server)
    os.kill(before["web"], signal.SIGKILL)
    assert wait(lambda: "web ended (signal 9)" in server.logs())
    assert wait(server.is_ready)

    server.restart()

    assert wait(lambda: server.logs().count("Stop      Ctrl-C") == 2)
    assert not set(programs(server).values()) & set(before.values())


def test_its_programs_end_with_it_even_when_it_is_killed(start_server):
    server = start_server(APP_ENV="test")
    assert wait(lambda: "Stop      Ctrl-C" in server.logs())
    pids = programs(server)

    server.stop(signal.SIGKILL)

    assert wait(lambda: all(map(is_gone, pids.values())))


def test_a_taken_port_is_named(tmp_path):
    port = free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        done = run_demo(tmp_path, PORT=str(port))

    assert done.returncode == 1
    assert f"Port {port} is taken. Say PORT=" in done.stderr


def test_wrong_settings_are_named_together(tmp_path):
    done = run_demo(tmp_path, APP_ENV="production", PORT="eighty")

    assert done.returncode == 1
    for name in ("SECRET_KEY", "PUBLIC_URL", "PORT"):
        assert name in done.stderr


def test_one_folder_has_one_demo(start_server):
    server = start_server(APP_ENV="test")

    done = run_demo(server.var_dir, PORT=str(free_port()))

    assert done.returncode == 1
    assert "running already" in done.stderr


def test_only_its_owner_reads_the_folder(tmp_path):
    folder = tmp_path / "new"
    settings_for(folder, SECRET_KEY="")

    assert folder.stat().st_mode & 0o077 == 0
