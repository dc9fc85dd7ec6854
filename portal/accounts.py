"""How we reach you: the one thing a customer changes about themselves. Source: feature 106."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import languages
from app.db import db, transaction
from app.errors import Invalid
from app.services import customers
from app.services.form import Raw
from portal import bp, problems
from portal.readers import answers, reader


@bp.get("/accounts")
def accounts() -> ResponseReturnValue:
    """Show what is on record, and what can be chosen."""
    return _page(db.session(), {}, {})


@bp.post("/accounts")
def choose_contact() -> ResponseReturnValue:
    """Set channel and language; everything else of the record is the team's to change."""
    who, raw = reader(db.session()), answers()
    try:
        with transaction() as session:
            chosen = customers.choose_contact(session, who.actor, raw).language
    except Invalid as error:
        return _page(db.session(), raw, problems.sentences(error)), error.status
    with force_locale(chosen):
        flash(_("Saved."))
    return redirect(url_for("portal.accounts"), 303)


def _page(session: Session, raw: Raw, wrong: dict[str, Any]) -> str:
    who = reader(session)
    return render_template(
        "portal/accounts.html",
        customer=who.customer,
        channel=raw.get("channel") or who.customer.channel,
        chosen_language=raw.get("language") or who.customer.language,
        offered=languages.SHIPPED,
        wrong=wrong,
        **who.words(),
    )
