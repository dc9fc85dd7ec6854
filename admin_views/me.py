"""My own settings: name, language, and whether single keys do things."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views.base import EVERYBODY, StaffPage, actor, form_data, opens_to, see_other
from app.db import db, transaction
from app.errors import Invalid
from app.services import staff_members
from app.web.words import in_words


class MeView(StaffPage):
    """What each person may change about themselves; the name at the menu's foot leads here."""

    in_menu = False

    @expose("/", methods=("GET", "POST"))
    @opens_to(EVERYBODY)
    def index(self) -> ResponseReturnValue:
        """Show my settings; POST saves them."""
        errors: dict[str, str] = {}
        if request.method == "POST":
            try:
                return self._save()
            except Invalid as error:
                errors = {name: in_words(why) for name, why in error.fields.items()}
        member = staff_members.get(db.session(), actor().id or 0)
        values = form_data() if errors else {
            "name": member.name, "phone": member.phone or "", "language": member.language,
            "keys_enabled": "1" if member.keys_enabled else "",
        }  # fmt: skip
        page = self.render("staff/me.html", member=member, values=values, errors=errors)
        return page, 422 if errors else 200

    def _save(self) -> ResponseReturnValue:
        raw = form_data()
        with transaction() as session:
            member = staff_members.update(session, actor(), actor().id or 0, raw)
            member.keys_enabled = bool(_last(raw.get("keys_enabled")))
        flash(_("Saved."), "success")
        return see_other(url_for(".index"))


def _last(value: str | list[str] | None) -> str:
    return (value[-1] if value else "") if isinstance(value, list) else (value or "")
