"""Reading: what is refused, where, and in which words."""

from io import StringIO

import pytest
from ruamel.yaml import YAML

from workflows import document


def read_well(text):
    found = document.read(text)
    assert found.definition is not None, found.problems
    return found.definition


def as_yaml(data):
    out = StringIO()
    YAML(typ="safe", pure=True).dump(data, out)
    return out.getvalue()


def test_a_definition_survives_writing_and_reading(small, define):
    definition = define(small)

    again = read_well(document.write(definition))

    assert again == definition
    assert again.digest == definition.digest


def test_yaml_and_json_of_one_document_have_one_digest(small, define):
    assert read_well(as_yaml(small)).digest == define(small).digest


def test_words_stay_words_that_yaml_1_1_turns_into_something_else(small):
    small["states"][0]["label"]["en"] = "word"
    text = as_yaml(small).replace("word", "on")

    definition = read_well(text)

    assert definition.state("submitted").label == {"en": "on"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x 1\nb: *x", "aliases"),
        ("a: 1\na: 2", "stands twice"),
        ("!!python/object/apply:os.system ['true']", "Tags"),
        ("a: !!str 1", "Tags"),
        ("[" * 60 + "]" * 60, "nested too deeply"),
        ("[" * 30_000, "nested too deeply"),
        ("{a: " * 10_000, "nested too deeply"),
        ("a: [", "not valid YAML"),
        ("--- 1\n--- 2", "one definition"),
        ("{[a]: 1}", "plain word"),
        (b"\xff\xfe", "UTF-8"),
        ("\x00", "not valid YAML"),
    ],
)
def test_yaml_that_is_not_ours_is_refused(text, words):
    found = document.read(text)

    assert found.definition is None
    assert [problem.rule for problem in found.problems] == ["E31"]
    assert words in found.problems[0].sentence


def test_an_alias_bomb_is_refused_before_it_grows():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert document.read(bomb).problems[0].rule == "E31"


@pytest.mark.parametrize("text", ["a" * (10 << 20), b"a" * (10 << 20), "ä" * 40_000])
def test_a_large_file_is_refused(text):
    (problem,) = document.read(text).problems

    assert (problem.rule, "64 KB" in problem.sentence) == ("E30", True)


def test_large_and_deep_data_is_refused(small):
    deep: list[object] = []
    for _ in range(60):
        deep = [deep]

    assert "deeply" in document.read_data({"schema": deep}).problems[0].sentence
    assert "large" in document.read_data({**small, "x": "a" * (10 << 20)}).problems[0].sentence
    assert "JSON" in document.read_data({**small, "x": object()}).problems[0].sentence


@pytest.mark.parametrize("data", [None, [], "text", 3, True])
def test_what_is_no_mapping_is_refused(data):
    assert document.read_data(data).problems[0].rule == "E30"


def test_each_problem_has_its_line():
    found = document.read("schema: 1\nworkflow: UPPER\nsubjct: request\n", "file.yaml")

    lines = [problem.format("file.yaml") for problem in found.problems]
    assert any(line.startswith("file.yaml:2 E30 'UPPER' is not a name") for line in lines)
    assert any(line.startswith("file.yaml:3 E30") and "'subject'?" in line for line in lines)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("states", 0, "name"), "delete", "reserved"),
        (("states", 0, "name"), "__class__", "not a name"),
        (("states", 0, "name"), "", "not a name"),
        (("states", 0, "name"), "a" * 300, "too long"),
        (("states", 0, "name"), "аpproved", "not a name"),  # its first letter is Cyrillic
        (("states", 0, "name"), "Submitted", "not a name"),
        (("states", 0, "name"), "submitted\n", "not a name"),
        (("transitions", 1, "fields", 0, "name"), "csrf_token", "reserved"),
        (("transitions", 1, "fields", 0, "name"), "tenant_id", "reserved"),
        (("transitions", 1, "fields", 0, "name"), "id", "reserved"),
        (("transitions", 1, "fields", 0, "required"), "yes", "true or false"),
        (("transitions", 1, "fields", 0, "min_length"), "10", "whole number"),
        (("transitions", 1, "fields", 0, "type"), "html", "must be one of"),
        (("transitions", 0, "trigger"), "wait", "reserved"),
        (("transitions", 0, "undo"), "10 s", "PT48H"),
        (("transitions", 0, "undo"), "P1M", "PT48H"),
        (("transitions", 0, "undo"), "PT0S", "longer than nothing"),
        (("transitions", 0, "effects"), ["create_job"], "one effect"),
        (("transitions", 0, "effects"), [{"a": {}, "b": {}}], "one effect"),
        (("subject",), "user", "must be one of"),
        (("request_form",), [{"field": "password"}], "no field the request form has"),
    ],
)
def test_a_bad_value_is_refused_in_words(small, path, value, words):
    here = small
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = value

    problems = document.read_data(small).problems

    assert {problem.rule for problem in problems} == {"E30"}
    assert any(words in problem.sentence for problem in problems)


def test_five_thousand_fields_are_refused(small):
    small["request_form"] = [
        {"name": f"f{n}", "type": "text", "label": {"en": "F"}} for n in range(500)
    ]

    assert "too many" in document.read_data(small).problems[0].sentence
