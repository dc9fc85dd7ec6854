"""Company Settings, a tab a subject; owners only. Source: features 112-122 and 188."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import available_timezones

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin_views import settings_choices as choices
from admin_views.base import OWNER, StaffPage, actor, form_data, opens_to, see_other
from app import clock, languages
from app.db import db, transaction
from app.errors import Invalid, NotFound
from app.models import Company
from app.services import companies, company_settings
from app.web.answers import wants_json
from app.web.words import in_words

Choices = Callable[[], Sequence[tuple[str, Any]]]


@dataclass(frozen=True)
class Setting:
    """One setting as a form draws it."""

    name: str
    label: Any
    kind: str = "line"  # line, long, switch, select, colour, number
    help: Any = ""
    choices: Choices = tuple
    lang: str = ""
    required: bool = False
    placeholder: bool = False  # our own word stands where theirs is blank


@dataclass(frozen=True)
class Tab:
    """One page of settings."""

    key: str
    label: Any
    settings: Sequence[Setting] = ()
    about: Any = ""


# Words of the portal that an owner may put their own in place of. Source: preset C27.
LABELS: Final = {
    "request_service": _l("Request Service"),
    "my_requests": _l("My Service Requests"),
    "my_schedule": _l("My Schedule"),
}


def _names(name: str, ours: Any) -> list[Setting]:
    return [
        Setting(f"label_{name}_{code}", ours, lang=code, placeholder=True)
        for code in languages.SHIPPED
    ]


def _per_language(name: str, label: Any, help_: Any) -> list[Setting]:
    return [
        Setting(f"{name}_{code}", label, "long", help_ if number == 0 else "", lang=code)
        for number, code in enumerate(languages.SHIPPED)
    ]


TABS: Final = (
    Tab("company", _l("Company"), (
        Setting("name", _l("Company name"), required=True),
        Setting("email", _l("E-mail customers may write to")),
        Setting("phone", _l("Phone customers may call")),
        Setting("address", _l("Postal address"), "long"),
        Setting("language", _l("Default language"), "select",
                choices=lambda: list(languages.SHIPPED.items())),
        Setting("timezone", _l("Time zone"), "select", _l("All times in Callout are shown in it."),
                lambda: [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]),
        Setting("currency", _l("Currency"), help=_l("Three letters, such as EUR."), required=True),
        Setting("tax_percent", _l("Usual tax in percent"),
                help=_l("New lines of an estimate begin with it.")),
        Setting("brand", _l("Brand colour"), "colour",
                _l("# and six digits. Buttons and links follow it and stay readable.")),
    )),
    Tab("portal", _l("Customer Portal"), (
        Setting("portal_enabled", _l("Customer Portal"), "switch",
                _l("Off: links stop working, signed-in customers are signed out of every page and "
                   "read that the portal is currently unavailable. Nothing is lost; switch it on "
                   "again and everything is as it was.")),
        Setting("requests_enabled", _l("Customer Service Requests"), "switch",
                _l("Off: the Request Service button and its form disappear and no new requests "
                   "come in. Requests you have stay visible here and in the portal, and customers "
                   "still see their jobs, invoices and history.")),
        Setting("eligibility", _l("Who may send requests"), "select",
                choices=lambda: list(choices.ELIGIBILITY.items())),
        Setting("signup", _l("Who may create an account"), "select",
                _l("The portal then offers to create an account. Whoever does confirms their mail "
                   "address first and stands among your leads."),
                lambda: list(choices.SIGNUP.items())),
        Setting("onboards_with_first_job", _l("The first completed job sets a customer up"),
                "switch", _l("Off: you mark customers as set up yourself.")),
        Setting("passwords_allowed", _l("Customers may choose a password"), "switch",
                _l("The mailed link works all the same. Off: passwords that were chosen are "
                   "forgotten.")),
        Setting("customer_session_days", _l("Days a customer stays signed in"), "number",
                _l("0: until the browser is closed."), required=True),
        Setting("jobs_default_view", _l("Customers land on"), "select",
                _l("A link to one job or request always leads there."),
                lambda: list(choices.JOBS_VIEW.items())),
        Setting("shows_technician", _l("Of a technician, show"), "select",
                _l("In the portal and in messages."), lambda: list(choices.TECHNICIAN.items())),
        Setting("shows_cost", _l("Show prices of jobs"), "switch"),
        Setting("shows_photos", _l("Show the photos of a request"), "switch"),
    )),
    Tab("names", _l("Names"), tuple(
        setting for name, ours in LABELS.items() for setting in _names(name, ours)
    ), _l("What buttons and pages of the portal are called. Blank: our own word.")),
    Tab("messages", _l("Messages"), (
        Setting("sender_name", _l("Sender's name"),
                help=_l("Customers see it in front of the address mails come from.")),
        Setting("reply_to", _l("Answers go to"),
                help=_l("An address somebody reads. Blank: the address mails come from.")),
    )),
    Tab("declining", _l("Declining"), (
        *_per_language("decline_reasons", _l("Common reasons"),
                       _l("One a line. Dispatchers pick from them; the customer reads the chosen "
                          "one word for word.")),
        *_per_language("decline_instructions", _l("What the customer can do instead"),
                       _l("Added below every reason, such as a number to call.")),
    )),
)  # fmt: skip
# Tabs with a page of their own, by endpoint; they stand behind the tab of that key.
PAGES: Final = (
    ("portal", "request_settings.index", _l("How requests work")),
    ("portal", "notifications.index", _l("Notifications")),
    ("names", "bookable.index", _l("Bookable services")),
    ("declining", "opening_hours.index_view", _l("Opening hours")),
    ("declining", "holidays.index_view", _l("Holidays")),
)


class SettingsView(StaffPage):
    """The company's settings."""

    @expose("/", methods=("GET", "POST"))
    @opens_to(OWNER)
    def index(self) -> ResponseReturnValue:
        """Show the first tab."""
        return self.tab(key=TABS[0].key)

    @expose("/<key>", methods=("GET", "POST"))
    @opens_to(OWNER)
    def tab(self, key: str) -> ResponseReturnValue:
        """Show one tab; POST saves it."""
        tab = next((each for each in TABS if each.key == key), None)
        if tab is None:
            raise NotFound("settings", key)
        if request.method == "POST":
            return self._save(tab)
        return self._page(tab, _stored(tab), {})

    def _save(self, tab: Tab) -> ResponseReturnValue:
        raw = {name: value for name, value in form_data().items() if name in _fields(tab)}
        try:
            with transaction() as session:
                companies.update_settings(session, actor(), raw, at=clock.now())
        except Invalid as error:
            if wants_json():
                raise
            errors = {name: in_words(why) for name, why in error.fields.items()}
            return self._page(tab, _as_typed(raw), errors), error.status
        flash(_("Saved."), "success")
        return see_other(url_for(".tab", key=tab.key))

    def _page(self, tab: Tab, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
        return self.render(
            "staff/settings.html", tab=tab, values=values, errors=errors, tabs=all_tabs()
        )


def all_tabs() -> list[tuple[str, Any, str]]:
    """Return every tab of Company Settings as (key, label, address)."""
    found = []
    for tab in TABS:
        found.append((tab.key, tab.label, url_for("settings.tab", key=tab.key)))
        found += [
            (end.partition(".")[0], label, url_for(end))
            for after, end, label in PAGES
            if after == tab.key
        ]
    return found


def _fields(tab: Tab) -> set[str]:
    return {setting.name for setting in tab.settings}


def _stored(tab: Tab) -> dict[str, Any]:
    company = db.session().get_one(Company, actor().company_id)
    return {setting.name: _value(company, setting) for setting in tab.settings}


def _value(company: Company, setting: Setting) -> Any:
    if setting.lang:
        return company_settings.text_in(company, setting.name, setting.lang)
    if setting.name.startswith("shows_") or setting.name == "tax_percent":
        return company_settings.typed_value(company, setting.name)
    return getattr(company, setting.name)


def _as_typed(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[-1] if isinstance(value, list) else value for name, value in raw.items()}
