"""Conditions in CEL: parsed once, evaluated on plain values, never more than the text names.

The library overflows the stack on very long expressions and knows only the roots of the
variables it reads, so length, functions and paths are checked here, before it sees a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

import cel

from workflows.problems import N_

MAX_LENGTH: Final = 500
MAX_DEPTH: Final = 30
FUNCTIONS: Final = frozenset({
    "size", "contains", "startsWith", "endsWith", "matches", "int", "double", "string",
    "timestamp", "duration", "exists", "all", "exists_one", "filter", "getFullYear", "getMonth",
    "getDate", "getDayOfWeek", "getHours", "getMinutes",
})  # fmt: skip
_MACROS: Final = frozenset({"exists", "all", "exists_one", "filter"})
_WORDS: Final = frozenset({"true", "false", "null", "in"})
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>[rR]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    |(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?u?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]]))""",
    re.VERBOSE | re.ASCII,
)
_BIGGEST: Final = 2**63 - 1


class BadExpression(ValueError):
    """The text is no condition; ``msgid`` and ``params`` say why."""

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid % params)
        self.msgid, self.params = msgid, params


@dataclass(frozen=True)
class Outcome:
    """Whether a condition holds; ``error`` says why evaluating failed, which counts as no."""

    holds: bool
    error: str | None = None


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


class Condition:
    """One compiled expression."""

    def __init__(self, source: str) -> None:
        tokens = list(_tokens(source))
        self.source = source
        self.functions, self.paths = _named(tokens)
        self._program = _compiled(source)
        self._paths = [tuple(path.split(".")) for path in sorted(self.paths)]

    def evaluate(self, facts: Mapping[str, Any]) -> Outcome:
        """Return whether it holds for these facts. Never raises."""
        try:
            value = self._program.execute(self._context(facts))
        except Exception as error:  # noqa: BLE001 - whatever the library raises counts as no
            return Outcome(False, f"{type(error).__name__}: {str(error)[:200]}")
        if value is True or value is False:
            return Outcome(value)
        return Outcome(False, f"the answer is {type(value).__name__}, not yes or no")

    def _context(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Copy exactly the named values, null for what is missing, so nothing else is seen."""
        context: dict[str, Any] = {}
        for path in self._paths:
            value = _look_up(facts, path)
            here = context
            for part in path[:-1]:
                below = here.get(part)
                if not isinstance(below, dict):
                    below = here[part] = {}
                here = below
            if not isinstance(here.get(path[-1]), dict):
                here[path[-1]] = _plain(value)
        return context


class Conditions:
    """Compiles each text once; errors while evaluating count as no and are recorded."""

    def __init__(self, limit: int = 4096) -> None:
        self._known: dict[str, Condition] = {}
        self._limit = limit

    def compile(self, source: str) -> Condition:
        """Return the compiled condition. Raises BadExpression."""
        known = self._known.get(source)
        if known is None:
            if len(self._known) >= self._limit:
                self._known.clear()
            known = self._known[source] = Condition(source)
        return known

    def evaluate(self, source: str, facts: Mapping[str, Any]) -> Outcome:
        """Return whether the expression holds for these facts. Never raises."""
        try:
            return self.compile(source).evaluate(facts)
        except BadExpression as error:
            return Outcome(False, str(error))


CONDITIONS: Final = Conditions()


def _compiled(source: str) -> Any:
    try:
        return cel.compile(source)
    except ValueError as error:
        said = str(error).split("Syntax error:")[-1].splitlines()[0].strip()
        raise BadExpression(N_("This is not a condition: %(said)s."), said=said[:120]) from error


def _tokens(source: str) -> Iterator[_Token]:
    if len(source) > MAX_LENGTH:
        raise BadExpression(N_("The condition is longer than 500 letters; split it."))
    depth, at = 0, 0
    while at < len(source.rstrip()):
        match = _TOKEN.match(source, at)
        if match is None:
            bad = source[at:].lstrip()[:1]
            raise BadExpression(N_("'%(sign)s' has no place in a condition."), sign=bad)
        at = match.end()
        kind = match.lastgroup or ""
        token = _Token(kind, match[kind])
        depth += (token.text in "([") - (token.text in ")]") if kind == "sign" else 0
        if depth > MAX_DEPTH:
            raise BadExpression(N_("The condition has too many brackets; split it."))
        yield token


def _named(tokens: list[_Token]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the functions called and the paths read."""
    called: set[str] = set()
    read: set[str] = set()
    bound: set[str] = set()
    at = 0
    while at < len(tokens):
        if tokens[at].kind != "name" or tokens[at].text in _WORDS:
            at += 1
            continue
        start, (path, at) = at, _path(tokens, at)
        if _is(tokens, at, "("):
            bound.update(_bound_by(tokens, at, path[-1]))
            called.add(path.pop())
        elif _is(tokens, at, "["):
            raise BadExpression(N_("Write request.kind, not request['kind']."))
        if path and _is(tokens, start - 1, "."):
            raise BadExpression(N_("Write the whole path, such as request.kind."))
        if path:
            read.add(".".join(path))
    _refuse_functions(called, tokens)
    return frozenset(called), frozenset(p for p in read if p.split(".")[0] not in bound)


def _path(tokens: list[_Token], at: int) -> tuple[list[str], int]:
    path = [tokens[at].text]
    at += 1
    while _is(tokens, at, ".") and at + 1 < len(tokens) and tokens[at + 1].kind == "name":
        path.append(tokens[at + 1].text)
        at += 2
    return path, at


def _bound_by(tokens: list[_Token], at: int, function: str) -> set[str]:
    is_macro = function in _MACROS and _is(tokens, at + 2, ",")
    if is_macro and tokens[at + 1].kind == "name":
        return {tokens[at + 1].text}
    return set()


def _refuse_functions(called: set[str], tokens: list[_Token]) -> None:
    unknown = sorted(called - FUNCTIONS)
    if unknown:
        raise BadExpression(N_("There is no function '%(name)s'."), name=unknown[0])
    names = [token.text for token in tokens if token.kind == "name"]
    if sum(name in _MACROS for name in names) > 1:
        raise BadExpression(N_("Ask one list question a condition; write a second condition."))


def _is(tokens: list[_Token], at: int, sign: str) -> bool:
    return 0 <= at < len(tokens) and tokens[at].kind == "sign" and tokens[at].text == sign


def _look_up(facts: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    here: Any = facts
    for part in path:
        if not isinstance(here, Mapping):
            return None
        here = here.get(part)
    return here


def _plain(value: Any) -> Any:
    """Return a value CEL can compare; whatever it does not know becomes text."""
    if value is None or isinstance(value, (bool, str, float)):
        return value
    if isinstance(value, int):
        return value if -_BIGGEST <= value <= _BIGGEST else float(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in list(value)[:200]]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in list(value.items())[:200]}
    return str(value)
