"""What has happened at a demo company: every step through the services, at its own time."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.demo import offers, pictures
from app.demo.cast import Cast, Data
from app.models import Job, Request
from app.services import jobs, media, requests
from app.services.requests import HandedIn, Submission
from workflows import versions
from workflows.schema import Definition, FormField

Form = dict[str, Any]


def tell(session: Session, cast: Cast, data: Data, store: media.Store) -> None:
    """Hand in every request and make every job of the file, and take their steps, in order."""
    company = cast.company
    definition = versions.current(session, company, company.request_workflow)
    for number, told in enumerate(data["requests"]):
        request = _hand_in(session, cast, told, definition, store, f"demo-{number}")
        for step in told.get("then", ()):
            _move_request(session, cast, request, step, definition)
        _go_on(session, cast, request, told)
    offers.tell(session, cast, data)
    for told in data["jobs"]:
        job = _make_job(session, cast, told)
        for step in told["then"]:
            _move_job(session, cast, job, step)


def _hand_in(
    session: Session, cast: Cast, told: Data, definition: Definition, store: media.Store, key: str
) -> Request:
    rules = {
        rule.field: rule for rule in definition.request_form if not isinstance(rule, FormField)
    }
    form: Form = {
        "location": str(cast.places[told["who"]][told["place"] - 1].id),
        # A way of taking requests asks for one or the other; what it does not ask is dropped.
        "description": told["text"],
        "notes": told.get("notes", "") or ("" if "description" in rules else told["text"]),
        "urgency": "urgent" if told.get("urgent") else "normal",
        "kind": _kind(told, rules.get("kind")),
        **_service_answer(cast, told, rules["service"]),
        **_date_answers(cast, told, rules["preferred_dates"]),
    }
    customer = cast.customers[told["who"]]
    # Whoever has no address rings up, and the office types it in.
    actor = cast.customer_actor(told["who"]) if customer.can_sign_in() else cast.staff["dispatcher"]
    photos = _photos(cast, told, rules.get("photos"), store)
    handed_in = HandedIn(form, f"{cast.company.slug}-{key}", photos)
    return requests.submit(session, actor, customer.id, handed_in, at=cast.moments.at(told["ago"]))


def _kind(told: Data, rule: Any) -> str:
    wanted = told.get("kind", "")
    return wanted if rule and wanted in rule.options else ""


def _service_answer(cast: Cast, told: Data, rule: Any) -> Form:
    """Answer as the definition asks: a service, a category, or the customer's own words."""
    service = cast.services.get(told.get("service", ""))
    category = cast.categories[told.get("category") or (_category(cast, service) or "other")]
    form: Form = {"category": f"category:{category.id}"}
    if service and ("catalog" in rule.sources or ("bookable" in rule.sources and service.bookable)):
        form["service"] = f"service:{service.id}"
    elif "category" in rule.sources:
        form["service"] = form["category"]
    else:
        language = cast.customers[told["who"]].language
        form["service_text"] = told.get("words") or (service.name[language] if service else "")
    return form


def _category(cast: Cast, service: Any) -> str | None:
    rows = cast.categories.items()
    return next((key for key, row in rows if service and row.id == service.category_id), None)


def _date_answers(cast: Cast, told: Data, rule: Any) -> Form:
    if "window" in told:
        first, last = (cast.moments.day(str(offset)).isoformat() for offset in told["window"])
        return {"date_1": first, "date_1_to": last if rule.mode == "window" else ""}
    if "wish_at" in told:
        day, clock = told["wish_at"].split()
        return {"date_1": cast.moments.day(day).isoformat(), "date_1_time": clock}
    form: Form = {}
    wishes = told.get("wishes", [])[: rule.max if rule.mode == "dates" else 1]
    for rank, wish in enumerate(wishes, start=1):
        day, _, part = wish.partition(" ")
        form[f"date_{rank}"] = cast.moments.day(day).isoformat()
        form[f"date_{rank}_part"] = part
    return form


def _photos(cast: Cast, told: Data, rule: Any, store: media.Store) -> list[media.StoredPhoto]:
    if rule is None or "photos" not in told:
        return []
    uploads = [pictures.picture(name) for name in told["photos"]][: rule.max]
    return media.prepare(uploads, store, cast.company.id, limit=rule.max)


def _move_request(
    session: Session, cast: Cast, request: Request, step: Data, definition: Definition
) -> None:
    actor = _who_decides(cast, request, step.get("by", "dispatcher"))
    possible = [
        each
        for each in definition.candidates(request.state, step["do"])
        if actor.role in each.roles
    ]
    if not possible:  # a preset without that step, such as one that has no proposals
        return
    form: Form = {name: step[name] for name in ("reason", "note") if name in step}
    if "proposed_at" in step:
        form["proposed_at"] = cast.moments.local(step["proposed_at"])
    if possible[0].form in ("create_job", "create_visit"):
        form = _job_form(cast, step["job"], dict(requests.prefill(session, request)))
    if possible[0].form == "send_estimate":
        form = offers.form(cast, step)
    at = cast.moments.at(step["ago"])
    if actor.kind == "customer":
        requests.move_own(session, request.ref, step["do"], actor, Submission(form), at=at)
    else:
        requests.move(session, request.id, step["do"], actor, Submission(form), at=at)


def _who_decides(cast: Cast, request: Request, role: str) -> Actor:
    if role != "customer":
        return cast.staff[role]
    rows = cast.customers.items()
    return cast.customer_actor(next(key for key, row in rows if row.id == request.customer_id))


def _go_on(session: Session, cast: Cast, request: Request, told: Data) -> None:
    """Have a request's estimate answered, and the steps of the job it became taken."""
    found = select(Job).where(Job.request_id == request.id)
    if "estimate_then" in told:
        estimate = offers.of_request(session, request)
        offers.move(session, cast, estimate, told["estimate_then"])
        found = select(Job).where(Job.estimate_id == estimate.id)
        offers.plan(session, cast, session.scalars(found).one(), told["plan"])
    for step in told.get("job_then", ()):
        _move_job(session, cast, session.scalars(found).one(), step)


def _make_job(session: Session, cast: Cast, told: Data) -> Job:
    at = cast.moments.at(told["ago"])
    form = {
        "customer": str(cast.customers[told["who"]].id),
        "location": str(cast.places[told["who"]][told["place"] - 1].id),
        "service": f"service:{cast.services[told['service']].id}",
        "title": told["title"],
        "description": told["text"],
        "priority": told.get("priority", "normal"),
    }
    raw = _job_form(cast, told, form)
    wanted = jobs.clean(session, raw, cast.company, at=at)
    return jobs.create(session, cast.staff["dispatcher"], wanted, at=at)


def _job_form(cast: Cast, told: Data, form: Form) -> Form:
    """Fill in what the dispatcher decides: when, who, and what it takes."""
    if "day" in told:
        form["date"] = cast.moments.day(told["day"]).isoformat()
        form["start_time"], form["end_time"] = told["from"], told["to"]
    if "technician" in told:
        form["technician"] = str(cast.staff[told["technician"]].id)
    form["skills"] = [str(cast.skills[name]) for name in told.get("skills", ())]
    form["assets"] = [str(cast.assets[name]) for name in told.get("assets", ())]
    form["parts"] = [str(cast.parts[name]) for name in told.get("parts", ())]
    for name, count in told.get("parts", {}).items():
        form[f"part_qty_{cast.parts[name]}"] = str(count)
    return form


def _move_job(session: Session, cast: Cast, job: Job, step: Data) -> None:
    actor = _who_moves(cast, job, step["do"])
    form: Form = {name: step[name] for name in ("note", "reason", "work_notes") if name in step}
    if "technician" in step:
        form["technician"] = str(cast.staff[step["technician"]].id)
    jobs.move(session, job.id, step["do"], actor, Submission(form), at=cast.moments.at(step["ago"]))


def _who_moves(cast: Cast, job: Job, trigger: str) -> Actor:
    if trigger in ("cancel", "assign"):
        return cast.staff["dispatcher"]
    return next(actor for actor in cast.staff.values() if actor.id == job.technician_id)
