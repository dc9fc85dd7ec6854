"""Bring the catalogs of app/translations up to date with the words in the code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).parents[2]
HOME: Final = ROOT / "app" / "translations"
ROOMS: Final = ("app", "portal", "admin_views", "workflows", "templates")
# N_ marks what a room without a web page says; its entrance translates it.
KEYWORDS: Final = DEFAULT_KEYWORDS | parse_keywords(["_l", "lazy_gettext", "N_"])


def extract() -> Catalog:
    """Return every message of the code and the templates, without places."""
    found = Catalog(fuzzy=False)
    for room in ROOMS:
        for message, context in _messages_of(room):
            found.add(message, context=context)
    return found


def catalog_files() -> dict[str, Path]:
    """Return the catalog of each language."""
    return {path.parents[1].name: path for path in sorted(HOME.glob("*/LC_MESSAGES/messages.po"))}


def load(language: str) -> Catalog:
    """Return a language's catalog as it is committed."""
    with catalog_files()[language].open("rb") as file:
        return read_po(file, locale=language)


def main() -> None:
    """Add what is new with an empty translation, drop what is gone, and say what is left to do."""
    template = extract()
    for language, path in catalog_files().items():
        catalog = load(language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalog, width=100, no_location=True, ignore_obsolete=True)
        left = sum(not is_translated(message) for message in catalog if message.id)
        print(f"{path.relative_to(ROOT)}: {len(catalog)} messages, {left} to translate")


def is_translated(message: Message) -> bool:
    """Return True when each form has words."""
    return all(forms(message)) and bool(message.string)


def forms(message: Message) -> tuple[str, ...]:
    """Return the translation as a tuple: one text, or one for each plural form."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def _messages_of(room: str) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    with (HOME / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    for _, _, message, _, context in extract_from_dir(
        ROOT / room, methods, options, KEYWORDS, strip_comment_tags=True
    ):
        yield message, context


if __name__ == "__main__":
    main()
