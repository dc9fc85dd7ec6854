"""The project's files as the house rules read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("app", "portal", "admin_views", "workflows", "bench", "config.py", "wsgi.py")
_MADE_ELSEWHERE = {"node_modules", "vendor", "__pycache__", "versions"}


@dataclass(frozen=True)
class Source:
    """One file: its path in the project and what it says."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parse(self.text)

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    def at(self, node: ast.AST, sentence: str) -> str:
        """Return a breach found at a node."""
        return f"{self.path}:{getattr(node, 'lineno', 1)} {sentence}"


def product() -> list[Source]:
    """Return the Python files that make up the product."""
    return [source for part in PRODUCT for source in _read(ROOT / part, "*.py")]


def tests() -> list[Source]:
    """Return the Python files of the tests."""
    return list(_read(ROOT / "tests", "*.py"))


def scripts() -> list[Source]:
    """Return our own scripts for the browser."""
    return list(_read(ROOT / "app" / "web" / "static", "*.js"))


def templates() -> list[Source]:
    """Return every page and mail template."""
    return list(_read(ROOT / "templates", "*.html"))


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


def _read(place: Path, pattern: str) -> Iterator[Source]:
    files = [place] if place.is_file() else sorted(place.rglob(pattern))
    for file in files:
        relative = file.relative_to(ROOT)
        if not _MADE_ELSEWHERE.intersection(relative.parts):
            yield Source(str(relative), file.read_text(encoding="utf-8"))
