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

from admin_views.base import OWNER, StaffPage, actor, form_data, opens_to, see_other
from app import clock, languages
from app.db import db, transaction
from app.errors import Invalid, NotFound
from app.models import Company
from app.services import companies, company_settings
from app.web.answers import wants_json
from app.web.words import in_words

Choices = Callable[[], Sequence[tuple[str, Any]]]
ELIGIBILITY: Final = {
    "portal_full": _l("Customers with full portal access"),
    "onboarded": _l("Customers who have been set up"),
    "any_account": _l("Everybody with an account"),
}


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


@dataclass(frozen=True)
class Tab:
    """One page of settings."""

    key: str
    label: Any
    settings: Sequence[Setting] = ()
    about: Any = ""


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
                choices=lambda: list(ELIGIBILITY.items())),
        Setting("customer_session_days", _l("Days a customer stays signed in"), "number",
                required=True),
    )),
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
LISTS: Final = (("opening_hours", _l("Opening hours")), ("holidays", _l("Holidays")))


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
        raw = {name: value for name, value in form_data().items() if name in _names(tab)}
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
    found = [(tab.key, tab.label, url_for("settings.tab", key=tab.key)) for tab in TABS]
    return found + [(key, label, url_for(f"{key}.index_view")) for key, label in LISTS]


def _names(tab: Tab) -> set[str]:
    return {setting.name for setting in tab.settings}


def _stored(tab: Tab) -> dict[str, Any]:
    company = db.session().get_one(Company, actor().company_id)
    return {setting.name: _value(company, setting) for setting in tab.settings}


def _value(company: Company, setting: Setting) -> Any:
    if setting.name.startswith("decline_reasons_"):
        return company_settings.reasons_text(company, setting.lang)
    if setting.name.startswith("decline_instructions_"):
        return company.decline_instructions.get(setting.lang, "")
    return getattr(company, setting.name)


def _as_typed(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[-1] if isinstance(value, list) else value for name, value in raw.items()}
