"""Nothing English is left on the pages of somebody who reads German."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

import pytest

from app.models import Customer, Staff
from tests.harness import catalogs
from tests.harness.clients import Client
from tests.harness.world import World
from tests.portal import doors, work
from tests.web.test_staff_access import sign_in

GERMAN = "de"
MOST = 80
_TEXT = re.compile(r">([^<>]+)<")
_SPOKEN = re.compile(r'(?:title|aria-label|placeholder|alt|data-(?:label|once|more))="([^"]*)"')
_LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)"')
_NO_PAGE = re.compile(r"/(export|media|static|demo)/|\.(css|ics|yaml)$")

# What is said does not depend on the database.
pytestmark = pytest.mark.on_database("sqlite")


def test_staff_read_no_english(client, world):
    fill(world)
    world.enter().get_one(Staff, world.owner.id).language = GERMAN
    sign_in(client, world.owner.email)

    pages = walk(client, "/admin/")

    assert len(pages) > 20
    assert leftovers(pages) == []


def test_customers_read_no_english(client, world):
    fill(world)
    doors.sign_in(client, world)
    world.enter().get_one(Customer, world.customer.id).language = GERMAN

    pages = walk(client, f"/p/{world.slug}/")

    assert len(pages) > 5
    assert leftovers(pages) == []


def test_the_doors_speak_the_browser_s_language(client, world):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = GERMAN

    doors_of = ("/admin/login", "/admin/forgot", f"/p/{world.slug}/login", "/admin/nowhere")
    pages = {address: client.get(address).text for address in doors_of}

    assert leftovers(pages) == []


def fill(world: World) -> None:
    """Leave something on every page: requests in each state, a job, a message."""
    # Customers read the first name, and this one would be a word of ours.
    world.enter().get_one(Staff, world.technician.id).name = "Milan Doe"
    work.approve(world, world.hand_in())
    work.decline(world, world.hand_in(), "We do not work on roofs at all.")
    world.hand_in(urgency="urgent")
    for state in ("scheduled", "on_the_way", "completed"):
        work.make_job(world, state)


def walk(client: Client, start: str) -> dict[str, str]:
    """Follow links from ``start`` on its side of the site, one page of each shape."""
    waiting, shapes = [start], set()
    pages: dict[str, str] = {}
    while waiting and len(pages) < MOST:
        address = waiting.pop(0)
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        pages[address] = answer.text
        for link in links(answer.text, address):
            shape = re.sub(r"\d+|(?<=/)[\w-]{16,}", "N", link)
            if link.startswith(start) and shape not in shapes:
                shapes.add(shape)
                waiting.append(link)
    return pages


def links(text: str, address: str) -> Iterator[str]:
    """Return where the links of a page lead that leads to pages."""
    for link in map(unescape, _LINK.findall(text)):
        if not _NO_PAGE.search(link):
            yield urljoin(address, link)


def leftovers(pages: dict[str, str]) -> list[tuple[str, str]]:
    """Return what a page says in English although the catalog has other words for it."""
    english = untranslated()
    return [
        (address, words)
        for address, text in pages.items()
        for words in sorted(spoken(text) & english)
    ]


def spoken(text: str) -> set[str]:
    """Return the pieces of text of a page, as its user sees or hears them."""
    found = [*_TEXT.findall(text), *_SPOKEN.findall(text)]
    return {" ".join(unescape(words).split()) for words in found}


def untranslated() -> set[str]:
    """Return the English words that German has others for."""
    said = [message for message in catalogs.load(GERMAN) if isinstance(message.id, str)]
    return {str(message.id) for message in said} - {str(message.string) for message in said} - {""}
