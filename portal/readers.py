"""Who reads the page, in the shape the portal's views need."""

import re
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import DomainError, NotFound, TransitionBlocked
from app.models import Company, Customer
from app.services import customers
from app.services.form import Raw
from app.services.moves import Option, Submission
from app.web import gate, languages
from app.web.words import in_words
from workflows.rules import Refusal

# What a browser sends beside the answers: it must not make one form two.
_NOT_ANSWERS = ("csrf_token", "form_key", "expected_event", "kept_photos")


_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Reader:
    """The customer who is signed in, their company, and whether they may ask for work."""

    actor: Actor
    company: Company
    customer: Customer
    language: str
    refusal: Refusal | None

    @property
    def id(self) -> int:
        """Return the customer's id."""
        return self.customer.id

    def words(self) -> dict[str, Any]:
        """Return what every page with the button needs. Source: features 1-2 and 114."""
        return {
            "may_request": self.refusal is None,
            "request_label": self.label("request_service", _("Request Service")),
            "heading": self.label("my_requests", _("My Service Requests")),
            "schedule_label": self.label("my_schedule", _("My Schedule")),
        }

    def label(self, name: str, ours: str) -> str:
        """Return the owner's own word, else ours."""
        return self.company.label(name, self.language) or ours


def reader(session: Session) -> Reader:
    """Return who reads the page. The gate has let nobody else pass."""
    actor, company = gate.current_actor(), gate.current_company()
    customer = customers.get(session, actor.id or 0)
    refusal = customers.may_request(customer, company)
    return Reader(actor, company, customer, languages.language(), refusal)


def form_key() -> str | None:
    """Return the key of the form that was sent, None when it is none of ours."""
    key = request.form.get("form_key", "")
    return key if _KEY.fullmatch(key) else None


def ref_argument(name: str) -> str | None:
    """Return a public id from the address, None when it is not there. Raises NotFound."""
    ref = request.args.get(name)
    if ref and not _KEY.fullmatch(ref):
        raise NotFound(name)
    return ref or None


def answers() -> Raw:
    """Return the answers of the form that was sent: a text each, a list where there are several."""
    found: dict[str, str | list[str]] = {}
    for name, values in request.form.lists():
        if name not in _NOT_ANSWERS:
            found[name] = values if len(values) > 1 else values[0]
    return found


def submission() -> Submission:
    """Return the form of a step as it was sent, with what guards it."""
    seen = request.form.get("expected_event", "")
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None
    return Submission(answers(), number, form_key())


def possible(option: Option) -> Option:
    """Return a step that can be taken now. Raises TransitionBlocked with the reason if not."""
    refusal = option.refusal
    if refusal is not None:
        raise TransitionBlocked(refusal.msgid, texts=refusal.texts, **refusal.params)
    return option


def why_not(refusal: Refusal) -> str:
    """Return a refusal in the reader's language."""
    return in_words(DomainError(refusal.msgid, texts=refusal.texts, **refusal.params))
