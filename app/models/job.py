"""A job: work agreed on, with a time, a person and what it needs."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from app.columns import Code, Id, Long, Name, Pk, Utc
from app.db import Base
from app.models.catalogue import Asset, Part, Service, ServiceCategory, Skill
from app.models.customer import Contact, Customer, Location
from app.models.estimate import Estimate
from app.models.request import Request
from app.models.staff import Staff
from app.models.subject import Subject
from app.tenancy import Owned, belongs_to, owned

PRIORITIES = ("low", "normal", "high", "urgent")


class Job(Base, Subject):
    """One piece of work at one place; a visit is a job of a client service."""

    __tablename__ = "job"
    subject_name = "job"
    __table_args__ = owned(
        belongs_to("customer"),
        belongs_to("contact"),
        belongs_to("location"),
        belongs_to("service_category", "category_id"),
        belongs_to("service"),
        belongs_to("client_service"),
        belongs_to("request"),
        belongs_to("estimate"),
        belongs_to("staff", "technician_id"),
        belongs_to("workflow_version"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint(
            "priority IN ('low', 'normal', 'high', 'urgent')", name="priority_is_known"
        ),
        Index(None, "company_id", "request_id", unique=True),  # a request becomes one job
        Index(None, "company_id", "estimate_id", unique=True),  # and so does an estimate
        Index(None, "company_id", "state", "starts_at"),  # the jobs list and the board
        Index(None, "company_id", "customer_id", "state_since"),  # the portal's tabs
        Index(None, "company_id", "technician_id", "starts_at"),  # a technician's day
    )

    customer_id: Mapped[Id]
    contact_id: Mapped[Id | None]
    location_id: Mapped[Id | None]
    category_id: Mapped[Id | None]
    service_id: Mapped[Id | None]
    client_service_id: Mapped[Id | None]
    request_id: Mapped[Id | None]
    estimate_id: Mapped[Id | None]
    technician_id: Mapped[Id | None]
    title: Mapped[Name]
    description: Mapped[Long] = mapped_column(default="")
    priority: Mapped[Code] = mapped_column(default="normal")
    starts_at: Mapped[Utc | None]
    ends_at: Mapped[Utc | None]
    sla_due_at: Mapped[Utc | None]
    completed_at: Mapped[Utc | None]
    created_at: Mapped[Utc]

    customer: Mapped[Customer] = relationship(
        primaryjoin=lambda: foreign(Job.customer_id) == remote(Customer.id)
    )
    contact: Mapped[Contact | None] = relationship(
        primaryjoin=lambda: foreign(Job.contact_id) == remote(Contact.id)
    )
    location: Mapped[Location | None] = relationship(
        primaryjoin=lambda: foreign(Job.location_id) == remote(Location.id)
    )
    category: Mapped[ServiceCategory | None] = relationship(
        primaryjoin=lambda: foreign(Job.category_id) == remote(ServiceCategory.id)
    )
    service: Mapped[Service | None] = relationship(
        primaryjoin=lambda: foreign(Job.service_id) == remote(Service.id)
    )
    request: Mapped[Request | None] = relationship(
        primaryjoin=lambda: foreign(Job.request_id) == remote(Request.id)
    )
    estimate: Mapped[Estimate | None] = relationship(
        primaryjoin=lambda: foreign(Job.estimate_id) == remote(Estimate.id)
    )
    technician: Mapped[Staff | None] = relationship(
        primaryjoin=lambda: foreign(Job.technician_id) == remote(Staff.id)
    )
    needs: Mapped[list["JobNeed"]] = relationship(
        primaryjoin=lambda: remote(foreign(JobNeed.job_id)) == Job.id,
        back_populates="job",
        order_by=lambda: JobNeed.id,
    )

    @property
    def number(self) -> str:
        """Return the number people say on the phone."""
        return f"J-{self.id}"

    def __str__(self) -> str:
        """Return what a list shows."""
        return f"{self.number} {self.title}"


class JobNeed(Base, Owned):
    """A skill, a part or an asset attached to a job: exactly one of them a row."""

    __tablename__ = "job_need"
    __table_args__ = owned(
        belongs_to("job"),
        belongs_to("skill"),
        belongs_to("part"),
        belongs_to("asset"),
        CheckConstraint(
            "(CASE WHEN skill_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN part_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN asset_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="exactly_one",
        ),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index(None, "company_id", "job_id"),  # what a job needs
    )

    id: Mapped[Pk]
    job_id: Mapped[Id]
    skill_id: Mapped[Id | None]
    part_id: Mapped[Id | None]
    asset_id: Mapped[Id | None]
    quantity: Mapped[int] = mapped_column(default=1)

    job: Mapped[Job] = relationship(
        primaryjoin=lambda: foreign(JobNeed.job_id) == remote(Job.id), back_populates="needs"
    )
    skill: Mapped[Skill | None] = relationship(
        primaryjoin=lambda: foreign(JobNeed.skill_id) == remote(Skill.id)
    )
    part: Mapped[Part | None] = relationship(
        primaryjoin=lambda: foreign(JobNeed.part_id) == remote(Part.id)
    )
    asset: Mapped[Asset | None] = relationship(
        primaryjoin=lambda: foreign(JobNeed.asset_id) == remote(Asset.id)
    )
