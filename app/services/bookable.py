"""Which services customers may ask for, and in what order. Source: feature 124."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import N_, Forbidden
from app.models import Service
from app.services.form import FormReader, Raw

LAST_PLACE = 10_000


def services(session: Session) -> Sequence[Service]:
    """Return the services on offer, in the order customers see them."""
    statement = select(Service).where(Service.archived_at.is_(None))
    return session.scalars(statement.order_by(Service.position, Service.id)).all()


def save(session: Session, actor: Actor, raw: Raw) -> None:
    """Take ticks and places of all services: ``bookable_ID`` and ``place_ID``.

    Raises Forbidden and Invalid.
    """
    if actor.role not in ("owner", "system"):
        raise Forbidden(N_("Only an owner may change the company's settings."))
    form = FormReader(raw)
    for row in services(session):
        if form.has(f"bookable_{row.id}"):
            row.bookable = form.flag(f"bookable_{row.id}")
        if form.has(f"place_{row.id}"):
            row.position = form.number(f"place_{row.id}", low=0, high=LAST_PLACE) or 0
    form.check()
