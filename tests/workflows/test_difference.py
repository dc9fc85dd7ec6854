"""What changed, in words, and the drawing."""

import copy

from workflows.diagram import mermaid
from workflows.difference import differences


def changed(small, define, change):
    before = define(copy.deepcopy(small))
    change(small)
    return [one.sentence for one in differences(before, define(small))]


def test_equal_definitions_have_no_difference(small, define):
    assert changed(small, define, lambda data: None) == []


def test_a_new_word_is_one_sentence(small, define):
    found = changed(small, define, lambda data: data["states"][0]["label"].update(en="Not read"))

    assert found == ["state submitted: label.en is now “Not read” (was New)."]


def test_what_comes_and_goes_is_named(small, define):
    def change(data):
        data["transitions"][0]["trigger"] = "confirm"
        data["messages"] = {"told": {"sms": {"en": {"body": "Hi"}}}}

    assert changed(small, define, change) == [
        "Removed transition approve to approved.",
        "Added transition confirm to approved.",
        "Added message told.",
    ]


def test_a_new_order_is_seen(small, define):
    assert changed(small, define, lambda data: data["states"].reverse()) == [
        "The order of states changed."
    ]


def test_a_flag_and_a_list_are_said_plainly(small, define):
    def change(data):
        data["transitions"][0]["silent"] = True
        data["transitions"][0]["roles"] = ["dispatcher", "customer"]

    assert changed(small, define, change) == [
        "transition approve to approved: roles is now dispatcher, customer (was dispatcher).",
        "transition approve to approved: silent is now yes (was nothing).",
    ]


def test_the_drawing_shows_every_state_and_step(small, define):
    drawn = mermaid(define(small))

    assert "[*] --> s_submitted" in drawn
    assert "s_submitted --> s_approved : Approve (dispatcher)" in drawn
    assert "s_declined --> [*]" in drawn


def test_a_label_can_not_leave_the_drawing(small, define):
    small["states"][0]["label"]["en"] = 'x"]; click s href "javascript:1" %%{init}%% <script>'

    line = next(line for line in mermaid(define(small)).splitlines() if "s_submitted :" in line)

    assert not set(line.split(" : ", 1)[1]) & set(':;"%<>{}')
