"""The German and Spanish catalogs say everything the code and the templates say, and no more."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from app import languages
from tests.harness import catalogs
from tests.harness.clients import browser_of

SHIPPED = [code for code in languages.SHIPPED if code != "en"]
_PARAMETER = re.compile(r"%\(\w+\)[sd]|\{\{[\w.]+\}\}")


@pytest.fixture(scope="module")
def template() -> Catalog:
    """What the code and the templates say today."""
    return catalogs.extract()


@pytest.fixture(params=SHIPPED)
def catalog(request) -> Catalog:
    """Each language's catalog."""
    return catalogs.load(request.param)


def test_every_shipped_language_has_a_catalog():
    assert sorted(catalogs.catalog_files()) == sorted(SHIPPED)


def test_words_are_found_in_every_room(template):
    assert template["Request Service"]  # Python of a web entrance, _()
    assert template["Delivered"]  # a constant of a web entrance, _l()
    assert template["There is nothing here."]  # a room without web pages, N_()
    assert template["Submit Request"]  # a page
    assert template["%(num)s hour"].pluralizable


def test_nothing_is_missing_and_nothing_stale(template, catalog):
    # `make translations` brings them together.
    assert keys(catalog) == keys(template)
    assert not catalog.obsolete


def test_everything_is_translated(catalog):
    assert [m.id for m in messages(catalog) if not catalogs.is_translated(m) or m.fuzzy] == []


def test_parameters_stay(catalog):
    assert [m.id for m in messages(catalog) if any(lost(*pair) for pair in pairs(m))] == []


def test_blanks_around_words_stay(catalog):
    assert [m.id for m in messages(catalog) if any(edges(a) != edges(b) for a, b in pairs(m))] == []


def test_plurals_have_as_many_forms_as_the_language(catalog):
    plurals = [m for m in messages(catalog) if m.pluralizable]

    assert plurals
    assert {len(catalogs.forms(m)) for m in plurals} == {catalog.num_plurals}


def test_a_catalog_names_no_place_and_no_machine(catalog):
    text = catalogs.catalog_files()[str(catalog.locale)].read_text("utf-8")

    assert "\n#: " not in text
    assert "\n#~ " not in text
    assert not re.search(r"^\"Last-Translator: (?!The Callout authors)", text, re.MULTILINE)
    assert not re.search(r"/(home|tmp|usr)/", text)


@pytest.mark.parametrize("language", SHIPPED)
def test_pages_find_their_catalog(app, world, language):
    page = browser_of(app).page("/p/acme/login", headers={"Accept-Language": language})

    said = catalogs.load(language)
    assert str(said["Send me a link"].string) in page.text
    assert str(said["Sign in"].string) in page.text


def messages(catalog: Catalog) -> Iterator[Message]:
    """Return the entries without the header."""
    return (message for message in catalog if message.id)


def keys(catalog: Catalog) -> set[object]:
    """Return the message ids, with the context where there is one."""
    return {(message.id, message.context) for message in messages(catalog)}


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Return what is said in English beside each form of the translation."""
    one, *more = (message.id,) if isinstance(message.id, str) else message.id
    for number, form in enumerate(catalogs.forms(message)):
        if form:
            yield (more[0] if number and more else one), form


def lost(english: str, other: str) -> bool:
    """Return True when the parameters differ."""
    return sorted(_PARAMETER.findall(english)) != sorted(_PARAMETER.findall(other))


def edges(words: str) -> tuple[str, str]:
    """Return the blanks before and after the words."""
    return words[: -len(words.lstrip()) or None], words[len(words.rstrip()) :]
