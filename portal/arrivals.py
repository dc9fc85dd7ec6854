"""What every way into the portal ends with: the cookie of a session, or a look at the mailbox."""

from datetime import timedelta

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from app.services import links
from app.web import cookies, limits
from app.web.addresses import local_path
from app.web.gate import current_company


def arrive(token: str) -> None:
    """Let this browser in by the token of a session that has begun."""
    company = current_company()
    lasts = timedelta(days=company.customer_session_days)
    session.clear()  # tokens of forms belong to whoever was here before
    name = cookies.portal(company.slug)
    cookies.keep_visit(name, company.id, token, max_age_s=int(lasts.total_seconds()) or None)
    cookies.drop(asked())


def look_at_mail(browser: str, sent_to: str) -> Response:
    """Go to the page that says where a link was sent and takes its code from this browser."""
    cookies.keep(asked(), browser, max_age_s=int(links.ASKED_FOR.total_seconds()))
    session["sent_to"] = sent_to
    return redirect(url_for("portal.sent"), 303)


def may_ask(mailbox: str) -> bool:
    """Count one wish for a link and return True while there are not too many."""
    # Both count, whatever the first one says.
    own = limits.allows(limits.LINKS_A_MAILBOX, "link", limits.mailbox(mailbox))
    here = limits.allows(limits.LINKS_AN_ADDRESS, "link", limits.real_address())
    return own and here


def asked() -> str:
    """Return the name of the cookie of a browser that waits for a link."""
    return cookies.asked(current_company().slug)


def home() -> str:
    """Return the portal's first page."""
    return f"/p/{current_company().slug}/"


def safe(target: str | None) -> str | None:
    """Return a page of this portal that somebody wants to go to, None for any other address."""
    return local_path(target, below=home())
