"""Every test can run and fail; each of these rules has been seen to fail too."""

import pytest

from tests.architecture import runnable, sources
from tests.architecture.sources import Source

FINE = "def test_a():\n    assert f()\n"
BREACHES = [
    (runnable.tests_can_fail, "tests/test_a.py", "def test_a():\n    f()\n"),
    (runnable.tests_are_collected, "tests/a.py", FINE),
    (runnable.tests_are_collected, "tests/test_a.py", FINE + FINE),
    (runnable.tests_are_collected, "tests/test_a.py", "def f():\n    def test_a(): assert 1\n"),
    (
        runnable.tests_are_collected,
        "tests/test_a.py",
        "class TestA:\n    def __init__(self): pass\n    def test_a(self): assert 1\n",
    ),
    (runnable.tests_are_never_skipped, "tests/test_a.py", "@pytest.mark.skipif(x)\n" + FINE),
    (runnable.tests_are_never_skipped, "tests/test_a.py", "pytest.importorskip('x')\n"),
    (runnable.tests_are_never_skipped, "tests/test_a.py", "@pytest.mark.xfail\n" + FINE),
]
ALL = list(dict.fromkeys(rule for rule, _, _ in BREACHES))


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_our_tests_keep_the_rule(rule):
    assert rule(sources.tests()) == []


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES)
def test_a_breach_is_found(rule, path, text):
    assert rule([Source(path, text)])


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_what_is_right_is_let_through(rule):
    assert rule([Source("tests/test_a.py", FINE)]) == []
