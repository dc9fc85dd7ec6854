"""Whom a message is for and how they can be reached."""

from dataclasses import dataclass

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import N_, DomainError
from app.models import Company, Customer, OutboxMessage, Staff

NOBODY = N_("There is nobody left to send this to.")
LEFT = N_("This person no longer works here.")
NO_ADDRESS = N_("There is neither a mail address nor a phone number on record. Tell them yourself.")
NO_SMS = N_("There is no mail address on record, and text messages are not set up. Please ring.")
MAIL_ALONE = N_("Text messages are not set up, so this went out by mail only.")
NO_NUMBER = N_("The phone number on record can't be dialled. Please correct it.")


class CannotBeTold(DomainError):
    """This message will reach nobody; the sentence says why and what to do."""


@dataclass(frozen=True)
class Addressee:
    """The reader of a message. ``enters`` when the customer's portal is open to them."""

    name: str
    first_name: str
    language: str
    email: str | None
    phone: str | None = None
    is_staff: bool = False
    prefers_sms: bool = False
    enters: bool = True
    only: str = ""  # the one channel this copy is for; the other one has a copy of its own


def find(session: Session, row: OutboxMessage, company: Company) -> Addressee:
    """Return the reader of a promised message. Raises CannotBeTold."""
    kind, _, id_ = (row.recipient or "").partition(":")
    if kind == "customer" and id_.isdigit():
        return _customer(session.get(Customer, int(id_)), company, row)
    if kind == "staff" and id_.isdigit():
        return _staff(session.get(Staff, int(id_)))
    if kind == "company":
        return _office(session, company)
    raise CannotBeTold(NOBODY)


def channel_of(person: Addressee, *, sms_works: bool) -> str:
    """Return ``email`` or ``sms``, as the person wishes and as can be done. Source: D16.

    Raises CannotBeTold when neither can.
    """
    if person.only == "sms" and not sms_works:
        raise CannotBeTold(MAIL_ALONE)
    if person.only:
        return person.only
    if person.prefers_sms and person.phone and sms_works:
        return "sms"
    if person.email:
        return "email"
    if not person.phone:
        raise CannotBeTold(NO_ADDRESS)
    if not sms_works:
        raise CannotBeTold(NO_SMS)
    return "sms"


def dialled(phone: str | None, company: Company) -> str:
    """Return a number as it is dialled from anywhere; one without a country is the company's.

    Raises CannotBeTold.
    """
    try:
        number = phonenumbers.parse(phone or "", _region(company))
    except phonenumbers.NumberParseException as error:
        raise CannotBeTold(NO_NUMBER) from error
    if not phonenumbers.is_possible_number(number):
        raise CannotBeTold(NO_NUMBER)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _customer(row: Customer | None, company: Company, promise: OutboxMessage) -> Addressee:
    if row is None:
        raise CannotBeTold(NOBODY)
    to = promise.payload.get("to")
    return Addressee(
        name=row.name,
        first_name=row.first_name,
        language=row.language,
        email=to or row.email,
        phone=row.phone,
        prefers_sms=_by_text(row, company, promise) and not to,
        enters=row.can_sign_in() and company.portal_enabled and company.has_portal_feature(),
        only=promise.payload.get("channel", ""),
    )


def _by_text(row: Customer, company: Company, promise: OutboxMessage) -> bool:
    """Return whether a text is wanted: the company's word on the message, else the customer's.

    Our own messages follow the customer alone; a way in goes to the address that is proved by it,
    which the sign-in page names. Source: feature 131.
    """
    if promise.payload.get("link_id"):
        return False
    is_own = bool(promise.payload.get("version_id"))
    way = company.channel_for(promise.payload.get("message", ""), "customer") if is_own else ""
    return way == "sms" or (way != "email" and row.channel == "sms")


def _staff(row: Staff | None) -> Addressee:
    if row is None:
        raise CannotBeTold(NOBODY)
    if not row.is_active():
        raise CannotBeTold(LEFT)
    return Addressee(row.name, row.first_name, row.language, row.email, row.phone, is_staff=True)


def _office(session: Session, company: Company) -> Addressee:
    """Return the company itself: its own address, else that of its first owner."""
    if company.email:
        return Addressee(company.name, company.name, company.language, company.email, is_staff=True)
    owners = select(Staff).where(Staff.role == "owner", Staff.disabled_at.is_(None))
    return _staff(session.scalars(owners.order_by(Staff.id)).first())


def _region(company: Company) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(company.phone or "", None))
    except phonenumbers.NumberParseException:
        return None
