"""What a definition answers about itself."""

import jsonschema
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from workflows.library import FOLDER, names
from workflows.schema import Definition, language_schema


def test_a_source_may_be_one_word_or_a_list(small, define):
    small["transitions"][0]["source"] = ["submitted"]

    assert define(small).transitions[0].source == ("submitted",)
    assert define(small).transitions[1].source == ("submitted",)


def test_candidates_stand_in_the_order_of_the_document(small, define):
    again = {**small["transitions"][0], "dest": "declined"}
    small["transitions"].append(again)

    found = define(small).candidates("submitted", "approve")

    assert [transition.dest for transition in found] == ["approved", "declined"]


def test_a_final_state_has_no_candidates(small, define):
    definition = define(small)

    assert definition.candidates("approved", "approve") == ()
    assert definition.transitions_from("approved") == ()


def test_a_definition_can_not_be_changed(small, define):
    with pytest.raises(ValidationError):
        define(small).initial = "approved"


def test_the_digest_does_not_hang_on_the_order_of_keys(small, define):
    assert define(dict(reversed(small.items()))).digest == define(small).digest


def test_the_digest_changes_with_a_word(small, define):
    before = define(small).digest
    small["title"]["en"] = "Other"

    assert define(small).digest != before


def test_the_published_schema_accepts_what_we_accept_and_refuses_unknown_keys(small):
    schema = language_schema()

    jsonschema.validate(small, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**small, "colour": "red"}, schema)


@pytest.mark.parametrize("name", names())
def test_the_published_schema_accepts_every_shipped_definition(name):
    data = YAML(typ="safe", pure=True).load((FOLDER / f"{name}.yaml").read_bytes())

    errors = jsonschema.Draft202012Validator(language_schema()).iter_errors(data)
    assert [error.message for error in errors] == []


def test_the_published_schema_knows_the_effects(small):
    small["transitions"][0]["effects"] = [{"os_system": {}}]

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(small, language_schema())


def test_stored_data_reads_back_equal(small, define):
    definition = define(small)

    assert Definition.model_validate(definition.as_data()) == definition
