"""Which company a portal's address means."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Company
from app.tenancy import all_companies, enter_company

_ids: dict[str, int] = {}  # of companies that were there: their number bounds it


def enter(session: Session, slug: str) -> Company:
    """Scope the session to the company of a slug and return it, detached.

    Only the id is remembered between calls, so a setting changed elsewhere counts at once.
    Raises NotFound.
    """
    company = _enter(session, slug, _ids.get(slug)) or _enter(session, slug, _ask(session, slug))
    if company is None:
        raise NotFound("company", slug)
    _ids[slug] = company.id
    session.expunge(company)
    return company


def _enter(session: Session, slug: str, company_id: int | None) -> Company | None:
    if company_id is None:
        return None
    enter_company(session, company_id)
    company = session.get(Company, company_id)
    fits = company is not None and company.slug == slug and company.closed_at is None
    return company if fits else None


def _ask(session: Session, slug: str) -> int | None:
    _ids.pop(slug, None)
    with all_companies(session):
        return session.scalars(select(Company.id).where(Company.slug == slug)).one_or_none()
