"""The rooms are kept apart by import-linter, and each of its contracts has been seen to fail."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT

LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: dict[str, dict[str, Any]] = {each["id"]: each for each in LINTER["contracts"]}
# For each contract a module and an import that breaks it.
BREACHES = [
    ("layers", "app.models", "import app.services"),
    ("layers", "app.services", "import app.web"),
    ("layers", "workflows", "import app.services"),
    ("layers", "app.outbox", "import workflows"),
    ("layers", "app.services", "import app.gateways"),
    ("layers", "portal", "import admin_views"),
    ("layers", "app.workers", "import portal"),
    ("services", "app.services", "import flask"),
    ("services", "app.services", "import rq"),
    ("services", "app.services", "import stripe"),
    ("services", "app.services", "import pdfkit"),
    ("workflows", "workflows", "import flask"),
    ("definitions", "workflows.schema", "import sqlalchemy"),
    ("definitions", "workflows.verifier", "import app.db"),
    ("models", "app.models", "import flask"),
    ("models", "app.models", "import app.clock"),
    ("gateways", "app.gateways", "import sqlalchemy"),
    ("gateways", "app.gateways", "import app.models"),
    ("floor", "app.money", "import app.models"),
    ("floor", "app.errors", "import workflows"),
]


def modules() -> Iterator[str]:
    """Yield the modules of ours that contracts name."""
    for contract in CONTRACTS.values():
        for key in ("source_modules", "forbidden_modules", "layers"):
            for line in contract.get(key, []):
                for word in line.replace("|", ":").split(":"):
                    yield word.strip(" ()")


def build(folder: Path) -> None:
    """Make empty packages with our names, so that a breach stands alone."""
    for name in modules():
        if name.split(".")[0] in LINTER["root_packages"]:
            for depth in range(1, name.count(".") + 2):
                package = folder.joinpath(*name.split(".")[:depth])
                package.mkdir(exist_ok=True)
                (package / "__init__.py").touch()
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter with our contracts over a folder."""
    command = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    return subprocess.run(
        [sys.executable, "-c", command], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_rooms_are_kept():
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout


def test_empty_rooms_are_fine(tmp_path):
    build(tmp_path)

    assert lint(tmp_path).returncode == 0


@pytest.mark.parametrize(("contract", "module", "line"), BREACHES)
def test_a_breach_is_found(tmp_path, contract, module, line):
    build(tmp_path)
    tmp_path.joinpath(*module.split("."), "__init__.py").write_text(line)

    done = lint(tmp_path)

    assert done.returncode == 1, done.stderr
    assert f"{CONTRACTS[contract]['name']} BROKEN" in done.stdout


def test_each_contract_has_been_seen_to_fail():
    assert {contract for contract, _, _ in BREACHES} == set(CONTRACTS)
