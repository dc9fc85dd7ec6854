"""A message laid out: as plain text, as HTML, and as what may be kept of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from app.models import Company
from app.services.message_links import Link
from app.services.message_values import MARKS, Values

BRAND: Final = "#0b6478"
HIDDEN: Final = "•••"
_TEMPLATES: Final = Path(__file__).parents[2] / "templates" / "mail"
_FONT: Final = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"

# An answer with one click: big enough for a thumb; mail programs know styles in place only.
_ANSWER: Final = Markup(
    '<a class="code" href="{}" style="display:inline-block;margin:4px 8px 4px 0;padding:9px 16px;'
    'border-radius:8px;background:#eeeeea;color:#1b1d1a;font-weight:600;text-decoration:none">'
    "{}</a>"
)


@dataclass(frozen=True)
class Page:
    """The parts of a message. ``body`` may hold letters that stand for links of ``values``."""

    subject: str
    body: str
    values: Values
    button: Link | None = None
    code: tuple[str, str] | None = None
    details: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    footer: Sequence[str] = ()

    @property
    def is_way_in(self) -> bool:
        """Return True for a message that lets its reader in."""
        return self.button is not None and self.button.is_secret

    @property
    def paragraphs(self) -> list[str]:
        """Return the body's paragraphs."""
        return [part.strip() for part in re.split(r"\n\s*\n", self.body) if part.strip()]


def as_text(page: Page, *, hide: bool = False) -> str:
    """Return the message as plain text; ``hide`` leaves out whatever would let somebody in."""
    blocks = [_spelled_out(part, page.values, hide=hide) for part in page.paragraphs]
    if page.button:
        url = HIDDEN if hide and page.button.is_secret else page.button.url
        blocks.append(f"{page.button.label}:\n{url}")
    if page.code:
        words, digits = page.code
        blocks.append(f"{words}\n{HIDDEN if hide else digits}")
    blocks.append("\n".join(f"{label}: {value}" for label, value in page.details))
    blocks.extend(page.notes)
    blocks.append("\n".join(["-- ", *page.footer]))
    return "\n\n".join(block for block in blocks if block) + "\n"


def as_html(page: Page, company: Company, language: str) -> str:
    """Return the message as an HTML document. Everything people typed is escaped."""
    brand = company.brand or BRAND
    kind = "access" if page.is_way_in else "message"
    return (
        _environment()
        .get_template(f"{kind}.html")
        .render(
            page=page,
            paragraphs=[_with_links(part, page.values) for part in page.paragraphs],
            company=company,
            language=language,
            brand=brand,
            on_brand=on_colour(brand),
            font=_FONT,
        )
    )


def short(page: Page) -> str:
    """Return the message in one breath, for a phone."""
    words = _spelled_out(" ".join(page.body.split()), page.values)
    return f"{words} {page.button.url}" if page.button else words


def on_colour(colour: str) -> str:
    """Return black or white, whichever can be read on a colour. Source: WCAG 2, luminance."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    luminance = 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)
    return "#000000" if luminance > 0.179 else "#ffffff"


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _spelled_out(text: str, values: Values, *, hide: bool = False) -> str:
    def address(match: re.Match[str]) -> str:
        link = values.link_at(match[0])
        if link is None:
            return ""
        return HIDDEN if hide and link.is_secret else link.url

    return MARKS.sub(address, text)


def _with_links(text: str, values: Values) -> Markup:
    return Markup("").join(_as_html(part, values) for part in re.split(f"({MARKS.pattern})", text))


def _as_html(part: str, values: Values) -> Markup:
    link = values.link_at(part) if len(part) == 1 else None
    if link is not None and link.is_action:
        return _ANSWER.format(link.url, link.label)
    if link is not None:
        return Markup('<a href="{}">{}</a>').format(link.url, link.label)
    return Markup("<br>").join(part.split("\n"))


@cache
def _environment() -> Environment:
    options: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True}
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        auto_reload=False,
        **options,
    )
