"""The definitions that come with Callout, read from their files."""

from functools import cache
from pathlib import Path

from workflows.document import read
from workflows.schema import Definition

FOLDER = Path(__file__).parent / "definitions"


class BrokenDefinition(ValueError):
    """A shipped file does not hold a definition; the message lists why."""


def names() -> list[str]:
    """Return the names of what is shipped, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def definition(name: str) -> Definition:
    """Return a shipped definition. Raises KeyError for an unknown name, BrokenDefinition."""
    if name not in names():
        raise KeyError(name)
    path = FOLDER / f"{name}.yaml"
    document = read(path.read_bytes(), path.name)
    if document.definition is None:
        raise BrokenDefinition("\n".join(each.format(path.name) for each in document.problems))
    return document.definition


def text(name: str) -> str:
    """Return a shipped definition as it is written, with its comments. Raises KeyError."""
    if name not in names():
        raise KeyError(name)
    return (FOLDER / f"{name}.yaml").read_text("utf-8")
