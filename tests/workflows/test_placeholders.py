"""Placeholders: plain strings, filled in once."""

import pytest

from workflows.placeholders import UnknownPlaceholder, allowed, links, names_in, render


def test_values_are_filled_in():
    said = render("Hello {{customer.first_name}}, {{ company.name }}",
                  {"customer.first_name": "Ana", "company.name": "Acme"})  # fmt: skip

    assert said == "Hello Ana, Acme"


def test_a_value_is_never_read_again():
    said = render("{{input.reason}}", {"input.reason": "{{customer.email}}", "customer.email": "x"})

    assert said == "{{customer.email}}"


def test_a_blank_value_takes_its_space_along():
    assert render("On Monday. {{input.note}} Yes?", {"input.note": None}) == "On Monday. Yes?"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Booked: {{x}}", "Booked"),
        ("{{a}}, {{x}}, {{b}}.", "A, B."),
        ("Contact: {{x}}, {{a}}, {{x}}.", "Contact: A."),
        ("{{x}}: {{a}}", "A"),
        ("{{x}}, {{x}} {{a}}", "A"),
        ("Hello {{a}}, welcome", "Hello A, welcome"),
        ("Hello {{x}}, welcome", "Hello, welcome"),
        ("We come: {{x}}, {{x}}. Soon", "We come. Soon"),
    ],
)
def test_a_blank_value_takes_along_what_joins_it(text, said):
    assert render(text, {"a": "A", "b": "B", "x": ""}) == said


def test_an_unknown_name_is_refused():
    with pytest.raises(UnknownPlaceholder):
        render("{{customer.password}}", {})


@pytest.mark.parametrize("text", ["{{ ''.__class__ }}", "{{ 7*7 }}", "{{config.items()}}"])
def test_nothing_is_evaluated(text):
    with pytest.raises(UnknownPlaceholder):
        render(text, {"config.items": "x"})


def test_names_stand_in_order():
    assert names_in("{{b.c}} {{a}} {{ }}") == ("b.c", "a", "")


def test_what_may_be_said_hangs_on_the_subject():
    assert "request.number" in allowed("request")
    assert "job.starts_at" in allowed("request")
    assert "request.number" not in allowed("invoice")
    assert "actor.role" not in allowed("request")
    assert links("job", "admin") == {"admin.link", "admin.job_link"}
