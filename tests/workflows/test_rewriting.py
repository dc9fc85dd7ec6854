"""A form's change is written into the text it came from: comments, order and quotes stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import document, library
from workflows.rewriting import rewrite
from workflows.yaml_tree import build_tree

TEXT = """\
# how we take requests
schema: 1
title: {en: "Small", de: Klein} # the name
states:
  - name: open # where all begin
    label: {en: 'Open'}
  - name: shut
    final: true
"""


def data_of(text):
    found, _ = build_tree(text)
    return found


def changed(change, text=TEXT):
    data = data_of(text)
    change(data)
    made = rewrite(text, data)
    assert data_of(made) == data
    return made


def test_nothing_changed_is_the_same_text():
    assert rewrite(TEXT, data_of(TEXT)) == TEXT


def test_a_new_word_changes_one_line_and_leaves_the_comments():
    made = changed(lambda data: data["title"].update(de="Kleiner"))

    assert made == TEXT.replace("de: Klein", "de: Kleiner")


def test_a_part_that_comes_goes_or_moves_takes_nothing_else_along():
    def change(data):
        data["states"].reverse()
        data["states"].insert(1, {"name": "wait", "label": {"en": "no", "de": "12:30"}})
        del data["title"]["de"]

    made = changed(change)

    assert "# how we take requests" in made
    assert "name: open # where all begin" in made
    assert "label: {en: 'Open'}" in made


@pytest.mark.parametrize("name", library.names())
def test_every_shipped_file_survives_a_change(name):
    text = library.text(name)
    made = changed(lambda data: data["title"].update(en="Something: else"), text)

    assert made.count("#") == text.count("#")
    assert len(made.splitlines()) == len(text.splitlines())


@pytest.mark.parametrize("name", library.names())
def test_lists_stay_as_far_in_as_their_writer_put_them(name):
    text = document.write(library.definition(name))

    assert len(changed(lambda data: data["title"].update(en="X"), text).splitlines()) == len(
        text.splitlines()
    )


# YAML takes U+0085 for a line break, wherever it stands.
LETTERS = st.characters(exclude_characters="\x85")
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text(st.characters(exclude_characters="\x85"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc_", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["title", "states", "extra"]), VALUES, max_size=3))
def test_whatever_is_written_is_read_back(data):
    made = rewrite(TEXT, data)

    try:
        assert data_of(made) == data
    except Exception:
        assert made == document.write_data(data)  # what YAML can't hold was not kept before either
        raise


def test_a_text_that_is_no_yaml_is_written_anew():
    assert data_of(rewrite("a: [", {"schema": 1})) == {"schema": 1}
