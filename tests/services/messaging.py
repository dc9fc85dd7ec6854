"""What tests of messages share: promises made, and the letters that come of them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from app import clock, outbox
from app.letters import Letter
from app.models import Company, Customer, OutboxMessage, WorkflowVersion
from app.services import messages, requests
from app.services.messages import Written
from workflows import versions

JANUARY = datetime(2030, 1, 2, 8, tzinfo=UTC)


def customer(world) -> Customer:
    found: Customer = world.session.get_one(Customer, world.customer.id)
    return found


def company(world) -> Company:
    found: Company = world.session.get_one(Company, world.company_id)
    return found


def decide(world, trigger, **raw):
    """Hand in a request and decide on it; return the promise to the customer."""
    request = world.hand_in()
    world.session.flush()
    given = {**requests.prefill(world.session, request), **raw} if trigger == "approve" else raw
    sent = requests.Submission(given, request.event_seq)
    requests.move(world.session, request.id, trigger, world.dispatcher, sent, at=clock.now())
    world.session.flush()
    return promise_about(world, "request", request.id)


def promise_about(world, subject, id_) -> OutboxMessage:
    statement = select(OutboxMessage).where(
        OutboxMessage.subject == subject, OutboxMessage.subject_id == id_
    )
    found: OutboxMessage = world.session.scalars(
        statement.order_by(OutboxMessage.id.desc())
    ).first()
    return found


def promise(world, message, recipient, **rest) -> OutboxMessage:
    payload = {"message": message, **rest.pop("payload", {})}
    made = outbox.Promise(key="t", topic="message", payload=payload, recipient=recipient, **rest)
    row = outbox.post(world.session, made, at=clock.now())
    world.session.flush()
    return row


def write(world, row, *, sms_works=False) -> Any:
    return messages.write(world.session, row, sms_works=sms_works)


def letter(world, row) -> Letter:
    written = write(world, row)
    assert isinstance(written, Written), written
    assert isinstance(written.paper, Letter)
    return written.paper


def own_words(world, row, **texts) -> None:
    """Give the record's definition other words for the promised message."""
    version = world.session.get_one(WorkflowVersion, row.payload["version_id"])
    document = {**version.document, "messages": {**version.document["messages"]}}
    document["messages"][row.payload["message"]] = texts
    version.document = document
    world.session.flush()
    versions.forget()


def in_words(subject="S", body="B") -> dict[str, str]:
    return {"subject": subject, "body": body}
