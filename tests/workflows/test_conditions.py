"""CEL: what is read, what counts as no, and what is never read at all."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from workflows.conditions import CONDITIONS, BadExpression, Conditions

NOW = datetime(2030, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("request.rounds < 3", {"request": {"rounds": 2}}),
        ("request.rounds != null", {"request": {"rounds": 2}}),
        ("request.rounds == null", {"request": {}}),
        ("request.rounds == null", {}),
        ("request.extra.floor >= 2", {"request": {"extra": {"floor": 2.5}}}),
        ("input.day > now", {"input": {"day": date(2030, 2, 1)}, "now": NOW}),
        (
            "now - request.at > duration('1h')",
            {"request": {"at": datetime(2029, 1, 1)}, "now": NOW},
        ),
        ("input.price > 3", {"input": {"price": Decimal("3.5")}}),
        ("'a' in request.tags", {"request": {"tags": ("a", "b")}}),
        ("request.tags.exists(one, one == 'b')", {"request": {"tags": ["a", "b"]}}),
        ("request.note.startsWith('ab') && size(request.note) == 3", {"request": {"note": "abc"}}),
        ("request.big > 5", {"request": {"big": 2**80}}),
    ],
)
def test_a_condition_holds(text, facts):
    outcome = CONDITIONS.evaluate(text, facts)

    assert outcome.holds
    assert outcome.error is None


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("request.rounds < 3", {}),
        ("1 / request.zero == 1", {"request": {"zero": 0}}),
        ("facts.free", {"facts": {"free": None}}),
        ("!facts.free", {"facts": {}}),
        ("request.rounds", {"request": {"rounds": 1}}),
        ("request.name.size() > 1", {"request": {"name": None}}),
        ("request.rounds < 3", {"request": "text"}),
        ("this is no condition", {}),
    ],
)
def test_an_error_counts_as_no_and_is_recorded(text, facts):
    outcome = CONDITIONS.evaluate(text, facts)

    assert not outcome.holds
    assert outcome.error


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 +", "a b", "a = 1", "os.system('true')", "__import__('os')", "open('/etc')",
        "{{ 7 * 7 }}", "{% if x %}", "${x}", "request['kind']", "(request).kind", "{'a': 1}",
        "[1, 2].map(x, x)", "a.exists(x, x.exists(y, y))", "`request`", "request.kind; true",
        "x" * 501, "(" * 40 + "1" + ")" * 40, "has(request.kind)",
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(BadExpression):
        CONDITIONS.compile(text)


def test_a_very_long_expression_never_reaches_the_library():
    with pytest.raises(BadExpression):
        CONDITIONS.compile("a" + ".b" * 100_000)


@pytest.mark.parametrize("text", ["request.__class__ != null", "request.delete != null"])
def test_attributes_of_an_object_are_not_read(text):
    class Row:
        delete = "row"

    assert not CONDITIONS.evaluate(text, {"request": Row()}).holds


def test_the_paths_of_an_expression_are_known():
    found = CONDITIONS.compile(
        "request.extra.floor > 2 && 'a.b' in input.tags && input.x.exists(v, v == now)"
        " && timestamp('2030-01-01T00:00:00Z') < now && size(request.note) > 1"
    )

    assert found.paths == {"request.extra.floor", "input.tags", "input.x", "now", "request.note"}
    assert found.functions == {"exists", "timestamp", "size"}


def test_an_expression_is_compiled_once():
    conditions = Conditions()

    assert conditions.compile("a.b == 1") is conditions.compile("a.b == 1")


def test_only_the_named_facts_are_fetched():
    asked = []

    class Facts(dict[str, object]):
        def get(self, name, default=None):
            asked.append(name)
            return super().get(name, default)

    CONDITIONS.evaluate("request.kind == 'issue'", {"request": Facts(kind="issue", other=1)})

    assert asked == ["kind"]
