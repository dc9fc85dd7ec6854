"""Bookable services: what customers may ask for, and in what order. Source: feature 124."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views.base import OWNER, StaffPage, actor, form_data, opens_to, see_other
from admin_views.settings import all_tabs
from app.db import db, transaction
from app.errors import Invalid
from app.services import bookable
from app.web.answers import wants_json
from app.web.words import in_words


class BookableView(StaffPage):
    """A tick list of services with their order."""

    in_menu = False

    @expose("/", methods=("GET", "POST"))
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """Show the list; POST keeps it."""
        wrong: dict[str, str] = {}
        raw = form_data()
        if request.method == "POST":
            try:
                with transaction() as session:
                    bookable.save(session, actor(), raw)
            except Invalid as error:
                if wants_json():
                    raise
                wrong = {name: in_words(why) for name, why in error.fields.items()}
            else:
                flash(_("Saved."), "success")
                return see_other(url_for(".index"))
        page = self.render(
            "staff/settings_bookable.html", tabs=all_tabs(), wrong=wrong, typed=raw,
            services=bookable.services(db.session()),
        )  # fmt: skip
        return page, 422 if wrong else 200
