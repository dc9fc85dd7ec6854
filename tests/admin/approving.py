"""The Create Job form of a request, opened and sent, and what came of it."""

from typing import Any

from sqlalchemy import select

from app.models import Job, OutboxMessage
from tests.harness.pages import Page

BUTTON = "Approve & Create Job"


def form_of(client: Any, request: Any, **arguments: Any) -> Page:
    """Open the form that approves a request."""
    return Page(client.get(f"/admin/requests/{request.id}/approve", query_string=arguments))


def approve(client: Any, request: Any, **fields: Any) -> Any:
    """Approve a request with the form as it came, but for ``fields``."""
    return client.submit(form_of(client, request), BUTTON, **fields)


def job_of(world: Any, request: Any) -> Any:
    """Return the job a request became."""
    return world.enter().scalars(select(Job).where(Job.request_id == request.id)).one()


def names_of(page: Page, button: str) -> set[str]:
    """Return the names of the fields of the form with that button."""
    return {name for name, _ in page.form(button).fields}


def mails_about(request: Any) -> Any:
    """Return the statement for what the customer is told about a request."""
    return select(OutboxMessage).where(
        OutboxMessage.subject == "request",
        OutboxMessage.subject_id == request.id,
        OutboxMessage.recipient.startswith("customer:"),
    )
