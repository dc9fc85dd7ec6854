"""Leads: what came in by which way, and how it ended."""

from typing import Any, Final

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext as _l

from admin_views import cursors
from admin_views.base import PLANNERS, StaffPage, actor, company, opens_to
from admin_views.wording import Shown, service_of, title_of
from app.db import db
from app.services import leads
from app.services.leads import Lead

PAGE_ROWS: Final = 30
SOURCES: Final = {
    "portal": _l("Portal"), "staff": _l("Taken by the team"), "signup": _l("Sign-up"),
}  # fmt: skip
OUTCOMES: Final = {"open": _l("Open"), "won": _l("Won"), "lost": _l("Lost")}
_TONES: Final = {"open": "waiting", "won": "won", "lost": "lost"}


class LeadsView(StaffPage):
    """The list of leads, for owners and dispatchers. Source: feature 48."""

    @expose("/")
    @opens_to(PLANNERS)
    def index(self) -> ResponseReturnValue:
        """Show the leads, newest first, narrowed by outcome and source."""
        outcome, source = _chosen("outcome", OUTCOMES), _chosen("source", SOURCES)
        after = cursors.read(request.args.get("after"))
        page = leads.page(
            db.session(), actor(), outcome=outcome, source=source, after=after, limit=PAGE_ROWS
        )
        return self.render(
            "staff/leads.html", rows=[_shown(lead) for lead in page.rows],
            outcome=outcome, source=source, outcomes=OUTCOMES, sources=SOURCES,
            next_page=cursors.write(page.next), after=request.args.get("after"),
        )  # fmt: skip

    def is_visible(self) -> bool:
        """Return True where the company works with leads."""
        return leads.is_used(db.session(), company())


def _chosen(name: str, known: Any) -> str:
    value = request.args.get(name, "")
    return value if value in known else ""


def _shown(lead: Lead) -> dict[str, Any]:
    """Return a line of the list: it opens the request, or the customer who signed up."""
    row = lead.request
    return {
        "url": url_for("requests.show", key=row.id) if row
        else url_for("customers.page", key=lead.customer.id),
        "title": title_of(row) if row else lead.customer.name,
        "number": row.number if row else "",
        "service": service_of(row) if row else "",
        "customer": lead.customer, "at": lead.at, "source": SOURCES[lead.source],
        "state": Shown(str(OUTCOMES[lead.outcome]), _TONES[lead.outcome]),
    }  # fmt: skip
