"""What changed, in words, and the drawing."""

import copy
import re

from workflows.diagram import mermaid
from workflows.difference import differences
from workflows.library import definition
from workflows.phrases import say


def changed(small, define, change):
    before = define(copy.deepcopy(small))
    change(small)
    return [one.sentence for one in differences(before, define(small))]


def test_equal_definitions_have_no_difference(small, define):
    assert changed(small, define, lambda data: None) == []


def test_a_new_word_is_one_sentence(small, define):
    found = changed(small, define, lambda data: data["states"][0]["label"].update(en="Not read"))

    assert found == ["State “Not read”: the name in English is now “Not read”, it was “New”."]


def test_what_comes_and_goes_is_named(small, define):
    def change(data):
        data["transitions"][0]["trigger"] = "confirm"
        data["messages"] = {"told": {"sms": {"en": {"body": "Hi"}}}}

    assert changed(small, define, change) == [
        "Removed the step “Approve” to “Approved”.",
        "Added the step “Approve” to “Approved”.",
        "Added the message “Hi”.",
    ]


def test_a_new_order_is_seen(small, define):
    assert changed(small, define, lambda data: data["states"].reverse()) == [
        "The order of the states changed."
    ]


def test_a_flag_and_a_list_are_said_plainly(small, define):
    def change(data):
        data["transitions"][0]["silent"] = True
        data["transitions"][0]["roles"] = ["dispatcher", "customer"]

    assert changed(small, define, change) == [
        "Step “Approve”: who may take it: now Dispatcher, The customer; before Dispatcher.",
        "Step “Approve”: it is right now that nobody is told.",
    ]


def test_a_question_a_step_now_asks_is_a_sentence(small, define):
    def change(data):
        reason = {"name": "reason", "type": "text", "required": True, "label": {"en": "Reason"}}
        data["transitions"][0]["fields"] = [reason]

    assert changed(small, define, change) == ["Step “Approve”: now asks for “Reason”, required."]


class German:
    """A reader who knows one word and has no English."""

    def translate(self, msgid, params):
        return f"<{msgid}>" % params if params else f"<{msgid}>"

    def pick(self, texts):
        return texts.get("de", "?")


def test_every_word_of_a_difference_is_translated_or_the_owners():
    before, after = definition("online_booking"), definition("hybrid")

    for change in differences(before, after):
        plain = re.sub(r"<[^<>]*>", "", say(change.phrase, German()))
        while "<" in plain:
            plain = re.sub(r"<[^<>]*>", "", plain)
        assert not plain, change


def test_the_drawing_shows_every_state_and_step(small, define):
    drawn = mermaid(define(small))

    assert "[*] --> s_submitted" in drawn
    assert "s_submitted --> s_approved : Approve (dispatcher)" in drawn
    assert "s_declined --> [*]" in drawn


def test_a_label_can_not_leave_the_drawing(small, define):
    small["states"][0]["label"]["en"] = 'x"]; click s href "javascript:1" %%{init}%% <script>'

    line = next(line for line in mermaid(define(small)).splitlines() if "s_submitted :" in line)

    assert not set(line.split(" : ", 1)[1]) & set(':;"%<>{}')
