"""The addresses a message leads to: pages of the portal or the admin, answers, ways in."""

from dataclasses import dataclass
from typing import Final

from app import site
from app.services import links
from app.services.message_about import About

TRIED: Final = "test"
TRIED_CODE: Final = "000000"
REF_LENGTH: Final = 16


@dataclass(frozen=True)
class Link:
    """An address and what it is called; a secret one lets its reader in."""

    url: str
    label: str
    is_secret: bool = False
    is_action: bool = False


def portal(about: About, name: str) -> Link | None:
    """Return a page of the customer's portal, None where it would stay shut.

    Staff who read words meant for customers too are led to their own side.
    """
    if about.person.is_staff:
        return admin(about, name)
    if not about.person.enters:
        return None
    return _page(about, name, site.current().portal_url(about.company.slug), by_ref=True)


def admin(about: About, name: str) -> Link | None:
    """Return a page of the staff's side."""
    return _page(about, name, f"{site.current().public_url}/admin", by_ref=False)


def action(about: About, trigger: str) -> Link | None:
    """Return a one-click answer: its own link, or the page of that step where there is none."""
    asked = about.definition.transitions_of(trigger) if about.definition else ()
    if not asked or trigger not in about.row.payload.get("actions", ()):
        return None
    label = about.pick(asked[0].label)
    own = _answer(about, trigger)
    if own is not None:
        return Link(own, label, is_secret=True, is_action=True)
    page = usual(about)
    return Link(f"{page.url}/{trigger}", label, is_action=True) if page else None


def way_in(about: About, label: str) -> Link | None:
    """Return the single-use link. Raises SecretChanged."""
    if about.way_in is None:
        return None
    if about.trial:
        return Link(_nowhere(), label, is_secret=True)
    return Link(links.url_of(about.way_in, about.company), label, is_secret=True)


def code(about: About) -> str | None:
    """Return the digits to type instead of following the link in. Raises SecretChanged."""
    if about.way_in is None or about.trial:
        return TRIED_CODE if about.way_in else None
    return links.code_of(about.way_in)


def usual(about: About) -> Link | None:
    """Return the page a message without any link of its own leads to.

    Who can't sign in, for want of a mail address, still gets the way to answer. Source: D16.
    """
    page = portal(about, f"{about.row.subject}_link")
    if page is not None or about.person.is_staff:
        return page
    offered = (_answer(about, trigger) for trigger in about.row.payload.get("actions", ()))
    url = next(filter(None, offered), None)
    return (
        Link(url, about.tongue.word(f"open_{about.row.subject}"), is_secret=True) if url else None
    )


def _answer(about: About, trigger: str) -> str | None:
    """Return the address of a one-click answer, None where it would not open."""
    if about.trial:
        return _nowhere()
    company, record = about.company, about.record
    if about.person.is_staff or record is None or record.customer.access == "none":
        return None
    if not (company.portal_enabled and company.has_portal_feature()):
        return None
    link = about.shelf.answer(about.row, record.ref, trigger)
    try:
        return links.url_of(link, company) if link else None
    except links.SecretChanged:
        return None


def _page(about: About, name: str, base: str, *, by_ref: bool) -> Link | None:
    if about.trial:
        return _tried(about, name)
    if name == "link":
        return Link(f"{base}/", about.tongue.word("open_page"))
    nouns = (("request", about.request), ("job", about.job), ("estimate", about.estimate))
    for noun, record in nouns:
        if record is not None and name == f"{noun}_link":
            key = record.ref if by_ref else record.id
            return Link(f"{base}/{noun}s/{key}", about.tongue.word(f"open_{noun}"))
    return None


def _tried(about: About, name: str) -> Link | None:
    noun = name.removesuffix("_link")
    label = about.tongue.word("open_page" if name == "link" else f"open_{noun}")
    return None if label == f"open_{noun}" else Link(_nowhere(), label)


def as_long(about: About, text: str) -> str:
    """Return a tried text with links as long as real ones, for whoever counts its letters."""
    real = f"{site.current().portal_url(about.company.slug)}/requests/{'x' * REF_LENGTH}"
    return text.replace(_nowhere(), real)


def _nowhere() -> str:
    """Return the address that links of a tried message have: it opens nothing of anybody's."""
    return f"{site.current().public_url}/#{TRIED}"
