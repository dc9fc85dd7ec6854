"""How trouble is answered: a page in the reader's language, or JSON for a program."""

from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from app.errors import DomainError, Invalid
from app.web import gate, logs
from app.web.words import in_words

_TITLES: Final = {
    400: _l("That did not reach us whole"),
    401: _l("Please sign in first"),
    403: _l("This is not open to you"),
    404: _l("There is nothing here"),
    405: _l("That is not how this page is used"),
    409: _l("That is not possible any more"),
    413: _l("That is more than we can take"),
    422: _l("Something is missing"),
    429: _l("Please wait a moment"),
    500: _l("Something went wrong on our side"),
    503: _l("The portal is currently unavailable"),
}
_SENTENCES: Final = {
    400: _l("Go back, load the page again and repeat it."),
    403: _l("Your role does not include this page. An owner of the company can change that."),
    404: _l("The address may be mistyped, or what was here has moved."),
    405: _l("Go back and use the buttons on the page."),
    413: _l("Send fewer or smaller photos. Go back: what you typed is still there."),
    429: _l("There were too many tries in a short time. Wait a few minutes, then try again."),
    503: _l("Nothing is lost: your jobs and requests are here again when it is back."),
    500: _l("It has been written down and we look at it. Try again in a moment."),
}
_OLD_PAGE: Final = _l(
    "The page was open too long, or its cookie is gone. Go back, load it again and repeat it."
)


def init_app(app: Flask) -> None:
    """Have ``app`` answer every kind of trouble here."""
    app.register_error_handler(gate.SignInNeeded, _ask_to_sign_in)
    app.register_error_handler(DomainError, _refuse)
    app.register_error_handler(CSRFError, _refuse_old_page)
    app.register_error_handler(HTTPException, _answer_http)
    # Flask would write the address down as it came; ours leaves out what lets people in.
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]


def wants_json() -> bool:
    """Return True when a program asks rather than a person."""
    if request.path.startswith(("/api/", "/webhooks/")):
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def _refuse(error: DomainError) -> ResponseReturnValue:
    logs.note(error.code, status=error.status)
    fields = error.fields if isinstance(error, Invalid) else {}
    words = {name: in_words(one) for name, one in fields.items()}
    # For these the page's title says it all already.
    said_by_title = error.status in (404, 503) or not error.message
    sentence = _SENTENCES.get(error.status, "") if said_by_title else in_words(error)
    return _answer(error.status, error.code, sentence, words)


def _answer_http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.get_response()
    status = error.code or 500
    if isinstance(error, SecurityError):
        # Nothing can be drawn: every address on the page would carry the strange name.
        return Response("This site is not known by that name.\n", 400, mimetype="text/plain")
    original = error.original_exception if isinstance(error, InternalServerError) else None
    logs.note(error.name, status=status, error=original)
    answer = make_response(_answer(status, error.name, _SENTENCES.get(status, ""), {}))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _refuse_old_page(error: CSRFError) -> ResponseReturnValue:
    logs.note("csrf", status=400)
    return _answer(400, "old_page", _OLD_PAGE, {})


def _ask_to_sign_in(error: gate.SignInNeeded) -> ResponseReturnValue:
    if wants_json():
        return _answer(401, error.code, in_words(error), {})
    page = _sign_in_page()
    if request.headers.get("HX-Request"):
        answer = make_response("", 401)
        answer.headers["HX-Redirect"] = page
        return answer
    return redirect(page, 303)


def _sign_in_page() -> str:
    page = f"/p/{g.company.slug}/login" if gate.side() == "portal" else "/admin/login"
    if request.method != "GET" or request.headers.get("HX-Request"):
        return page
    here = request.full_path.rstrip("?")
    return f"{page}?{urlencode({'next': here})}"


def _answer(
    status: int, code: str, sentence: object, fields: dict[str, str]
) -> ResponseReturnValue:
    if wants_json():
        error = {"code": code, "message": str(sentence), "fields": fields}
        return jsonify(error=error), status
    page = render_template(
        f"{_folder()}/error.html",
        title=_TITLES.get(status, _TITLES[400]),
        sentence=sentence,
        problems=list(fields.values()),
        reference=logs.reference(),
        status=status,
    )
    return page, status


def _folder() -> str:
    return "portal" if gate.side() == "portal" and g.get("company") else "staff"
