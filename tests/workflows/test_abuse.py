"""A definition can name no Python: hostile text in every place of one runs nothing."""

import copy
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.workflows.conftest import SMALL
from workflows import document
from workflows.simulator import Simulation
from workflows.verifier import verify

HOSTILE = (
    "os.system", "os.system('touch canary')", "subprocess.getoutput", "builtins.print",
    "__import__('os').system('touch canary')", "__class__", "{{ cycler.__init__.__globals__ }}",
    "{% for x in ().__class__.__bases__ %}{% endfor %}", "${7*7}",
    "!!python/object/apply:os.system", "delete", "save", "query", "metadata", "state", "model", "",
    "x" * 300, "аpprove", "APPROVE", "a; drop table request",
)  # fmt: skip


def rich() -> dict[str, Any]:
    """Return a definition with a text in every kind of place."""
    data = copy.deepcopy(SMALL)
    news = {"send_message": {"message": "small.news", "to": "customer"}}
    data["submit"]["effects"] = [news]
    data["states"][0]["timers"] = [
        {"name": "nudge", "after": "P2D", "clock": "wall", "effects": [news]}
    ]
    data["transitions"][0] |= {
        "conditions": [{"if": "request.photos >= 0", "message": {"en": "Not now"}}],
        "validators": [{"if": "input.note != ''", "field": "note", "message": {"en": "Say more"}}],
        "fields": [{"name": "note", "type": "text", "label": {"en": "Note"}}],
        "effects": [news],
    }
    data["messages"] = {
        "small.news": {"email": {"en": {"subject": "News", "body": "{{customer.first_name}}"}}}
    }
    return data


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every text, and to every name that is a key."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from places(value, (*path, number))
    elif isinstance(data, str):
        yield path


def put(data: dict[str, Any], path: tuple[Any, ...], text: str) -> dict[str, Any]:
    """Return the data with another text at a place."""
    changed = copy.deepcopy(data)
    here: Any = changed
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = text
    return changed


@pytest.mark.feature("F01", "F05")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_anywhere_is_refused_or_is_only_text(text, monkeypatch, tmp_path):
    ran = []
    for module, name in ((os, "system"), (os, "popen"), (subprocess, "Popen")):
        monkeypatch.setattr(module, name, lambda *words, **_rest: ran.append(words))
    monkeypatch.chdir(tmp_path)
    ways = list(places(rich()))

    for path in ways:
        found = document.read_data(put(rich(), path, text))
        if found.definition is None or any(p.is_error for p in verify(found.definition)):
            continue
        for transition in found.definition.transitions:
            story = Simulation(found.definition)
            story.submit()
            story.take(transition.trigger, "dispatcher", {"note": text, "reason": text})
            story.wait("P9D")

    assert len(ways) > 40
    assert ran == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.feature("F05")
@pytest.mark.parametrize(
    "name", ["", "x" * 41, "__class__", "Approve", "аpprove", "state", "delete"]
)
def test_a_bad_name_is_refused_in_words(name):
    data = put(SMALL, ("transitions", 0, "trigger"), name)

    problems = document.read_data(data).problems

    assert [problem.rule for problem in problems] == ["E30"]
    assert problems[0].sentence
