"""Whatever a definition may name has words that people know."""

from typing import get_args

import pytest

from workflows import fact_names, library, names, registry
from workflows.catalogue import RECIPIENTS
from workflows.phrases import ENGLISH, Own, Phrase, say
from workflows.places import place_of
from workflows.plain_words import in_plain_words
from workflows.problems import Problem
from workflows.schema.base import FieldType

_MISSING = "This text is missing in '%(language)s'; add it."
_FOR_EVER = "'%(state)s' waits for the customer without an end; add a timer."


def test_every_effect_fact_form_type_and_recipient_has_a_name():
    assert set(names.EFFECTS) >= set(registry.effects())
    assert set(names.FORMS) >= set(registry.forms())
    assert set(names.RECIPIENTS) >= RECIPIENTS
    assert set(names.TYPES) == set(get_args(FieldType))
    assert fact_names.unnamed() == []


def test_every_parameter_of_an_effect_has_a_name():
    wanted = {
        field.alias or name
        for spec in registry.effects().values()
        for name, field in spec.params.model_fields.items()
    }

    assert set(names.PARAMETERS) >= wanted


@pytest.mark.parametrize(
    ("text", "clock", "words"),
    [
        ("PT48H", "wall", "48 hours"),
        ("P7D", "wall", "7 days"),
        ("P2W", "wall", "2 weeks"),
        ("PT1H", "business", "one hour of opening hours"),
        ("PT90M", "wall", "90 minutes"),
    ],
)
def test_durations_are_said_as_they_were_meant(text, clock, words):
    assert str(names.duration(text, clock)) == words


def test_a_message_is_called_by_its_subject():
    said = names.message(library.definition("online_booking"), "booking.approved")

    assert say(said, ENGLISH) == "Confirmed: …"
    assert said.texts["de"] == "Bestätigt: …"


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            Problem("E10", "states.0.customer_label", 1, _MISSING, {"language": "de"}),
            "State “New”, what the customer reads: No words in Deutsch yet.",
        ),
        (
            Problem("W01", "states.2", 1, _FOR_EVER, {"state": "counter_proposed"}),
            "'Counter-proposal sent' waits for the customer without an end; add a timer.",
        ),
    ],
)
def test_a_problem_is_said_by_what_things_are_called(problem, words):
    assert str(in_plain_words(problem, library.definition("online_booking"))) == words


def test_a_problem_leads_to_its_place():
    definition = library.definition("online_booking")

    place = place_of("transitions.2.fields.0.label", definition)
    message = place_of("messages.booking.approved.email.en.body", definition)

    assert place is not None
    assert message is not None
    assert (place.page, place.which, place.part) == ("step", "2", "fields.0.label")
    assert str(place.phrase) == "Step “Propose another time”, a question, the name"
    assert (message.page, message.which) == ("message", "booking.approved")
    assert isinstance(message.phrase, Phrase)
    assert isinstance(names.state(definition, "nowhere"), Own)
