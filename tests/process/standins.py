"""A supervisor over small stand-in programs, as a process of its own: it reaps all children.

Usage: standins.py FOLDER NAME=COMMAND ...   Each COMMAND is Python code.
"""

import json
import sys
from pathlib import Path

from app.process.children import Program
from app.process.supervisor import Backoff, Supervisor


def main(folder: Path, words: list[str]) -> None:
    programs = [_program(folder, *word.split("=", 1)) for word in words]
    with Supervisor(_say, Backoff(first_s=0.05, limit_s=0.2)).on_duty() as supervisor:
        supervisor.start(*programs)

        def write_pids() -> bool:
            draft = folder / "pids.draft"
            draft.write_text(json.dumps(supervisor.pids()))
            draft.rename(folder / "pids.json")
            return False

        supervisor.watch_until(write_pids)


def _program(folder: Path, name: str, code: str) -> Program:
    return Program(
        name=name,
        command=(sys.executable, "-S", "-c", code),
        environment={"FOLDER": str(folder)},
        log=folder / f"{name}.log",
        grace_s=1.0,
    )


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
