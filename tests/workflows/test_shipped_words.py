"""What the shipped messages say when something they speak of is not known."""

import re

import pytest

from workflows import library
from workflows.placeholders import names_in, render

# What may be blank: never asked, not chosen yet, or of nobody's concern.
MAY_BE_BLANK = frozenset({
    "job.starts_at", "job.location", "job.technician", "input.note", "input.reason",
    "company.decline_instructions", "request.service", "request.contact_name",
    "request.contact_email", "request.contact_phone", "request.preferred_times",
    "request.location", "request.description", "estimate.title",
})  # fmt: skip
STUMBLES = re.compile(
    r"\s[,.;:!?](?:\s|$)|[,:(]\s*[.,;!?]|  |^[^\w¿¡<]|,$"
    r"|\b(?:for|at|on|am|für|zu|el|de|para|a)[.,?!]"
)
TEXTS = [
    pytest.param(text, id=f"{name}-{key}-{channel}-{language}-{part}")
    for name in library.names()
    for key, message in library.definition(name).messages.items()
    for channel, by_language in message.channels.items()
    for language, words in by_language.items()
    for part in ("subject", "body")
    if (text := getattr(words, part, None))
]


class Known(dict[str, str]):
    """Everything is known but what is blank; links are addresses."""

    def __init__(self, blank: frozenset[str]) -> None:
        super().__init__()
        self.blank = blank

    def __missing__(self, name: str) -> str:
        return "" if name in self.blank else f"<{name}>"


@pytest.mark.parametrize("text", TEXTS)
def test_no_sentence_stumbles_over_what_is_not_known(text):
    names = MAY_BE_BLANK & set(names_in(text))

    for blank in [frozenset({name}) for name in names] + [names]:
        said = render(text, Known(blank)).strip()
        assert said
        assert not STUMBLES.search(said), said
