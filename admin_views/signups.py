"""Answers to people who signed up themselves: let in or turned down, told either way."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views.base import PLANNERS, StaffPage, actor, opens_to, see_other
from app import clock
from app.db import transaction
from app.services import signups


class SignUpsView(StaffPage):
    """The two buttons beside somebody who signed up; the list is that of the customers."""

    in_menu = False

    @expose("/")
    @opens_to(PLANNERS)
    def index(self) -> ResponseReturnValue:
        """Lead to the customers: there is nothing here without one."""
        return see_other(url_for("customers.index_view"))

    @expose("/<int:key>/accept", methods=("POST",))
    @opens_to(PLANNERS)
    def accept(self, key: int) -> ResponseReturnValue:
        """Let somebody in and mail them a link."""
        with transaction() as session:
            signups.accept(session, actor(), key, at=clock.now())
        flash(_("The account is open. A link is on its way to the customer."), "success")
        return see_other(url_for("customers.details_view", id=key))

    @expose("/<int:key>/refuse", methods=("POST",))
    @opens_to(PLANNERS)
    def refuse(self, key: int) -> ResponseReturnValue:
        """Turn somebody down and tell them."""
        with transaction() as session:
            signups.refuse(session, actor(), key, at=clock.now())
        flash(_("The account is refused. The person is told by mail."), "success")
        return see_other(url_for("customers.index_view"))
