"""Which language, script direction, zone and theme a page is shown in."""

from typing import Final

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale, refresh

from app import languages
from app.web import cookies, words

THEMES: Final = ("light", "dark")


def init_app(app: Flask) -> None:
    """Choose language and zone for each request of ``app``."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "app/translations"
    Babel(app, locale_selector=language, timezone_selector=lambda: words.zone().key)
    app.context_processor(_for_templates)


def language() -> str:
    """Return the reader's language: theirs, the one picked, their mail's, the browser's, ours."""
    if not has_request_context():
        return "en"  # nobody reads; who writes a mail says its language
    visit, company = g.get("visit"), g.get("company")
    own = visit.actor.language if visit else None
    chosen = (own, cookies.read(cookies.LANGUAGE), g.get("mail_language"))
    for code in chosen:
        if code in languages.SHIPPED:
            return code
    asked = request.accept_languages.best_match(languages.SHIPPED)
    return asked or (company.language if company else "en")


def go_on_in(code: str) -> None:
    """Show the page in the language of the mail that led here, unless the reader picked one."""
    g.mail_language = code
    refresh()


def theme() -> str | None:
    """Return light or dark, None where the system decides."""
    chosen = cookies.read(cookies.THEME)
    return chosen if chosen in THEMES else None


def _for_templates() -> dict[str, object]:
    locale = get_locale()
    return {
        "lang": locale.language if locale else "en",
        "direction": locale.text_direction if locale else "ltr",
        "theme_name": theme(),
        "languages": languages.SHIPPED,
        "is_demo": current_app.config["SETTINGS"].is_demo,
        "visit": g.get("visit"),
        "company": g.get("company"),
    }
