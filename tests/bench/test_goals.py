"""Figures say whether a goal is reached, in both directions."""

import pytest

from bench import goals
from bench.goals import Figure
from bench.measures import Measured


@pytest.mark.parametrize(
    ("value", "at_least", "is_met"),
    [(4.0, False, True), (5.0, False, False), (4.0, True, False), (5.0, True, True)],
)
def test_goal_is_a_limit_from_above_or_below(value, at_least, is_met):
    figure = Figure("some ratio", value, value, value, 4.5, at_least)

    assert figure.is_met is is_met
    assert ("NOT MET" in str(figure)) is not is_met


def test_ratio_is_taken_round_by_round():
    found = Measured()
    for value, base in ((2.0, 1.0), (9.0, 3.0), (4.0, 1.0)):
        found.note("page", value)
        found.note("bare", base)

    assert found.ratio("page", "bare") == [2.0, 3.0, 4.0]


def test_count_must_not_grow_with_the_database():
    low, growth = goals.counts("page", [7, 9], goal=10)

    assert low.is_met
    assert not growth.is_met
