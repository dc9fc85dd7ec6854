"""Definitions to try things on: one small enough to read, one as large as a real one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import settings

from workflows import document, rules
from workflows.schema import Definition

# A busy machine is not a failure.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")

NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)

SMALL: dict[str, Any] = {
    "schema": 1,
    "workflow": "small",
    "title": {"en": "Small"},
    "subject": "request",
    "languages": ["en"],
    "initial": "submitted",
    "roles": {
        "customer": {"kind": "customer"},
        "dispatcher": {"kind": "staff"},
        "system": {"kind": "system"},
    },
    "request_form": [{"field": "description", "required": True}],
    "submit": {"roles": ["customer", "dispatcher"]},
    "states": [
        {
            "name": "submitted",
            "label": {"en": "New"},
            "customer_label": {"en": "Received"},
            "waiting_on": "dispatcher",
        },
        {
            "name": "approved",
            "label": {"en": "Approved"},
            "customer_label": {"en": "Received"},
            "final": True,
            "outcome": "won",
        },
        {
            "name": "declined",
            "label": {"en": "Declined"},
            "customer_label": {"en": "Received"},
            "final": True,
            "outcome": "lost",
        },
    ],
    "transitions": [
        {
            "trigger": "approve",
            "label": {"en": "Approve"},
            "source": "submitted",
            "dest": "approved",
            "roles": ["dispatcher"],
        },
        {
            "trigger": "decline",
            "label": {"en": "Decline"},
            "source": "submitted",
            "dest": "declined",
            "roles": ["dispatcher"],
            "fields": [
                {
                    "name": "reason",
                    "type": "long_text",
                    "required": True,
                    "min_length": 10,
                    "label": {"en": "Reason"},
                }
            ],
        },
    ],
}


def defined(data: dict[str, Any]) -> Definition:
    """Return the definition that data is, or fail with its problems."""
    found = document.read_data(data)
    assert found.definition is not None, [one.sentence for one in found.problems]
    return found.definition


def taken(*asked: Any) -> rules.Decision:
    """Decide, and return the step that is taken."""
    decision = rules.decide(*asked)
    assert isinstance(decision, rules.Decision), decision
    return decision


def refused(*asked: Any) -> rules.Refusals:
    """Decide, and return why not."""
    refusals = rules.decide(*asked)
    assert isinstance(refusals, rules.Refusals), refusals
    return refusals


@pytest.fixture
def small() -> dict[str, Any]:
    """Return the small definition as data that a test may change."""
    return copy.deepcopy(SMALL)


@pytest.fixture
def define() -> Callable[[dict[str, Any]], Definition]:
    """Return the function that reads data into a definition."""
    return defined


@pytest.fixture
def seen() -> Callable[..., rules.Snapshot]:
    """Return a function that makes a snapshot: state, role, facts by root."""

    def snapshot(state: str, role: str, **facts: Any) -> rules.Snapshot:
        return rules.Snapshot(state, role, facts, NOON)

    return snapshot
