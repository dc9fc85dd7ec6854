"""From what was submitted to typed values."""

from datetime import UTC, date, datetime

import pytest

from workflows.fields import clean_form, is_blank, parse_value
from workflows.schema import FormField


def field(**changes):
    return FormField(**{"name": "answer", "type": "text", "label": {"en": "Answer"}, **changes})


def cleaned(submitted, **changes):
    return clean_form([field(**changes)], {"answer": submitted}, zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("kind", "submitted", "typed"),
    [
        ("text", "  a \n b  ", "a b"),
        ("text", "a\x00b", "ab"),
        ("long_text", " a\r\nb ", "a\nb"),
        ("bool", "on", True),
        ("bool", False, False),
        ("number", "12", 12),
        ("number", "1,5", 1.5),
        ("number", 3, 3),
        ("date", "2030-01-31", date(2030, 1, 31)),
        ("datetime", "2030-07-01T14:00", datetime(2030, 7, 1, 12, tzinfo=UTC)),
        ("datetime", "2030-07-01T14:00Z", datetime(2030, 7, 1, 14, tzinfo=UTC)),
        ("money", "12.50", 1250),
        ("money", "12,5", 1250),
        ("money", "-0.05", -5),
        ("money", 1250, 1250),
        ("user", "7", 7),
        ("service", "7", 7),
        ("location", "new", "new"),
        (
            "window",
            "2030-01-01T08:00Z/2030-01-01T10:00Z",
            (datetime(2030, 1, 1, 8, tzinfo=UTC), datetime(2030, 1, 1, 10, tzinfo=UTC)),
        ),
    ],
)
def test_a_value_gets_its_type(kind, submitted, typed):
    value = parse_value(kind, submitted, zone="Europe/Berlin")

    assert value == typed
    assert type(value) is type(typed)


@pytest.mark.parametrize(
    ("kind", "submitted"),
    [
        ("number", "1e9"), ("number", "NaN"), ("number", "Infinity"), ("number", True),
        ("number", [1]), ("number", "9" * 30), ("bool", "perhaps"), ("bool", 1),
        ("date", "31.01.2030"), ("date", "2030-02-30"), ("datetime", "soon"),
        ("datetime", "0001-01-01T00:00+14:00"), ("money", "1.234"), ("money", 12.5),
        ("money", "1e3"), ("user", "0"), ("user", "1; drop table"), ("user", True),
        ("service", ""), ("service", {"id": 1}), ("window", "2030-01-02/2030-01-01"),
        ("window", "2030-01-01"), ("window", {"from": "2030-01-01", "to": ""}),
        ("window", "2030-01-01/2032-01-01"), ("text", ["a"]), ("text", 7), ("long_text", {}),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_refused(kind, submitted):
    with pytest.raises(ValueError):  # noqa: PT011 - each type has its own sentence
        parse_value(kind, submitted)


@pytest.mark.parametrize("value", [None, "", "  \n", "\u200b", "\ufeff ", [], ["", " "], {"a": ""}])
def test_blank_is_blank(value):
    assert is_blank(value)
    assert cleaned(value, required=True).wrong.keys() == {"answer"}
    assert cleaned(value).values == {"answer": None}


@pytest.mark.parametrize(
    ("submitted", "changes"),
    [
        ("abc", {"min_length": 4}),
        ("abc", {"max_length": 2}),
        ("a" * 501, {}),
        ("1", {"type": "number", "minimum": 2}),
        ("3", {"type": "number", "maximum": 2.5}),
        ("x", {"type": "choice", "choices": [{"value": "a", "label": {"en": "A"}}]}),
    ],
)
def test_a_value_outside_its_limits_is_refused(submitted, changes):
    assert cleaned(submitted, **changes).wrong.keys() == {"answer"}


def test_a_hidden_field_is_blank_whatever_is_sent_for_it():
    fields = [
        field(name="pets", type="bool"),
        field(name="kind_of_pet", required=True, visible_if="input.pets == true"),
    ]

    hidden = clean_form(fields, {"pets": "no", "kind_of_pet": "dog"})
    shown = clean_form(fields, {"pets": "yes", "kind_of_pet": ""})

    assert hidden.values == {"pets": False, "kind_of_pet": None}
    assert not hidden.wrong
    assert shown.wrong.keys() == {"kind_of_pet"}


def test_nothing_but_the_fields_is_kept():
    assert clean_form([field()], {"answer": "a", "company_id": 1}).values == {"answer": "a"}
