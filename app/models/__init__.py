"""The rows: one file an aggregate."""

from app.models.access import SignInLink, WebSession
from app.models.catalogue import (
    Asset,
    ClientService,
    Part,
    Service,
    ServiceCategory,
    Skill,
    pick,
)
from app.models.company import Company, Holiday, OpeningHours
from app.models.customer import Contact, Customer, Location
from app.models.estimate import Counter, Estimate, EstimateLine
from app.models.job import PRIORITIES, Job, JobNeed
from app.models.media import MediaFile
from app.models.message import KeptMail, MessageText, OutboxMessage
from app.models.request import PreferredDate, Request
from app.models.slot import Slot
from app.models.staff import Staff
from app.models.subject import Subject
from app.models.workflow import Event, Publication, Timer, WorkflowDraft, WorkflowVersion

__all__ = [
    "PRIORITIES",
    "Asset",
    "ClientService",
    "Company",
    "Contact",
    "Counter",
    "Customer",
    "Estimate",
    "EstimateLine",
    "Event",
    "Holiday",
    "Job",
    "JobNeed",
    "KeptMail",
    "Location",
    "MediaFile",
    "MessageText",
    "OpeningHours",
    "OutboxMessage",
    "Part",
    "PreferredDate",
    "Publication",
    "Request",
    "Service",
    "ServiceCategory",
    "SignInLink",
    "Skill",
    "Slot",
    "Staff",
    "Subject",
    "Timer",
    "WebSession",
    "WorkflowDraft",
    "WorkflowVersion",
    "pick",
]
