"""Companies: founding one that works at once, finding one, changing its settings."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import actor as actors
from app import languages
from app.actor import Actor
from app.errors import N_, Forbidden, NotFound
from app.models import Company, OpeningHours, ServiceCategory
from app.services import (
    company_settings,
    customer_passwords,
    preset_settings,
    presets,
    sessions,
    staff_members,
    starters,
)
from app.services.form import FormReader, Raw
from app.tenancy import all_companies, company_scope
from workflows import library, versions

SLUG_LENGTH: Final = 40
_SLUG: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class _Founding:
    name: str
    slug: str
    language: str
    timezone: str
    preset: str


def create(session: Session, raw: Raw, *, at: datetime) -> Company:
    """Found a company that works at once, and invite its owner by mail.

    ``raw`` has name, slug, owner_name, owner_email, language, timezone, preset; the last three
    have defaults. Raises Invalid.
    """
    founding = _read_founding(session, raw)
    with all_companies(session):
        company = _new_company(founding, at)
        session.add(company)
        session.flush()  # for company.id, the scope of everything below
    with company_scope(session, company.id):
        # Leaving all companies for another one has dropped the row: a change would be lost.
        company = session.get_one(Company, company.id)
        _furnish(session, company, at)
        staff_members.invite(session, actors.system(company.id), _owner(raw, company), at=at)
        session.flush()
    return company


def find(session: Session, slug: str) -> Company:
    """Return the company of that slug. Raises NotFound."""
    with all_companies(session):
        company = session.scalars(select(Company).where(Company.slug == slug)).one_or_none()
    if company is None:
        raise NotFound("company", slug)
    return company


def update_settings(session: Session, actor: Actor, raw: Raw, *, at: datetime) -> Company:
    """Change a company's settings; only the fields that ``raw`` has.

    A tick box comes with a hidden blank field before it, so that «off» is said aloud. Reasons
    to decline are one text a language (``decline_reasons_en``, …), a reason a line. Switching
    the portal off ends customers' sessions (Source: D4); nothing is ever deleted.
    Raises Forbidden and Invalid.
    """
    if actor.role not in ("owner", "system"):
        raise Forbidden(N_("Only an owner may change the company's settings."))
    company = session.get_one(Company, actor.company_id)
    was_open, had_passwords = company.portal_enabled, company.passwords_allowed
    form = FormReader(raw)
    company_settings.read_onto(company, form)
    form.check()
    if was_open and not company.portal_enabled:
        sessions.end_all_customers(session, at=at)
    if had_passwords and not company.passwords_allowed:
        customer_passwords.forget_all(session)
    return company


def _read_founding(session: Session, raw: Raw) -> _Founding:
    form = FormReader(raw)
    founding = _Founding(
        name=form.text("name", required=True) or "",
        slug=read_slug(form),
        language=form.choice("language", languages.SHIPPED, default="en"),
        timezone=form.choice("timezone", available_timezones(), default="UTC"),
        preset=form.choice("preset", presets.names(), default=presets.names()[0]),
    )
    form.text("owner_name", required=True)
    form.email("owner_email", required=True)
    if founding.slug and _is_taken(session, founding.slug):
        form.complain("slug", N_("Another company has this address already."))
    form.check()
    return founding


def read_slug(form: FormReader) -> str:
    """Return the name a company's portal address ends in, and complain about odd ones."""
    slug = (form.text("slug", required=True, limit=SLUG_LENGTH) or "").lower()
    if slug and not _SLUG.fullmatch(slug):
        form.complain(
            "slug", N_("Use small letters, digits and single hyphens, beginning with a letter.")
        )
    if slug in starters.RESERVED_SLUGS:
        form.complain("slug", N_("This address is reserved; choose another."))
    return slug


def _is_taken(session: Session, slug: str) -> bool:
    with all_companies(session):
        return session.scalar(select(Company.id).where(Company.slug == slug)) is not None


def _new_company(founding: _Founding, at: datetime) -> Company:
    return Company(
        name=founding.name,
        slug=founding.slug,
        language=founding.language,
        timezone=founding.timezone,
        request_workflow=founding.preset,
        **preset_settings.columns(founding.preset),
        reasons={"decline": starters.DECLINE_REASONS},
        versions={},
        created_at=at,
    )


def _furnish(session: Session, company: Company, at: datetime) -> None:
    session.add_all(
        ServiceCategory(key=key, label=label, position=position)
        for position, (key, label) in enumerate(starters.CATEGORIES.items())
    )
    session.add_all(
        OpeningHours(weekday=day, opens=starters.OPENS, closes=starters.CLOSES)
        for day in starters.WORKDAYS
    )
    for name in (company.request_workflow, "job", "estimate"):
        versions.publish(session, company, library.definition(name), author="Callout", at=at)


def _owner(raw: Raw, company: Company) -> Raw:
    return {
        "name": raw["owner_name"],
        "email": raw["owner_email"],
        "role": "owner",
        "language": company.language,
    }
