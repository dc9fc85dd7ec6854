"""The people who work for the company: inviting, changing, letting go. Owners only."""

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField

from admin_views import formats
from admin_views.base import OWNER, Doors, actor, form_data, opens_to, see_other
from admin_views.records import RecordView
from admin_views.wording import ROLES, Shown
from app import clock, languages
from app.db import transaction
from app.models import Staff
from app.services import staff_members


class MemberForm(FlaskForm):
    """One person; the service checks it."""

    name = StringField(_l("Name"), render_kw={"required": True, "autocomplete": "off"})
    role = SelectField(
        _l("Role"), choices=lambda: list(ROLES.items()), validate_choice=False,
        description=_l("Owners do everything, dispatchers run requests and jobs, technicians see "
                       "their own jobs, the office keeps customers."),
    )  # fmt: skip
    language = SelectField(
        _l("Language"), choices=lambda: list(languages.SHIPPED.items()), validate_choice=False
    )
    phone = StringField(_l("Phone"), render_kw={"inputmode": "tel", "autocomplete": "off"})


class InviteForm(MemberForm):
    """A new person, who gets a link to choose a password."""

    email = StringField(
        _l("E-mail"), description=_l("The invitation goes here. They sign in with it."),
        render_kw={"required": True, "inputmode": "email", "autocomplete": "off"},
    )  # fmt: skip


class StaffView(RecordView):
    """Who works here."""

    edit_template = "staff/member.html"
    doors = Doors(list=OWNER, create=OWNER, edit=OWNER)
    column_list = ("name", "email", "role", "standing", "phone")
    column_labels = {
        "name": _l("Name"), "email": _l("E-mail"), "role": _l("Role"),
        "standing": _l("Sign-in"), "phone": _l("Phone"),
    }  # fmt: skip
    column_formatters = {
        "role": formats.chosen(ROLES), "email": formats.bdi, "phone": formats.phone,
        "standing": lambda _v, _c, row, _n: formats.pill(standing_of(row)),
    }  # fmt: skip
    column_sortable_list = ("name",)
    column_order = (("disabled_at", True), ("name", False), ("id", False))
    one = _l("person")

    def get_create_form(self) -> type[FlaskForm]:
        """Return the invitation."""
        return InviteForm

    def get_edit_form(self) -> type[FlaskForm]:
        """Return the form of somebody who works here."""
        return MemberForm

    def save(self, session: Session, form: FlaskForm, row: Any | None) -> Any:
        """Have the service invite or change the person; a company keeps an owner."""
        raw, at = form_data(), clock.now()
        if row is None:
            return staff_members.invite(session, actor(), raw, at=at)
        role = str(raw.get("role") or row.role)
        if role != row.role:
            staff_members.change_role(session, actor(), row.id, role)
        return staff_members.update(session, actor(), row.id, raw)

    @expose("/<int:key>/invite", methods=("POST",))
    @opens_to(OWNER)
    def invite(self, key: int) -> ResponseReturnValue:
        """Mail a fresh invitation; the older one ends."""
        with transaction() as session:
            member = staff_members.invite_again(session, actor(), key, at=clock.now())
            told = _("A new invitation to %(name)s is on its way.", name=member.name)
        flash(told, "success")
        return see_other(url_for(".index_view"))

    @expose("/<int:key>/disable", methods=("POST",))
    @opens_to(OWNER)
    def disable(self, key: int) -> ResponseReturnValue:
        """Shut a person out at once."""
        with transaction() as session:
            member = staff_members.disable(session, actor(), key, at=clock.now())
            told = _("%(name)s can no longer sign in.", name=member.name)
        flash(told, "success")
        return see_other(url_for(".index_view"))

    @expose("/<int:key>/enable", methods=("POST",))
    @opens_to(OWNER)
    def enable(self, key: int) -> ResponseReturnValue:
        """Let a person in again."""
        with transaction() as session:
            member = staff_members.enable(session, actor(), key)
            told = _("%(name)s can sign in again.", name=member.name)
        flash(told, "success")
        return see_other(url_for(".index_view"))


def standing_of(member: Staff) -> Shown:
    """Return whether a person can sign in."""
    if not member.is_active():
        return Shown(_("Left"), "neutral")
    return Shown(_("Active"), "won") if member.password_hash else Shown(_("Invited"), "customer")
