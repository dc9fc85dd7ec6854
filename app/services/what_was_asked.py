"""What a draft's form would have asked of people who handed in already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.models import Company, Request
from workflows import facts, names
from workflows.fields import is_visible
from workflows.phrases import Own
from workflows.schema import Definition, FormField

_PIECE: Final = 400  # ids in one statement
_KINDS: Final[Mapping[str, Literal["staff", "customer", "system"]]] = {
    "customer": "customer", "system": "system",
}  # fmt: skip
# Of a built-in question: whether a request has an answer.
_ANSWERED: Final[Mapping[str, Callable[[Request], object]]] = {
    "description": lambda request: request.description,
    "notes": lambda request: request.notes,
    "category": lambda request: request.category_id,
    "service": lambda request: request.service_id or request.service_text or request.category_id,
    "preferred_dates": lambda request: request.preferred_dates,
}


def looks_at_requests(draft: Definition, published: Definition) -> bool:
    """Return True when the draft asks or demands what the published version does not."""
    if draft.subject != "request":
        return False
    return draft.request_form != published.request_form or _rules(draft) != _rules(published)


def by_id(session: Session, ids: Collection[int]) -> dict[int, Request]:
    """Return requests by their ids, with what conditions may ask about them."""
    wanted = sorted(ids)
    found: dict[int, Request] = {}
    for start in range(0, len(wanted), _PIECE):
        statement = select(Request).where(Request.id.in_(wanted[start : start + _PIECE]))
        found |= {row.id: row for row in session.scalars(statement).unique()}
    return found


def known_of(
    session: Session, request: Request, company: Company, role: str, at: Any
) -> dict[str, Any]:
    """Return what was known about a request when somebody of that role took a step."""
    actor = Actor(_KINDS.get(role, "staff"), None, company.id, role, "")
    return facts.facts_at(facts.Moment(session, request, company, actor, at))


def missing(draft: Definition, request: Request, known: Mapping[str, Any]) -> list[Own | Any]:
    """Return the questions the draft requires that this request has no answer to."""
    answers = {**_given(request), **request.extra}
    found: list[Any] = []
    for item in draft.request_form:
        if not item.required:
            continue
        if isinstance(item, FormField):
            shown = is_visible(item, {**known, "input": answers})
            if shown and request.extra.get(item.name) in (None, ""):
                found.append(names.label_of(item))
        elif item.field in _ANSWERED and not _ANSWERED[item.field](request):
            found.append(names.question(item))
    return found


def _given(request: Request) -> dict[str, Any]:
    """Return the answers to built-in questions, as conditions of the form see them."""
    chosen = (("service", request.service_id), ("category", request.category_id))
    service = next((f"{noun}:{id_}" for noun, id_ in chosen if id_), None)
    return {
        "kind": request.kind,
        "urgency": request.urgency,
        "service": service,
        "category": f"category:{request.category_id}" if request.category_id else None,
        "description": request.description,
        "notes": request.notes,
    }


def _rules(definition: Definition) -> list[object]:
    steps = [one.conditions for one in definition.transitions]
    return [definition.submit.conditions, *steps]
