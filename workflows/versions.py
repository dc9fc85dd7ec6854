"""Versions of definitions as rows: publishing, pinning, loading each once a process."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.errors import NotFound
from app.models import Company, WorkflowVersion
from workflows.schema import Definition

_KEPT = 512
# Rows are immutable, so what was loaded stays true; the engine is part of the key because ids
# are only unique inside one database.
_loaded: OrderedDict[tuple[int, int], Definition] = OrderedDict()


def publish(
    session: Session,
    company: Company,
    definition: Definition,
    *,
    author: str,
    at: datetime,
    note: str | None = None,
) -> WorkflowVersion:
    """Store ``definition`` as the newest version and let new records begin under it."""
    row = WorkflowVersion(
        key=definition.workflow,
        number=next_number(session, definition.workflow),
        sha256=definition.digest,
        document=definition.as_data(),
        author=author,
        note=note,
        created_at=at,
        published_at=at,
    )
    session.add(row)
    session.flush()  # for row.id, which the company points at
    company.versions = {**company.versions, definition.workflow: row.id}
    return row


def current_id(company: Company, key: str) -> int:
    """Return the id of the version that new records of this workflow begin under.

    Raises NotFound when the company never published one.
    """
    try:
        return company.versions[key]
    except KeyError:
        raise NotFound("workflow", key) from None


def load(session: Session, version_id: int) -> Definition:
    """Return the definition of one version. Raises NotFound, for another company's too."""
    key = (id(session.get_bind().engine), version_id)
    if key not in _loaded:
        row = session.get(WorkflowVersion, version_id)
        if row is None:
            raise NotFound("workflow version", version_id)
        _loaded[key] = Definition.model_validate(row.document)
        while len(_loaded) > _KEPT:
            _loaded.popitem(last=False)
    return _loaded[key]


def current(session: Session, company: Company, key: str) -> Definition:
    """Return the definition that new records of this workflow begin under."""
    return load(session, current_id(company, key))


def all_of(session: Session, key: str) -> Sequence[WorkflowVersion]:
    """Return every version of a workflow, the newest first, without their documents."""
    statement = (
        select(WorkflowVersion)
        .where(WorkflowVersion.key == key)
        .options(defer(WorkflowVersion.document))
        .order_by(WorkflowVersion.number.desc())
    )
    return session.scalars(statement).all()


def forget() -> None:
    """Drop what was loaded: for tests, which lay databases anew under the same ids."""
    _loaded.clear()


def number(session: Session, version_id: int) -> int:
    """Return the number people know a version by. Raises NotFound."""
    found = session.scalar(select(WorkflowVersion.number).where(WorkflowVersion.id == version_id))
    if found is None:
        raise NotFound("workflow version", version_id)
    return found


def next_number(session: Session, key: str) -> int:
    """Return the number the next version of a workflow gets."""
    statement = select(func.max(WorkflowVersion.number)).where(WorkflowVersion.key == key)
    return (session.scalar(statement) or 0) + 1
