"""Small things a reader or a company chooses: theme, language, brand colour."""

import re
from typing import Final

from flask import Blueprint, Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from app.languages import SHIPPED
from app.web import cookies, gate, languages
from app.web.addresses import local_path

bp = Blueprint("preferences", __name__)
_HEX: Final = re.compile(r"#[0-9a-f]{6}")
_BRAND_MAX_AGE_S: Final = 300


@bp.post("/theme")
def choose_theme() -> ResponseReturnValue:
    """Keep light or dark in a cookie; anything else lets the system decide again."""
    theme = request.form.get("theme", "")
    if theme in languages.THEMES:
        cookies.keep(cookies.THEME, theme)
    else:
        cookies.drop(cookies.THEME)
    return _back()


@bp.post("/language")
def choose_language() -> ResponseReturnValue:
    """Keep the language of somebody who isn't signed in."""
    language = request.form.get("language", "")
    if language in SHIPPED:
        cookies.keep(cookies.LANGUAGE, language)
    return _back()


@bp.get("/p/<slug>/brand.css")
@gate.always
def portal_brand(slug: str) -> Response:
    """Return the company's colour as a stylesheet; everything else is derived from it."""
    return _brand()


@bp.get("/admin/brand.css")
def staff_brand() -> Response:
    """Return the signed-in person's company's colour."""
    return _brand()


def _brand() -> Response:
    colour = gate.current_company().brand or ""
    css = f":root {{ --brand: {colour}; }}\n" if _HEX.fullmatch(colour) else ""
    answer = make_response(css)
    answer.mimetype = "text/css"
    answer.headers["Cache-Control"] = f"private, max-age={_BRAND_MAX_AGE_S}"
    return answer


def _back() -> ResponseReturnValue:
    return redirect(local_path(request.form.get("next")) or "/", 303)
