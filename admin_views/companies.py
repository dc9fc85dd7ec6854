"""A new company from a page: at once it has a portal, its categories and an invited owner."""

from typing import Any, Final
from zoneinfo import available_timezones

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin_views.base import OWNER, StaffPage, form_data, opens_to, see_other
from app import clock, languages
from app.db import transaction
from app.errors import Invalid
from app.services import companies, presets
from app.web.words import in_words

PRESETS: Final = {
    "hybrid": _l("Recommended: requests with up to three dates, review, proposals"),
    "service_request": _l("Service requests, approved into jobs"),
    "booking_request": _l("Bookings of existing clients, scheduled at once"),
    "online_booking": _l("Online booking with proposals"),
    "estimate_request": _l("Requests answered with an estimate"),
}


class CompaniesView(StaffPage):
    """Founding a company on this installation, for the owners of one that is there.

    The first company of an installation is made with ``flask company create``.
    """

    in_menu = False

    @expose("/")
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """Lead to the form: there is no list of other people's companies."""
        return see_other(url_for(".new"))

    @expose("/new", methods=("GET", "POST"))
    @opens_to(OWNER)
    def new(self) -> ResponseReturnValue:
        """Show the form; POST founds the company and invites its owner."""
        raw: dict[str, Any] = form_data()
        errors: dict[str, str] = {}
        if request.method == "POST":
            try:
                return self._found(raw)
            except Invalid as error:
                errors = {name: in_words(why) for name, why in error.fields.items()}
        page = self.render(
            "staff/company_new.html", values=raw, errors=errors, presets=_presets(),
            zones=sorted(available_timezones()), languages_offered=languages.SHIPPED,
            portal_root=current_app.config["SETTINGS"].public_url,
        )  # fmt: skip
        return page, 422 if errors else 200

    def _found(self, raw: dict[str, Any]) -> ResponseReturnValue:
        with transaction() as session:
            made = companies.create(session, raw, at=clock.now())
            told = _("%(name)s is there. An invitation is on its way to %(email)s.",
                     name=made.name, email=raw.get("owner_email", ""))  # fmt: skip
        flash(told, "success")
        return see_other(url_for("admin.index"))


def _presets() -> list[tuple[str, str]]:
    return [(key, str(PRESETS.get(key, key))) for key in presets.names()]
