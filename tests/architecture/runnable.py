"""The house rules about tests: each must run, and be able to fail."""

import ast
from collections.abc import Iterable, Iterator

from tests.architecture.sources import Source

# Calls that fail a test: pytest's, playwright's, and functions whose name says that they check.
_CHECKS = ("raises", "warns", "fail", "expect", "check")
_SKIPS = {"skip", "skipif", "importorskip", "xfail"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def tests_can_fail(sources: Iterable[Source]) -> list[str]:
    """A test asserts something."""
    return [
        source.at(test, f"{test.name} asserts nothing")
        for source in sources
        for test in _tests(source.tree)
        if not any(map(_is_check, ast.walk(test)))
    ]


def tests_are_collected(sources: Iterable[Source]) -> list[str]:
    """A test stands where pytest looks, under a name that nothing after it takes."""
    return [breach for source in sources for breach in _uncollected(source)]


def tests_are_never_skipped(sources: Iterable[Source]) -> list[str]:
    """What a test needs is installed or its absence is a failure."""
    return [
        source.at(node, "skips a test")
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in _SKIPS
        and ast.unparse(node.value) in ("pytest", "pytest.mark")
    ]


def _uncollected(source: Source) -> Iterator[str]:
    tests = list(_tests(source.tree))
    if tests and not source.name.startswith("test_"):
        yield source.at(tests[0], "is no file that pytest opens")
    top = {id(node) for node in _scopes(source.tree)}
    seen: set[str] = set()
    for test in tests:
        if id(test) not in top:
            yield source.at(test, f"{test.name} stands inside another function")
        elif test.name in seen:
            yield source.at(test, f"{test.name} takes the name of a test above it")
        seen.add(test.name)
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test") and _has_init(node):
            yield source.at(node, f"{node.name} has a constructor, so pytest leaves it out")


def _tests(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS) and node.name.startswith("test_"):
            yield node


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    for node in tree.body:
        yield node
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from node.body


def _has_init(node: ast.ClassDef) -> bool:
    return any(isinstance(part, _FUNCTIONS) and part.name == "__init__" for part in node.body)


def _is_check(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    return name.startswith(("assert_", "check_", "expect_")) or name in _CHECKS
