"""``python -m tests.harness.tools``: the programs that no Python package brings are there."""

import os
import shutil
import subprocess
import sys

from tests.harness.browsers import find_browser
from tests.harness.postgres import PostgresMissing, find_programs


def main() -> int:
    """Install what is missing where we may, else say how to. Return the exit code."""
    wanted = [(_has_browser, "chromium"), (_has_postgres, "postgresql")]
    missing = [package for is_there, package in wanted if not is_there()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(missing)
        missing = [package for is_there, package in wanted if not is_there()]
    for package in missing:
        print(
            f"The tests need {package}: install it (Debian: sudo apt-get install {package})"
            " and run this again.",
            file=sys.stderr,
        )
    return 1 if missing else 0


def _install(packages: list[str]) -> None:
    print(f"Installing {', '.join(packages)} ...", flush=True)
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-qq", *words], check=False, stdout=subprocess.DEVNULL)


def _has_browser() -> bool:
    return find_browser() is not None


def _has_postgres() -> bool:
    try:
        find_programs()
    except PostgresMissing:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
