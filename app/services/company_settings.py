"""How a company's settings are read from a form, one small group at a time."""

import re
from typing import Final
from zoneinfo import available_timezones

from app import languages
from app.errors import N_
from app.models import Company
from app.services import starters
from app.services.form import FormReader

CURRENCY: Final = re.compile(r"[A-Z]{3}")
BRAND: Final = re.compile(r"#[0-9a-f]{6}")
TAX: Final = re.compile(r"\d{1,3}(\.\d{1,2})?")
LONGEST_SESSION_DAYS: Final = 365
SWITCHES: Final = (
    "portal_enabled",
    "requests_enabled",
    "onboards_with_first_job",
    "passwords_allowed",
)
SIGNUP: Final = ("off", "approval_needed", "open")
JOBS_VIEWS: Final = ("active", "all")
SHOWN: Final = ("cost", "photos")
TECHNICIAN: Final = ("first", "full", "none")
LABELS: Final = ("request_service", "my_requests", "my_schedule")
MOST_REASONS: Final = 20


def read_onto(company: Company, form: FormReader) -> None:
    """Put every field the form has onto the company; faults stay in the form."""
    _read_switches(company, form)
    _read_portal(company, form)
    _read_shows(company, form)
    _read_labels(company, form)
    _read_tax(company, form)
    _read_card(company, form)
    _read_mail(company, form)
    _read_look(company, form)
    _read_place(company, form)
    _read_reasons(company, form)
    _read_instructions(company, form)


def text_in(company: Company, field: str, language: str) -> str:
    """Return a text of one language as its field of the form shows it."""
    name = field.removesuffix(f"_{language}")
    if name == "decline_reasons":
        return "\n".join(words.get(language, "") for words in company.reasons.get("decline", []))
    if name == "decline_instructions":
        return company.decline_instructions.get(language, "")
    words: dict[str, str] = company.labels.get(name.removeprefix("label_")) or {}
    return words.get(language, "")


def typed_value(company: Company, field: str) -> str | bool:
    """Return a setting that is kept otherwise than it is typed, as the form shows it."""
    if field == "tax_percent":
        return f"{company.tax_bp / 100:g}"
    if field == "shows_technician":
        return str(company.shows.get("technician", TECHNICIAN[0]))
    return company.shows_part(field.removeprefix("shows_"))


def _read_switches(company: Company, form: FormReader) -> None:
    for name in SWITCHES:
        if form.has(name):
            setattr(company, name, form.flag(name))
    eligible = tuple(dict.fromkeys(starters.ELIGIBILITY.values()))
    company.eligibility = form.choice("eligibility", eligible, default=company.eligibility)


def _read_portal(company: Company, form: FormReader) -> None:
    company.signup = form.choice("signup", SIGNUP, default=company.signup)
    view = form.choice("jobs_default_view", JOBS_VIEWS, default=company.jobs_default_view)
    company.jobs_default_view = view
    if form.has("customer_session_days"):
        days = form.number("customer_session_days", low=0, high=LONGEST_SESSION_DAYS)
        company.customer_session_days = company.customer_session_days if days is None else days


def _read_shows(company: Company, form: FormReader) -> None:
    """Read what the portal shows of a job beside the usual. Source: C25."""
    shows = dict(company.shows)
    for part in SHOWN:
        if form.has(f"shows_{part}"):
            shows[part] = form.flag(f"shows_{part}")
    now = shows.get("technician", TECHNICIAN[0])
    shows["technician"] = form.choice("shows_technician", TECHNICIAN, default=now)
    company.shows = shows


def _read_labels(company: Company, form: FormReader) -> None:
    """Read an owner's own words for buttons and pages. Source: C27."""
    labels = {name: dict(words) for name, words in company.labels.items()}
    for name in LABELS:
        for code in languages.SHIPPED:
            field = f"label_{name}_{code}"
            if form.has(field):
                labels.setdefault(name, {})[code] = form.text(field, limit=40) or ""
    kept = {name: {c: text for c, text in words.items() if text} for name, words in labels.items()}
    company.labels = {name: words for name, words in kept.items() if words}


def _read_tax(company: Company, form: FormReader) -> None:
    if not form.has("tax_percent"):
        return
    typed = (form.text("tax_percent") or "0").replace(",", ".")
    if not TAX.fullmatch(typed) or float(typed) > 100:
        form.complain("tax_percent", N_("Write a percentage such as 19 or 7.5."))
        return
    company.tax_bp = round(float(typed) * 100)


def _read_card(company: Company, form: FormReader) -> None:
    if form.has("name"):
        company.name = form.text("name", required=True) or company.name
    if form.has("email"):
        company.email = form.email("email")
    if form.has("phone"):
        company.phone = form.phone("phone")
    if form.has("address"):
        company.address = form.long_text("address", limit=500)


def _read_mail(company: Company, form: FormReader) -> None:
    if form.has("reply_to"):
        company.reply_to = form.email("reply_to")
    if form.has("sender_name"):
        company.sender_name = form.text("sender_name", limit=100)


def _read_look(company: Company, form: FormReader) -> None:
    if not form.has("brand"):
        return
    brand = (form.text("brand") or "").lower()
    if brand and not BRAND.fullmatch(brand):
        form.complain("brand", N_("Write a colour as # and six digits, such as #1f6f5c."))
    company.brand = brand or None


def _read_place(company: Company, form: FormReader) -> None:
    company.language = form.choice("language", languages.SHIPPED, default=company.language)
    company.timezone = form.choice("timezone", available_timezones(), default=company.timezone)
    if form.has("currency"):
        company.currency = (form.text("currency", required=True) or company.currency).upper()
        if not CURRENCY.fullmatch(company.currency):
            form.complain("currency", N_("Write the three letters of a currency, such as EUR."))


def _read_reasons(company: Company, form: FormReader) -> None:
    told = {code: f"decline_reasons_{code}" for code in languages.SHIPPED}
    if not any(form.has(field) for field in told.values()):
        return
    lists = {code: _lines(form, field) for code, field in told.items()}
    longest = max(len(lines) for lines in lists.values())
    for code, lines in lists.items():
        # The same line is the same reason; a language may be left out, but not half of it.
        if lines and len(lines) != longest:
            form.complain(told[code], N_("Write as many reasons in every language, in order."))
    if longest > MOST_REASONS:
        form.complain("decline_reasons_en", N_("%(limit)s reasons are enough."), limit=MOST_REASONS)
    reasons = [
        {code: lines[number] for code, lines in lists.items() if number < len(lines)}
        for number in range(longest)
    ]
    company.reasons = {**company.reasons, "decline": reasons}


def _lines(form: FormReader, field: str) -> list[str]:
    text = form.long_text(field) or ""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _read_instructions(company: Company, form: FormReader) -> None:
    texts = dict(company.decline_instructions)
    for code in languages.SHIPPED:
        field = f"decline_instructions_{code}"
        if form.has(field):
            texts[code] = form.long_text(field, limit=1000) or ""
    company.decline_instructions = {code: text for code, text in texts.items() if text}
