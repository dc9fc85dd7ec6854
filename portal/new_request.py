"""Asking for service: the form the definition describes, and the one request it makes."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app import clock
from app.db import db, transaction
from app.errors import Conflict, DomainError, Forbidden, Invalid
from app.services import media, request_forms
from app.services import requests as asked
from app.services.form import Raw
from app.services.media import StoredPhoto
from app.web.words import in_words, today
from portal import bp, kept_photos, problems
from portal.questions import questions
from portal.readers import Reader, answers, form_key, reader
from portal.request_words import usual_wait
from portal.sheet import Sheet
from workflows.facts import about_customer
from workflows.schema.fields import PhotosField

# Answers that were chosen, not written: nobody needs them to copy from.
_CHOSEN: Final = ("location", "contact", "service", "category", "kind", "urgency")
_WRITTEN: Final = {
    "description": _l("What is the problem?"),
    "service_text": _l("What do you need?"),
    "notes": _l("Anything else we should know?"),
    "date_1": _l("When would suit you?"),
}


@bp.get("/requests/new")
def new_request() -> ResponseReturnValue:
    """Show the form, or say why there is none. Source: features 1, 29 and 114."""
    who = reader(db.session())
    try:
        form = asked.form_for(db.session(), who.actor, who.id)
    except Forbidden as error:
        return _refused(error, _("New requests are not open to you here"))
    return _page(who, form, {}, key=secrets.token_urlsafe(16))


@bp.post("/requests/new")
def send_request() -> ResponseReturnValue:
    """Take the form: on to the confirmation, or back to it with everything kept.

    Switched off while it was open, what was written stays in sight. Source: D5.
    """
    who, raw = reader(db.session()), answers()
    try:
        form = asked.form_for(db.session(), who.actor, who.id)
        return _take(who, form, raw)
    except Forbidden as error:
        return _refused(error, _("Your request was not sent"), _typed(raw))


def _take(who: Reader, form: asked.RequestForm, raw: Raw) -> ResponseReturnValue:
    key = form_key() or secrets.token_urlsafe(16)
    photos, errors = _photos(who, form)
    try:
        if errors:
            raise Invalid({**_wrong_answers(db.session(), who, form, raw), **errors})
        made = _submit(who, asked.HandedIn(raw, key, photos))
    except Invalid as error:
        wrong = problems.sentences(error)
        return _page(who, form, raw, wrong=wrong, key=key, photos=photos), 422
    except Conflict as error:
        # A key that is used up: what was written goes out as a new request with the next press.
        fresh = secrets.token_urlsafe(16)
        wrong = {"": in_words(error)}
        return _page(who, form, raw, wrong=wrong, key=fresh, photos=photos), error.status
    return redirect(url_for("portal.request_page", ref=made, sent=1), 303)


def _submit(who: Reader, form: asked.HandedIn) -> str:
    """Store the request and return its public id."""
    with transaction() as session:
        return asked.submit(session, who.actor, who.id, form, at=clock.now()).ref


def _photos(
    who: Reader, form: asked.RequestForm
) -> tuple[Sequence[StoredPhoto], Mapping[str, DomainError]]:
    """Return the photos that can be taken, and what is wrong with the others."""
    limit = photo_limit(form)
    if not limit:
        return [], {}
    uploads, kept = request.files.getlist("photos"), kept_photos.from_form()
    try:
        return media.prepare(
            uploads, kept_photos.store(), who.company.id, limit=limit, kept=kept
        ), {}
    except media.PhotosRefused as error:
        return error.kept, error.fields


def _wrong_answers(
    session: Session, who: Reader, form: asked.RequestForm, raw: Raw
) -> Mapping[str, DomainError]:
    """Return what is wrong beside the photos, so that all of it is said at once."""
    try:
        request_forms.clean(session, form.definition, who.company, who.customer, raw, today=today())
    except Invalid as error:
        return error.fields
    return {}


def photo_limit(form: asked.RequestForm) -> int:
    """Return how many photos the form takes."""
    return max((ask.rule.max for ask in form.asks if isinstance(ask.rule, PhotosField)), default=0)


def _page(
    who: Reader,
    form: asked.RequestForm,
    raw: Raw,
    *,
    key: str,
    wrong: Mapping[str, str] | None = None,
    photos: Sequence[StoredPhoto] = (),
) -> str:
    errors = dict(wrong or {})
    asks = questions(
        form.asks, Sheet(who.language, today(), raw, errors, about_customer(who.customer))
    )
    kept = kept_photos.as_parts(photos)
    asks = [replace(one, parts=kept) if one.kind == "photos" else one for one in asks]
    return render_template(
        "portal/request_new.html",
        questions=asks,
        problems=problems.listed(errors, asks),
        form_key=key,
        usually=usual_wait(db.session()),
        **who.words(),
    )


def _refused(
    error: DomainError, heading: str, typed: Sequence[tuple[str, str]] = ()
) -> ResponseReturnValue:
    page = render_template(
        "portal/request_refused.html", title=heading, sentence=in_words(error), typed=typed
    )
    return page, error.status


def _typed(raw: Raw) -> list[tuple[str, str]]:
    """Return what was written, with its label, to be shown again."""
    found = []
    for name, value in raw.items():
        words = value if isinstance(value, str) else ", ".join(value)
        if words.strip() and name not in _CHOSEN and not name.endswith("_part"):
            found.append((str(_WRITTEN.get(name, _l("Your answer"))), words))
    return found
