"""What approving a booking would schedule, in words: the plan, the price, the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from admin_views.wording import words
from app import clock
from app.models import ClientService, Job, Request
from app.services import requests, visits
from app.services.moves import Option
from app.web.words import long_day, money


@dataclass(frozen=True)
class VisitAsked:
    """What Approve would do; ``is_ready`` when one press does it."""

    plans: Sequence[tuple[int, str]]
    sentences: Sequence[str]
    is_ready: bool


def visit_asked(session: Session, row: Request, options: Sequence[Option]) -> VisitAsked | None:
    """Return what Approve would schedule, None where requests don't become visits."""
    if isinstance(row, Job):
        return None
    approve = next((o for o in options if o.trigger == "approve" and not o.refusal), None)
    if row.kind == "service_change":
        return _change(session, row) if approve else None
    if approve is None or approve.form != "create_visit":
        return _proposal(row) if approve else None
    plans = visits.matching(session, row)
    values = requests.prefill(session, row, at=clock.now())
    return VisitAsked(
        plans=[(plan.id, plan_words(plan)) for plan in plans],
        sentences=[_plan_sentence(plans, row), _day_sentence(values, row)],
        is_ready=bool(row.service_id and values.get("date")) and len(plans) < 2,
    )


def plan_words(plan: ClientService) -> str:
    """Return a plan as staff speak of it: the service, the place, the price."""
    parts = [words(plan.service.name), str(plan.location or "")]
    if plan.price_cents is not None:
        parts.append(money(plan.price_cents))
    if plan.every_months:
        parts.append(_("every %(count)s months", count=plan.every_months))
    return " · ".join(part for part in parts if part)


def _proposal(row: Request) -> VisitAsked | None:
    """Say what becomes of a wish for regular visits. Source: D12."""
    if row.kind != "recurring":
        return None
    sentence = _("Approving lays a proposed plan before you; no visit is booked by itself.")
    return VisitAsked([], [sentence], is_ready=False)


def _change(session: Session, row: Request) -> VisitAsked:
    """Return the plan a wish for a change speaks of. Source: feature 5."""
    plans = visits.matching(session, row) or visits.of_customer(session, row.customer_id)
    sentence = _("Approving lays a changed plan before you; nothing is scheduled yet.")
    return VisitAsked([(plan.id, plan_words(plan)) for plan in plans], [sentence], is_ready=False)


def _plan_sentence(plans: Sequence[ClientService], row: Request) -> str:
    """Say which plan the visit comes under, and by which rule. Source: features 66-70, D9."""
    if not plans:
        price = row.service.price_cents if row.service else None
        if price is None:
            return _("No plan covers this yet: one is made for this once.")
        return _("No plan covers this yet: one is made for this once, at %(price)s.",
                 price=money(price))  # fmt: skip
    if len(plans) == 1:
        return _("The visit comes under this plan, at its price.")
    return _("Several plans fit. Filled in is one at the place asked for, then the newest; "
             "choose another under Plan.")  # fmt: skip


def _day_sentence(values: Mapping[str, str], row: Request) -> str:
    """Say on which day, and by which rule. Source: D10."""
    if values.get("date"):
        day = long_day(date.fromisoformat(values["date"]))
        hours = f"{values.get('start_time', '')}–{values.get('end_time', '')}"
        return _("It is scheduled for %(day)s, %(hours)s: the first working day wished for.",
                 day=day, hours=hours)  # fmt: skip
    if row.preferred_dates:
        return _("None of the wished days is a working day still to come: choose the day.")
    return _("No day was wished for: choose one.")
