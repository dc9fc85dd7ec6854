"""Rows and CEL are two views of one condition."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.condition_rows import Group, Row, to_expression, to_rows
from workflows.conditions import CONDITIONS, BadExpression

PATHS = st.sampled_from(["request.kind", "request.photos", "request.extra.floor", "now"])
VALUES = st.one_of(
    st.text(max_size=12).filter(lambda text: text.isprintable()),
    st.integers(-(10**9), 10**9),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
)
COMPARED = st.builds(
    Row,
    PATHS,
    st.sampled_from(["is", "is_not", "less", "at_most", "more", "at_least", "contains"]),
    VALUES,
)
PLAIN = st.builds(Row, PATHS, st.sampled_from(["is_blank", "is_filled", "is_true", "is_false"]))


@pytest.mark.parametrize(
    ("rows", "join", "expression"),
    [
        ([Row("request.kind", "is", "issue")], "all", 'request.kind == "issue"'),
        (
            [Row("request.photos", "more", 0), Row("request.kind", "is_blank")],
            "any",
            "request.photos > 0 || request.kind == null",
        ),
        (
            [
                Row("request.urgency", "is", "urgent"),
                Group("any", (Row("facts.slot_free", "is_true"), Row("request.photos", "more", 0))),
            ],
            "all",
            'request.urgency == "urgent" && (facts.slot_free == true || request.photos > 0)',
        ),
        ([Row("input.proposed_at", "in_future")], "all", "input.proposed_at > now"),
        ([Row("request.submitted_at", "older_than", 48)], "all",
         'request.submitted_at < now - duration("48h")'),
        ([Row("customer.onboarded", "is_true")], "all", "customer.onboarded == true"),
        ([Row("request.notes", "contains", 'a "b"')], "all",
         'request.notes.contains("a \\"b\\"")'),
    ],
)  # fmt: skip
def test_rows_become_a_condition(rows, join, expression):
    assert to_expression(rows, join) == expression
    assert to_rows(expression) == (join if len(rows) > 1 else "all", rows)


@given(st.lists(COMPARED | PLAIN, min_size=2, max_size=4), st.sampled_from(["all", "any"]))
def test_what_was_written_as_rows_is_read_as_rows(rows, join):
    assert to_rows(to_expression(rows, join)) == (join, rows)


@pytest.mark.parametrize("text", ['issue" || true || "', "a && b", "a || b", "\\", "'", "${x}"])
def test_a_value_stays_a_value(text):
    expression = to_expression([Row("request.kind", "is", text)])

    assert not CONDITIONS.evaluate(expression, {"request": {"kind": "issue"}}).holds
    assert CONDITIONS.evaluate(expression, {"request": {"kind": text}}).holds
    assert to_rows(expression) == ("all", [Row("request.kind", "is", text)])


@pytest.mark.parametrize("field", ["", "os.system('x')", "a b", "request['x']", "A.b"])
def test_a_field_that_is_no_path_is_refused(field):
    with pytest.raises(BadExpression):
        to_expression([Row(field, "is_blank")])


@pytest.mark.parametrize(
    "expression",
    [
        "a > 1 && b > 1 || c > 1",
        "(a > 1)",
        "size(request.notes) > 3",
        "",
        "a",
        "now",
        "(a > 1 || b > 1) && (c > 1 || d > 1)",
        "(a > 1 && (b > 1 || c > 1)) || d > 1",
    ],
)
def test_what_rows_can_not_show_stays_text(expression):
    assert to_rows(expression) is None


@pytest.mark.parametrize(
    ("expression", "row"),
    [
        ("facts.slot_free", Row("facts.slot_free", "is_true")),
        ("!facts.slot_free", Row("facts.slot_free", "is_false")),
    ],
)
def test_a_fact_that_stands_alone_is_a_row_too(expression, row):
    assert to_rows(expression) == ("all", [row])
