"""One row of everything a company can have, and every staff address that names a row."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app import clock, outbox
from app.models import (
    Asset,
    ClientService,
    Contact,
    Customer,
    Holiday,
    MediaFile,
    OpeningHours,
    Part,
    Request,
    Service,
    ServiceCategory,
    Skill,
    Staff,
)
from tests.harness.offers import make_estimate
from tests.harness.world import World
from tests.portal import work

Ids = dict[str, int | str]
# Parts of addresses that aren't ids.
OTHER_PARTS = {"trigger": "approve", "export_type": "csv", "noun": "job"}
_WORKFLOW = {"key": "service_request", "number": 1, "which": "submitted"}
# Views whose ``key`` is a name that every company has.
NOT_ROWS: dict[str, dict[str, Any]] = {
    "bulk": OTHER_PARTS,
    "settings": {"key": "portal"},
    "preset_switch": {"preset": "hybrid"},
    "workflows": _WORKFLOW,
    "workflow_parts": _WORKFLOW,
    "workflow_publishing": _WORKFLOW,
    "message_texts": {"where": "house", "message": "news", "number": 0},
}


@dataclass(frozen=True)
class Address:
    """One address with a row's id in it, wherever the id stands."""

    endpoint: str
    method: str
    path: str
    data: dict[str, str]


def furnish(world: World, word: str) -> Ids:
    """Give a company one row of everything, ``word`` in each text; return ids by endpoint."""
    session = world.enter()
    customer = session.get_one(Customer, world.customer.id)
    customer.name = customer.notes = f"{word} customer"
    customer.locations[0].street = f"{word} street"
    today = clock.now().date()
    rows: dict[str, Any] = {
        "contacts": Contact(customer_id=customer.id, name=f"{word} contact"),
        "assets": Asset(location_id=world.location_id, name=f"{word} asset"),
        "parts": Part(name=f"{word} part", number=word),
        "skills": Skill(name=f"{word} skill"),
        "services": Service(name={"en": f"{word} service"}),
        "categories": ServiceCategory(key=word.lower(), label={"en": f"{word} category"}),
        "holidays": Holiday(day=today, name=f"{word} holiday"),
        "opening_hours": session.scalars(select(OpeningHours)).first(),
        "staff": Staff(
            name=f"{word} staff", email=f"{word.lower()}@x.example", role="office",
            created_at=clock.now(),
        ),
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    rows["plans"] = ClientService(
        customer_id=customer.id, service_id=rows["services"].id, created_at=clock.now()
    )
    session.add(rows["plans"])
    request = world.hand_in(description=f"{word} description")
    job = work.make_job(world, title=f"{word} job", description=f"{word} work")
    job.technician_id = world.technician.id
    rows["estimates"] = make_estimate(world, title=f"{word} offer", note=f"{word} terms")
    promise = outbox.Promise(key=f"{word}-mail", topic="message", payload={})
    rows["messages"] = outbox.post(session, promise, at=clock.now())
    rows["messages"].sent_subject = f"{word} subject"
    session.flush()
    ids: dict[str, int | str] = {name: row.id for name, row in rows.items()}
    return ids | {
        "photos": _photo(world, request), "requests": request.id, "undo": job.id, "jobs": job.id,
        "customers": customer.id, "signups": customer.id, "locations": world.location_id,
    }  # fmt: skip


def _photo(world: World, request: Request) -> str:
    photo = MediaFile(
        request_id=request.id, kind="photo", storage_key="c0/none.jpg", content_type="image/jpeg",
        sha256="0" * 64, size_bytes=1, width=1, height=1, original_name="x.jpg",
        created_at=clock.now(),
    )  # fmt: skip
    world.session.add(photo)
    world.session.flush()
    return photo.ref


def staff_rules(app: Flask) -> list[Rule]:
    """Return every rule of a staff view, without the doorstep in front of them."""
    views = {view.endpoint for view in app.extensions["admin"][0]._views}
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in views]


def addresses(app: Flask, ids: Ids) -> list[Address]:
    """Return every staff address with the ids filled in, for each method it has."""
    found = []
    for rule in staff_rules(app):
        view, _, method_name = rule.endpoint.partition(".")
        row = ids.get(view)
        parts: dict[str, Any] = NOT_ROWS.get(view) or {"key": row, "ref": row, **OTHER_PARTS}
        known = {name: parts[name] for name in rule.arguments}
        path = str(app.url_map.bind("localhost").build(rule.endpoint, known))
        if method_name in ("edit_view", "details_view"):
            path += f"?id={row}"
        data = {"id": str(row)} if method_name == "delete_view" else {}
        methods = sorted((rule.methods or set()) & {"GET", "POST"})
        found += [Address(rule.endpoint, method, path, data) for method in methods]
    return found


def names_a_row(app: Flask, address: Address) -> bool:
    """Return True when another company's id in this address must lead nowhere."""
    view, _, method_name = address.endpoint.partition(".")
    rule = next(rule for rule in staff_rules(app) if rule.endpoint == address.endpoint)
    in_query = method_name in ("edit_view", "details_view", "delete_view")
    return view not in NOT_ROWS and (bool({"key", "ref"} & rule.arguments) or in_query)
