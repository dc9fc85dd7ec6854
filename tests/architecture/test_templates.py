"""Pages keep to the strict content security policy: nothing inline, nothing unescaped."""

import re

import pytest

from tests.architecture import sources
from tests.architecture.sources import Source

RULES = {
    "a style attribute": re.compile(r"<[^>{]*\sstyle\s*=", re.I),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "an address that runs code": re.compile(r"=\s*[\"']?\s*javascript:", re.I),
}
BREACHES = [
    '<p class="a" style="color: red">',
    '<button onclick="go()">',
    "<script>go()</script>",
    "<style>p {}</style>",
    "{{ text | safe }}",
    '<a href="javascript:go()">',
]


def breaches(templates: list[Source]) -> list[str]:
    """Return what each template holds that the policy or a person would suffer from."""
    return [
        f"{template.path}:{template.text[: match.start()].count(chr(10)) + 1} has {what}"
        for template in templates
        for what, pattern in RULES.items()
        for match in pattern.finditer(template.text)
        if not _is_allowed(template, what)
    ]


def _is_allowed(template: Source, what: str) -> bool:
    # Mail programs know no style sheets; no page of ours shows a mail's HTML outside a sandbox.
    return template.path.startswith("templates/mail/") and "style" in what


def test_templates_hold_nothing_inline():
    assert breaches(sources.templates()) == []


@pytest.mark.parametrize("text", BREACHES)
def test_a_breach_is_found(text):
    assert breaches([Source("templates/a.html", text)])


def test_what_is_right_is_let_through():
    text = '<script src="a.js" defer></script><p data-on="x" class="style">{{ text }}</p>'

    assert breaches([Source("templates/a.html", text)]) == []
