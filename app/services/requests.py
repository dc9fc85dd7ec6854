"""Requests: handed in once, queued, reviewed, moved by the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.actor import Actor
from app.errors import N_, Conflict, Forbidden, Invalid, NotFound
from app.models import Company, Customer, MediaFile, PreferredDate, Request
from app.services import customers, job_forms, media, moves, news, request_forms, typed_data, visits
from app.services.form import Raw
from app.services.moves import Option, Submission, option, options
from workflows import audit, engine, versions
from workflows.effects import Step
from workflows.schema import Definition

__all__ = ["Option", "Submission", "option", "options"]


@dataclass(frozen=True)
class HandedIn:
    """A form as it came. ``key`` names the form: sent twice, it makes one request."""

    raw: Raw
    key: str
    photos: Sequence[media.StoredPhoto] = ()


@dataclass(frozen=True)
class RequestForm:
    """What the portal asks of one customer, in the definition's order."""

    definition: Definition
    asks: Sequence[request_forms.Ask]


def form_for(session: Session, actor: Actor, customer_id: int) -> RequestForm:
    """Return the questions of the company's current definition for this customer.

    Raises NotFound, and Forbidden when the customer may not ask for work now.
    """
    company = session.get_one(Company, actor.company_id)
    customer = customers.get(session, customer_id)
    _check_may_ask(company, customer, actor)
    definition = versions.current(session, company, company.request_workflow)
    found = request_forms.asks(session, definition, company, customer, actor.language)
    return RequestForm(definition, found)


def submit(
    session: Session, actor: Actor, customer_id: int, form: HandedIn, *, at: datetime
) -> Request:
    """Store a request and take its first step. A form key seen before gives the same request.

    Locks the customer until the caller commits. Raises Forbidden (switched off, or not
    allowed), Invalid, and Conflict when a used key comes with other words.
    """
    digest = audit.digest([dict(form.raw), [photo.sha256 for photo in form.photos]])
    customer = _locked_customer(session, customer_id)
    known = _by_key(session, form.key)
    if known is not None:
        return _same(known, digest, customer_id)
    company = session.get_one(Company, actor.company_id)
    _check_may_ask(company, customer, actor)
    definition = versions.current(session, company, company.request_workflow)
    today = at.astimezone(ZoneInfo(company.timezone)).date()
    draft = request_forms.clean(session, definition, company, customer, form.raw, today=today)
    if len(form.photos) > draft.photos_max:
        raise Invalid({"photos": N_("There are more photos than the form takes.")})
    request = Request(
        customer_id=customer.id,
        form_key=form.key,
        form_digest=digest,
        submitted_at=at,
        extra=draft.extra,
        preferred_dates=[PreferredDate(**wish) for wish in draft.dates],
        **draft.columns,
    )
    order = engine.Order(engine.SUBMIT, actor)
    engine.start(session, request, definition.workflow, order, at=at)
    media.attach(session, request, form.photos, at=at)
    return request


def get(session: Session, request_id: int, actor: Actor) -> Request:
    """Return one request with what its page shows. Raises NotFound, Forbidden."""
    check_may_review(actor)
    return _one(session, select(Request).where(Request.id == request_id))


def get_by_ref(session: Session, ref: str, customer_id: int) -> Request:
    """Return a customer's own request. Raises NotFound, for anybody else's too."""
    statement = select(Request).where(Request.ref == ref, Request.customer_id == customer_id)
    return _one(session, statement)


def for_customer(session: Session, customer_id: int, *, limit: int = 100) -> Sequence[Request]:
    """Return My Service Requests: a customer's own, newest first. Source: feature 101."""
    statement = (
        select(Request)
        .where(Request.customer_id == customer_id)
        .order_by(Request.submitted_at.desc(), Request.id.desc())
        .limit(limit)
    )
    return session.scalars(with_names(statement)).unique().all()


def awaits_answer(session: Session, customer_id: int) -> bool:
    """Return True while one of a customer's requests waits for their word."""
    mine = exists().where(Request.customer_id == customer_id, Request.waiting_on == "customer")
    return bool(session.scalar(select(mine)))


def photos(session: Session, request: Request) -> Sequence[MediaFile]:
    """Return the photos that came with a request."""
    statement = select(MediaFile).where(MediaFile.request_id == request.id)
    return session.scalars(statement.order_by(MediaFile.id)).all()


def move(
    session: Session,
    request_id: int,
    trigger: str,
    actor: Actor,
    submission: Submission,
    *,
    at: datetime,
) -> Step:
    """Take one step of a request as staff.

    Raises NotFound, Forbidden, Invalid and TransitionBlocked (late; ``event`` says who came
    first).
    """
    check_may_review(actor)
    statement = _for_step(select(Request).where(Request.id == request_id))
    request = engine.lock(session, statement, Request)
    submission = news.catch_up(session, request, submission)
    submission = typed_data.keep_with(session, request, actor, submission, at=at)
    return moves.move(session, request, trigger, actor, submission, at=at)


def move_own(
    session: Session, ref: str, trigger: str, actor: Actor, submission: Submission, *, at: datetime
) -> Step:
    """Take one step of a customer's own request, as that customer. Raises as ``move``."""
    statement = select(Request).where(Request.ref == ref, Request.customer_id == actor.id)
    request = engine.lock(session, _for_step(statement), Request)
    submission = news.catch_up(session, request, submission)
    return moves.move(session, request, trigger, actor, submission, at=at)


def prefill(session: Session, request: Request, *, at: datetime | None = None) -> dict[str, str]:
    """Return what the Create Job form starts with; days before ``at`` are left out.

    Source: features 53 and 67, D10.
    """
    company = session.get_one(Company, request.company_id)
    values = job_forms.prefill(request, company)
    if request.service_id:
        plans = visits.matching(session, request)
        values["client_service"] = str(plans[0].id) if plans else ""
    if any(wish.last_day for wish in request.preferred_dates):
        since = _first_possible(values, company, at) if at else None
        day = visits.first_day(session, company, request, since=since)
        values["date"] = day.isoformat() if day else ""
    return values


def as_asked(session: Session, request: Request, *, at: datetime) -> dict[str, str] | None:
    """Return the form of a visit filled in whole, None when staff must still choose something.

    Source: feature 65 and D9-D10: one plan fits or none, and one of the wished days is possible.
    """
    values = prefill(session, request, at=at)
    is_open = request.service_id is None or len(visits.matching(session, request)) > 1
    return None if is_open or not values.get("date") else values


def _first_possible(values: Mapping[str, str], company: Company, at: datetime) -> date:
    """Return today, or tomorrow once the hour that would be filled in has begun."""
    now = at.astimezone(ZoneInfo(company.timezone))
    has_begun = values.get("start_time", "") <= f"{now:%H:%M}"
    return now.date() + timedelta(days=int(has_begun))


def check_may_review(actor: Actor) -> None:
    """Raise Forbidden for staff who don't see requests. Source: features 186-187."""
    if actor.kind == "staff" and not actor.may_review():
        raise Forbidden(N_("Requests are for owners and dispatchers."))


def with_names(statement: Select[Request]) -> Select[Request]:
    """Return the statement loading what a card shows, without a query a row."""
    return statement.options(
        joinedload(Request.customer),
        joinedload(Request.location),
        joinedload(Request.service),
        joinedload(Request.category),
        selectinload(Request.preferred_dates),
    )


def _for_step(statement: Select[Request]) -> Select[Request]:
    return statement.options(joinedload(Request.customer), joinedload(Request.location))


def _check_may_ask(company: Company, customer: Customer, actor: Actor) -> None:
    """Staff take requests by phone whatever the portal's switches say."""
    if actor.kind != "customer":
        check_may_review(actor)
        return
    refusal = customers.may_request(customer, company)
    if refusal is not None:
        raise Forbidden(refusal.msgid, **refusal.params)


def _locked_customer(session: Session, customer_id: int) -> Customer:
    """Return the customer, locked, so that a form sent twice at once finds its first sending.

    The weaker lock lets others go on writing rows that name the customer.
    """
    statement = select(Customer).where(Customer.id == customer_id)
    statement = statement.with_for_update(key_share=True)
    customer = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if customer is None:
        raise NotFound("customer", customer_id)
    return customer


def _by_key(session: Session, key: str) -> Request | None:
    return session.scalars(select(Request).where(Request.form_key == key)).one_or_none()


def _same(known: Request, digest: str, customer_id: int) -> Request:
    if known.customer_id != customer_id or known.form_digest != digest:
        raise Conflict(N_("This form was sent before, with other words. Please start a new one."))
    return known


def _one(session: Session, statement: Select[Request]) -> Request:
    statement = with_names(statement).options(joinedload(Request.contact))
    request = session.scalars(statement).unique().one_or_none()
    if request is None:
        raise NotFound("request")
    return request
