"""Forms whose fields lie inside one another: ``fields.0.label.en`` as a tree, and its buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.errors import DomainError, Invalid
from app.services.form import Raw, plain

Tree = dict[str, Any]
_DEEPEST: Final = 9
_LONGEST: Final = 100
# Fields with several boxes: of one ticked alone a list is made too.
_MANY: Final = frozenset({
    "source", "roles", "languages", "states", "to", "actions", "options", "sources", "allow",
    "needs",
})  # fmt: skip


@dataclass
class Pen:
    """Writes a form into a document: the languages it speaks, and what is wrong so far."""

    data: dict[str, Any]
    wrong: dict[str, DomainError | str] = field(default_factory=dict)

    @property
    def languages(self) -> list[str]:
        """Return the languages of the document."""
        return list(self.data["languages"])

    def complain(self, path: str, message: str, **params: Any) -> None:
        """Note what is wrong at a place of the form; the first complaint stands."""
        self.wrong.setdefault(path, DomainError(message, **params))

    def check(self) -> None:
        """Raise Invalid with everything noted so far, if anything was."""
        if self.wrong:
            raise Invalid(self.wrong)


def nest(raw: Raw) -> Tree:
    """Return the fields of a form as a tree; numbers become places in a list."""
    found: Tree = {}
    for name, value in raw.items():
        path = name.split(".")
        if len(path) <= _DEEPEST and all(path):
            _put(found, path, value)
    listed = _listed(found)
    return listed if isinstance(listed, dict) else {}


def press(tree: Tree, do: str) -> None:
    """Do what a button says: ``add:fields``, ``drop:fields.0``, ``up:…`` or ``down:…``."""
    action, _, path = do.partition(":")
    *above, last = path.split(".")
    here = _walk(tree, above)
    if action == "add" and isinstance(here, dict):
        items = here.setdefault(last, [])
        if isinstance(items, list) and len(items) < _LONGEST:
            items.append({})
    elif isinstance(here, list) and last.isdecimal() and int(last) < len(here):
        _shift(here, int(last), action)


def text(node: Mapping[str, Any], name: str) -> str:
    """Return a value of the tree as tidy text, blank when it is not there."""
    value = node.get(name, "")
    if isinstance(value, list):
        value = value[-1] if value else ""
    return plain(value).strip() if isinstance(value, str) else ""


def many(node: Mapping[str, Any], name: str) -> list[str]:
    """Return all the values of a field that may come several times, without blanks."""
    value = node.get(name, [])
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [plain(one) for one in values if isinstance(one, str) and one]


def is_on(node: Mapping[str, Any], name: str) -> bool:
    """Return whether a box was ticked."""
    return text(node, name) == "1"


def items(node: Mapping[str, Any], name: str) -> list[Tree]:
    """Return the parts of a list, as far as they are parts."""
    value = node.get(name, [])
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def part(node: Mapping[str, Any], name: str) -> Tree:
    """Return a part of the tree, empty when it is not there."""
    value = node.get(name)
    return value if isinstance(value, dict) else {}


def words(node: Mapping[str, Any], name: str, languages: Iterable[str]) -> dict[str, str]:
    """Return a text by language; blank ones are left out."""
    said = part(node, name)
    found = {code: text(said, code) for code in languages}
    return {code: one for code, one in found.items() if one}


def _put(found: Tree, path: list[str], value: Any) -> None:
    here: Any = found
    for step in path[:-1]:
        here = here.setdefault(step, {})
        if not isinstance(here, dict):
            return  # a name that is a part and a value at once: somebody is playing
    one_of_many = path[-1] in _MANY and isinstance(value, str)
    here.setdefault(path[-1], [value] if one_of_many else value)


def _listed(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    made = {key: _listed(value) for key, value in node.items()}
    if made and all(key.isascii() and key.isdecimal() and len(key) < 4 for key in made):
        return [made[key] for key in sorted(made, key=int)]
    return made


def _walk(tree: Tree, path: list[str]) -> Any:
    here: Any = tree
    for step in path:
        if isinstance(here, list) and step.isdecimal() and int(step) < len(here):
            here = here[int(step)]
        elif isinstance(here, dict):
            here = here.setdefault(step, [] if step.endswith("s") else {})
        else:
            return None
    return here


def _shift(here: list[Any], number: int, action: str) -> None:
    if action == "drop":
        del here[number]
        return
    other = number + {"up": -1, "down": 1}.get(action, 0)
    if 0 <= other < len(here):
        here[number], here[other] = here[other], here[number]
