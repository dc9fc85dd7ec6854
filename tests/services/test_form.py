"""Raw form data becomes typed values or complaints."""

import pytest

from app.errors import DomainError, Invalid
from app.services.form import FormReader, clean_email, plain


def test_text_is_tidied_and_blank_is_none():
    form = FormReader({"name": "  Ana \t Ruiz\x00 ", "blank": "   "})

    assert form.text("name") == "Ana Ruiz"
    assert form.text("blank") is None
    assert form.text("absent") is None


def test_long_text_keeps_its_lines():
    assert FormReader({"text": " one\r\ntwo \x07"}).long_text("text") == "one\ntwo"


def test_letters_are_composed():
    assert plain("Mu\u0308ller") == "Müller"


def test_faults_are_raised_together_and_the_first_of_a_field_stands():
    form = FormReader({"age": "x", "mail": "nobody"})
    form.number("age", low=0, high=9)
    form.complain("age", "Something else.")
    form.email("mail")
    form.text("name", required=True)

    with pytest.raises(Invalid) as caught:
        form.check()

    assert set(caught.value.fields) == {"age", "mail", "name"}
    assert caught.value.fields["age"].public == "Write a whole number."


def test_form_without_faults_passes():
    form = FormReader({"age": "7"})

    assert form.number("age", low=0, high=9) == 7
    form.check()


@pytest.mark.parametrize("typed", ["-1", "1e3", "0x1", "٣", "1.0", "1" * 12, "10"])
def test_odd_number_is_refused(typed):
    form = FormReader({"n": typed})

    assert form.number("n", low=0, high=9) is None
    assert "n" in form.errors


@pytest.mark.parametrize(
    ("given", "expected"),
    [("on", True), ("1", True), (["", "on"], True), ("", False), ("0", False), (["on", ""], False)],
)
def test_last_value_of_a_tick_box_counts(given, expected):
    assert FormReader({"box": given}).flag("box") is expected


def test_choice_outside_the_list_is_refused():
    form = FormReader({"role": "king"})

    assert form.choice("role", ("owner",), default="owner") == "owner"
    assert "role" in form.errors


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Ana@Example.COM", "ana@example.com"), (" a@b.example ", "a@b.example"),
     ("ü@münchen.example", "ü@münchen.example")],
)  # fmt: skip
def test_mail_address_has_one_spelling(typed, kept):
    assert clean_email(typed) == kept


@pytest.mark.parametrize("typed", ["", "ana", "a@b", "a b@c.example", "a@b.example\nBcc: x@y.z"])
def test_what_no_mail_can_reach_is_refused(typed):
    with pytest.raises(DomainError):
        clean_email(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+4989 5550100", "+49 89 5550100"), ("089 555 01 00", "089 555 01 00"), ("", None)],
)
def test_phone_number_is_kept_readable(typed, kept):
    form = FormReader({"phone": typed})

    assert form.phone("phone") == kept
    assert not form.errors
