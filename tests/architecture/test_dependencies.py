"""Each library we depend on at run time has its reason in the README, and a lock with hashes."""

import re
import tomllib

import pytest

from tests.architecture.sources import ROOT

LOCKS = ("installer", "runtime", "dev")


def declared() -> list[str]:
    """Return the names of the run-time dependencies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [re.split(r"[\[<>=! ]", line)[0] for line in project["dependencies"]]


def unexplained(names: list[str], readme: str) -> list[str]:
    """Return the names that no table row or list item of the README is about."""
    rows = [line.lower() for line in readme.splitlines() if line.startswith(("|", "- "))]
    return [
        name
        for name in names
        if not any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", row) for row in rows)
    ]


def unhashed(lock: str) -> list[str]:
    """Return the pinned packages of a lock file that have no hash."""
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n?", "", lock, flags=re.M))
    return [entry.split()[0] for entry in entries if entry.strip() and "--hash=" not in entry]


def test_each_library_has_a_line_in_the_readme():
    assert unexplained(declared(), (ROOT / "README.md").read_text()) == []


def test_a_library_without_a_line_is_found():
    assert unexplained(["flask", "rq"], "| flask-admin | pages |\n| `rq` | jobs |") == ["flask"]


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_a_hash_for_everything_and_names_no_host(name):
    lock = (ROOT / "requirements" / f"{name}.txt").read_text()

    assert unhashed(lock) == []
    assert "://" not in lock
    assert "--index" not in lock


def test_the_front_end_lock_names_no_host():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_a_pin_without_a_hash_is_found():
    assert unhashed("a==1 \\\n    --hash=sha256:0\n    # via b\nb==2\n") == ["b==2"]


def test_every_declared_library_is_locked():
    lock = (ROOT / "requirements" / "runtime.txt").read_text().lower()

    missing = [name for name in declared() if f"\n{name.replace('.', '-')}" not in f"\n{lock}"]
    assert missing == []
