"""The people who work for a company: inviting, changing and letting go."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import languages
from app.actor import STAFF_ROLES, Actor
from app.db import locked
from app.errors import N_, Conflict, Forbidden, NotFound
from app.models import Staff
from app.services import access
from app.services.form import FormReader, Raw


def everyone(session: Session) -> list[Staff]:
    """Return the company's staff by name, those who left last."""
    statement = select(Staff).order_by(Staff.disabled_at.is_not(None), Staff.name, Staff.id)
    return list(session.scalars(statement))


def get(session: Session, staff_id: int) -> Staff:
    """Return one member of staff. Raises NotFound."""
    member = session.get(Staff, staff_id)
    if member is None:
        raise NotFound("staff", staff_id)
    return member


def find(session: Session, email: str) -> Staff:
    """Return the member of staff with a mail address. Raises NotFound."""
    member = _find_by_email(session, email.strip().lower())
    if member is None:
        raise NotFound("staff", email)
    return member


def invite(session: Session, actor: Actor, raw: Raw, *, at: datetime) -> Staff:
    """Add a person and mail them a link to choose a password.

    ``raw`` has name, email, role, language, phone. Raises Forbidden and Invalid.
    """
    _only_owners(actor)
    form = FormReader(raw)
    member = Staff(
        name=form.text("name", required=True) or "",
        email=form.email("email", required=True) or "",
        role=_read_role(form),
        language=form.choice("language", languages.SHIPPED, default=actor.language),
        phone=form.phone("phone"),
        created_at=at,
    )
    if member.email and _find_by_email(session, member.email):
        form.complain("email", N_("Somebody with this address works here already."))
    form.check()
    session.add(member)
    session.flush()  # for member.id, which the invitation names
    access.invite_staff(session, member, at=at)
    return member


def invite_again(session: Session, actor: Actor, staff_id: int, *, at: datetime) -> Staff:
    """Mail a fresh invitation; the older one ends. Raises Forbidden, NotFound and Conflict."""
    _only_owners(actor)
    member = get(session, staff_id)
    if not member.is_active():
        raise Conflict(N_("%(name)s no longer works here."), name=member.name)
    access.invite_staff(session, member, at=at)
    return member


def update(session: Session, actor: Actor, staff_id: int, raw: Raw) -> Staff:
    """Change name, language or phone; only the fields that ``raw`` has.

    Owners may change everybody's, others their own. Raises Forbidden, NotFound and Invalid.
    """
    member = get(session, staff_id)
    if actor.id != member.id:
        _only_owners(actor)
    form = FormReader(raw)
    if form.has("name"):
        member.name = form.text("name", required=True) or member.name
    if form.has("phone"):
        member.phone = form.phone("phone")
    member.language = form.choice("language", languages.SHIPPED, default=member.language)
    form.check()
    return member


def change_role(session: Session, actor: Actor, staff_id: int, role: str) -> Staff:
    """Give a person another role, from their next page on.

    Locks the owners until the caller commits: a company must keep one. Raises Forbidden,
    NotFound, Invalid and Conflict.
    """
    _only_owners(actor)
    form = FormReader({"role": role})
    new_role = _read_role(form)
    form.check()
    member = get(session, staff_id)
    if new_role != "owner":
        _keep_an_owner(session, member)
    member.role = new_role
    return member


def disable(session: Session, actor: Actor, staff_id: int, *, at: datetime) -> Staff:
    """Shut a person out at once: sessions and open links end. Their name stays in the history.

    Locks the owners until the caller commits: a company must keep one. Raises Forbidden,
    NotFound and Conflict.
    """
    _only_owners(actor)
    member = get(session, staff_id)
    _keep_an_owner(session, member)
    member.disabled_at = member.disabled_at or at
    access.end_staff_access(session, member, at=at)
    return member


def enable(session: Session, actor: Actor, staff_id: int) -> Staff:
    """Let a person in again, with the password they had. Raises Forbidden and NotFound."""
    _only_owners(actor)
    member = get(session, staff_id)
    member.disabled_at = None
    return member


def _only_owners(actor: Actor) -> None:
    if actor.role not in ("owner", "system"):
        raise Forbidden(N_("Only an owner may change who works here."))


def _read_role(form: FormReader) -> str:
    return form.choice("role", STAFF_ROLES, default="technician")


def _find_by_email(session: Session, email: str) -> Staff | None:
    return session.scalars(select(Staff).where(Staff.email == email)).one_or_none()


def _keep_an_owner(session: Session, leaving: Staff) -> None:
    statement = select(Staff).where(Staff.role == "owner", Staff.disabled_at.is_(None))
    owners = session.scalars(locked(statement.order_by(Staff.id))).all()
    if [owner.id for owner in owners] == [leaving.id]:
        raise Conflict(
            N_("%(name)s is the only owner. Make somebody else an owner first."), name=leaving.name
        )
