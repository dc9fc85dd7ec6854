"""What tests of the outbox share: promises, and claims in transactions of their own."""

from app import outbox
from app.db import db, transaction
from app.models import OutboxMessage
from app.services import delivery
from app.services.delivery import Said
from app.tenancy import all_companies, enter_company

SAID = Said("email", "carla@customer.example", "de", "Betreff", "Text")


def promise(world, count=1, *, at, key="m", **rest) -> list[int]:
    """Promise messages and return their ids; nothing else is in the outbox."""
    enter_company(world.session, world.company_id)
    rows = [
        outbox.post(
            world.session,
            outbox.Promise(
                key=f"{key}{number}", topic="message", payload={"message": "x"},
                recipient=f"customer:{world.customer.id}", **rest,
            ),
            at=at,
        )
        for number in range(count)
    ]  # fmt: skip
    world.session.commit()
    return [row.id for row in rows]


def claim(at, limit=100):
    with all_companies(db.session()), transaction() as session:
        return delivery.claim(session, at=at, limit=limit)


def do(verb, *args, **rest):
    with all_companies(db.session()), transaction() as session:
        return verb(session, *args, **rest)


def row(world, id_):
    enter_company(world.session, world.company_id)
    return world.session.get(OutboxMessage, id_, populate_existing=True)
