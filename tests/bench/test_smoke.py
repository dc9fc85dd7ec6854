"""The bench runs from end to end, on databases too small to say anything."""

import json
import subprocess
import sys

import pytest

from bench.processes import ROOT


@pytest.mark.long
@pytest.mark.own_process
@pytest.mark.timeout(600)
def test_bench_measures_and_keeps_every_figure(tmp_path):
    results = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench", "--scale", "small", "--into", str(results)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(results.read_text())
    assert found["scale"] == "small"
    assert len(found["figures"]) == 29
    assert all(figure["value"] >= 0 for figure in found["figures"])
