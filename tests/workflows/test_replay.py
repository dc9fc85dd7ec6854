"""Histories taken again through a draft."""

import copy
from time import process_time

from workflows.library import definition
from workflows.replay import Taken, replay

HISTORY = [
    Taken("start_review", "dispatcher", "under_review"),
    Taken("counter_propose", "owner", "counter_proposed", {"proposed_at": "2030-02-01T09:00Z"}),
    Taken("accept", "customer", "under_review"),
]


def test_a_history_leads_where_it_led():
    again = replay(definition("online_booking"), HISTORY)

    assert (again.state, again.is_complete) == ("under_review", True)


def test_a_step_the_draft_no_longer_has_is_named(small, define):
    again = replay(define(small), HISTORY)

    assert (again.state, again.stuck_at) == ("submitted", 0)
    assert again.sentence == (
        "“start review” would not have been possible in “New” for: Dispatcher."
    )


def test_a_new_required_field_is_named(small, define):
    again = replay(define(copy.deepcopy(small)), [Taken("decline", "dispatcher", "declined")])

    assert "Reason" in again.sentence


def test_a_thousand_open_requests_are_replayed_in_time():
    draft = definition("online_booking")
    replay(draft, HISTORY)
    before = process_time()

    for _ in range(1000):
        replay(draft, HISTORY)

    assert process_time() - before < 2
