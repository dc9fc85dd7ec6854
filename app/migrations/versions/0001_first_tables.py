"""First tables.

Revision: 0001
After:
"""

import sqlalchemy as sa
from alembic import op

from app import columns, rls

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWNED = (
    "asset",
    "client_service",
    "company",
    "contact",
    "customer",
    "event",
    "holiday",
    "job",
    "job_need",
    "kept_mail",
    "location",
    "media_file",
    "opening_hours",
    "outbox_message",
    "part",
    "preferred_date",
    "publication",
    "request",
    "service",
    "service_category",
    "sign_in_link",
    "skill",
    "staff",
    "timer",
    "web_session",
    "workflow_draft",
    "workflow_version",
)


def upgrade() -> None:
    """Go forwards."""
    op.create_table(
        "company",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("closed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=200), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("sender_name", sa.String(length=200), nullable=True),
        sa.Column("reply_to", sa.String(length=200), nullable=True),
        sa.Column("brand", sa.String(length=64), nullable=True),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("portal_enabled", sa.Boolean(), nullable=False),
        sa.Column("requests_enabled", sa.Boolean(), nullable=False),
        sa.Column("request_workflow", sa.String(length=64), nullable=False),
        sa.Column("versions", columns.Json, nullable=False),
        sa.Column("eligibility", sa.String(length=64), nullable=False),
        sa.Column("customer_session_days", sa.Integer(), nullable=False),
        sa.Column("decline_instructions", columns.Json, nullable=False),
        sa.Column("labels", columns.Json, nullable=False),
        sa.Column("reasons", columns.Json, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.CheckConstraint(
            "brand IS NULL OR length(brand) = 7", name=op.f("ck_company_brand_is_hex")
        ),
        sa.CheckConstraint("slug = lower(slug)", name=op.f("ck_company_slug_is_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("slug", name=op.f("uq_company_slug")),
    )
    op.create_table(
        "slot",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", columns.UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_slot")),
    )
    op.create_table(
        "customer",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("sla_hours", sa.Integer(), nullable=True),
        sa.Column("access", sa.String(length=64), nullable=False),
        sa.Column("requests", sa.String(length=64), nullable=False),
        sa.Column("portal_since", columns.UtcDateTime(), nullable=True),
        sa.Column("onboarded_at", columns.UtcDateTime(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("archived_at", columns.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "access IN ('none', 'read_only', 'full')", name=op.f("ck_customer_access_is_known")
        ),
        sa.CheckConstraint(
            "requests IN ('inherit', 'on', 'off')", name=op.f("ck_customer_requests_is_known")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_customer_email_is_lower")),
        sa.CheckConstraint("sla_hours > 0", name=op.f("ck_customer_sla_hours_positive")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_customer_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_customer_company_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_customer_ref")),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_customer_company_id_email"), ["company_id", "email"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_customer_company_id_name"), ["company_id", "name"], unique=False
        )

    op.create_table(
        "holiday",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_holiday_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_holiday_company_id_id")),
    )
    with op.batch_alter_table("holiday", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_holiday_company_id_day"), ["company_id", "day"], unique=True
        )

    op.create_table(
        "kept_mail",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("to", sa.String(length=200), nullable=False),
        sa.Column("reply_to", sa.String(length=200), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_kept_mail_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_mail")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_kept_mail_company_id_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_kept_mail_message_id")),
    )
    with op.batch_alter_table("kept_mail", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kept_mail_company_id_at"), ["company_id", "at"], unique=False
        )

    op.create_table(
        "opening_hours",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_opening_hours_opens_before_it_closes")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_hours_weekday_is_iso")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_opening_hours_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_opening_hours_company_id_id")),
    )
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_opening_hours_company_id_weekday"),
            ["company_id", "weekday"],
            unique=False,
        )

    op.create_table(
        "outbox_message",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("payload", columns.Json, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("subject_id", columns.BigInt, nullable=True),
        sa.Column("recipient", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("due_at", columns.UtcDateTime(), nullable=False),
        sa.Column("claimed_until", columns.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", columns.UtcDateTime(), nullable=True),
        sa.Column("gave_up_at", columns.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sent_to", sa.String(length=200), nullable=True),
        sa.Column("sent_language", sa.String(length=64), nullable=True),
        sa.Column("sent_subject", sa.String(length=200), nullable=True),
        sa.Column("sent_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_outbox_message_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_outbox_message_company_id_id")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbox_message_company_id_gave_up_at"),
            ["company_id", "gave_up_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_outbox_message_company_id_key"), ["company_id", "key"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_outbox_message_company_id_subject_subject_id"),
            ["company_id", "subject", "subject_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_outbox_message_due",
            ["due_at"],
            unique=False,
            postgresql_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
            sqlite_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
        )

    op.create_table(
        "part",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("price_cents", columns.BigInt, nullable=True),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_part_price")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_part_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_part_company_id_id")),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_part_company_id_name"), ["company_id", "name"], unique=False
        )

    op.create_table(
        "service_category",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("label", columns.Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_service_category_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_category")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_service_category_company_id_id")),
    )
    with op.batch_alter_table("service_category", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_category_company_id_key"), ["company_id", "key"], unique=True
        )

    op.create_table(
        "skill",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_skill_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_skill_company_id_id")),
    )
    with op.batch_alter_table("skill", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_skill_company_id_name"), ["company_id", "name"], unique=True
        )

    op.create_table(
        "staff",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("keys_enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("disabled_at", columns.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "role IN ('owner', 'dispatcher', 'technician', 'office')",
            name=op.f("ck_staff_role_is_known"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_staff_email_is_lower")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_staff_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_staff_company_id_id")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_staff_company_id_email"), ["company_id", "email"], unique=True
        )
        batch_op.create_index(batch_op.f("ix_staff_email"), ["email"], unique=False)

    op.create_table(
        "workflow_draft",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("updated_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_workflow_draft_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_draft")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_workflow_draft_company_id_id")),
    )
    with op.batch_alter_table("workflow_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workflow_draft_company_id_key"), ["company_id", "key"], unique=True
        )

    op.create_table(
        "workflow_version",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("document", columns.Json, nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("published_at", columns.UtcDateTime(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_workflow_version_number_from_one")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_workflow_version_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_version")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_workflow_version_company_id_id")),
    )
    with op.batch_alter_table("workflow_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workflow_version_company_id_key_number"),
            ["company_id", "key", "number"],
            unique=True,
        )

    op.create_table(
        "contact",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("customer_id", columns.BigInt, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=200), nullable=True),
        sa.Column("archived_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"],
            ["customer.company_id", "customer.id"],
            name=op.f("fk_contact_company_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_contact_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_contact_company_id_id")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_company_id_customer_id"),
            ["company_id", "customer_id"],
            unique=False,
        )

    op.create_table(
        "event",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("subject_id", columns.BigInt, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("workflow_version_id", columns.BigInt, nullable=False),
        sa.Column("trigger", sa.String(length=64), nullable=False),
        sa.Column("from_state", sa.String(length=64), nullable=True),
        sa.Column("to_state", sa.String(length=64), nullable=False),
        sa.Column("actor_ref", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("actor_role", sa.String(length=64), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("input", columns.Json, nullable=False),
        sa.Column("effects", columns.Json, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "workflow_version_id"],
            ["workflow_version.company_id", "workflow_version.id"],
            name=op.f("fk_event_company_id_workflow_version_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_event_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_event_company_id_id")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_company_id_key"), ["company_id", "key"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_event_company_id_subject_subject_id_seq"),
            ["company_id", "subject", "subject_id", "seq"],
            unique=True,
        )

    op.create_table(
        "location",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("customer_id", columns.BigInt, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=64), nullable=True),
        sa.Column("city", sa.String(length=200), nullable=True),
        sa.Column("country", sa.String(length=64), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("archived_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"],
            ["customer.company_id", "customer.id"],
            name=op.f("fk_location_company_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_location_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_location_company_id_id")),
    )
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_location_company_id_customer_id"),
            ["company_id", "customer_id"],
            unique=False,
        )

    op.create_table(
        "publication",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("workflow_version_id", columns.BigInt, nullable=False),
        sa.Column("plan", columns.Json, nullable=False),
        sa.Column("actor_ref", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("last_id", columns.BigInt, nullable=False),
        sa.Column("done_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "workflow_version_id"],
            ["workflow_version.company_id", "workflow_version.id"],
            name=op.f("fk_publication_company_id_workflow_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_publication_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_publication_company_id_id")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_publication_company_id_key_id"),
            ["company_id", "key", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_publication_unfinished",
            ["id"],
            unique=False,
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "service",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("category_id", columns.BigInt, nullable=True),
        sa.Column("name", columns.Json, nullable=False),
        sa.Column("description", columns.Json, nullable=False),
        sa.Column("price_cents", columns.BigInt, nullable=True),
        sa.Column("duration_min", sa.Integer(), nullable=True),
        sa.Column("bookable", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", columns.UtcDateTime(), nullable=True),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_service_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["company_id", "category_id"],
            ["service_category.company_id", "service_category.id"],
            name=op.f("fk_service_company_id_category_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_service_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_service_company_id_id")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_company_id_position"), ["company_id", "position"], unique=False
        )

    op.create_table(
        "sign_in_link",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("staff_id", columns.BigInt, nullable=True),
        sa.Column("customer_id", columns.BigInt, nullable=True),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("browser_digest", sa.String(length=64), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("sent_to", sa.String(length=200), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=False),
        sa.Column("used_at", columns.UtcDateTime(), nullable=True),
        sa.Column("replaced_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"],
            ["customer.company_id", "customer.id"],
            name=op.f("fk_sign_in_link_company_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "staff_id"],
            ["staff.company_id", "staff.id"],
            name=op.f("fk_sign_in_link_company_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_sign_in_link_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_sign_in_link_company_id_id")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_link_company_id_customer_id_purpose"),
            ["company_id", "customer_id", "purpose"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sign_in_link_company_id_staff_id_purpose"),
            ["company_id", "staff_id", "purpose"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sign_in_link_token_digest"), ["token_digest"], unique=True
        )

    op.create_table(
        "timer",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("subject_id", columns.BigInt, nullable=False),
        sa.Column("workflow_version_id", columns.BigInt, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("in_state", sa.String(length=64), nullable=True),
        sa.Column("entry_seq", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("due_at", columns.UtcDateTime(), nullable=False),
        sa.Column("done_at", columns.UtcDateTime(), nullable=True),
        sa.Column("fired_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "workflow_version_id"],
            ["workflow_version.company_id", "workflow_version.id"],
            name=op.f("fk_timer_company_id_workflow_version_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_timer_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_timer_company_id_id")),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_timer_company_id_subject_subject_id_name_entry_seq_round"),
            ["company_id", "subject", "subject_id", "name", "entry_seq", "round"],
            unique=True,
        )
        batch_op.create_index(
            "ix_timer_due", ["due_at"], unique=False, postgresql_where=sa.text("done_at IS NULL")
        )

    op.create_table(
        "web_session",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("staff_id", columns.BigInt, nullable=True),
        sa.Column("customer_id", columns.BigInt, nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("seen_at", columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"],
            ["customer.company_id", "customer.id"],
            name=op.f("fk_web_session_company_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "staff_id"],
            ["staff.company_id", "staff.id"],
            name=op.f("fk_web_session_company_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_web_session_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_web_session_company_id_id")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_web_session_company_id_customer_id"),
            ["company_id", "customer_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_web_session_company_id_staff_id"),
            ["company_id", "staff_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_web_session_token_digest"), ["token_digest"], unique=True
        )

    op.create_table(
        "asset",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("location_id", columns.BigInt, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("fk_asset_company_id_location_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_asset_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_asset_company_id_id")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_asset_company_id_location_id"),
            ["company_id", "location_id"],
            unique=False,
        )

    op.create_table(
        "client_service",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("customer_id", columns.BigInt, nullable=False),
        sa.Column("location_id", columns.BigInt, nullable=True),
        sa.Column("service_id", columns.BigInt, nullable=False),
        sa.Column("price_cents", columns.BigInt, nullable=True),
        sa.Column("every_months", sa.Integer(), nullable=True),
        sa.Column("is_proposal", sa.Boolean(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"],
            ["customer.company_id", "customer.id"],
            name=op.f("fk_client_service_company_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("fk_client_service_company_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "service_id"],
            ["service.company_id", "service.id"],
            name=op.f("fk_client_service_company_id_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_client_service_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_service")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_client_service_company_id_id")),
    )
    with op.batch_alter_table("client_service", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_client_service_company_id_customer_id_service_id"),
            ["company_id", "customer_id", "service_id"],
            unique=False,
        )

    op.create_table(
        "request",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("customer_id", columns.BigInt, nullable=False),
        sa.Column("contact_id", columns.BigInt, nullable=True),
        sa.Column("location_id", columns.BigInt, nullable=True),
        sa.Column("category_id", columns.BigInt, nullable=True),
        sa.Column("service_id", columns.BigInt, nullable=True),
        sa.Column("service_text", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("urgency", sa.String(length=64), nullable=False),
        sa.Column("address_once", columns.Json, nullable=True),
        sa.Column("contact_once", columns.Json, nullable=True),
        sa.Column("extra", columns.Json, nullable=False),
        sa.Column("proposed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("proposal_rounds", sa.Integer(), nullable=False),
        sa.Column("lead_source", sa.String(length=64), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("form_digest", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", columns.UtcDateTime(), nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("workflow_version_id", columns.BigInt, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("state_since", columns.UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("waiting_on", sa.String(length=64), nullable=True),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("event_digest", sa.String(length=64), nullable=False),
        sa.Column("said", columns.Json, nullable=False),
        sa.CheckConstraint(
            "urgency IN ('normal', 'urgent')", name=op.f("ck_request_urgency_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "category_id"],
            ["service_category.company_id", "service_category.id"],
            name=op.f("fk_request_company_id_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "contact_id"],
            ["contact.company_id", "contact.id"],
            name=op.f("fk_request_company_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"],
            ["customer.company_id", "customer.id"],
            name=op.f("fk_request_company_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("fk_request_company_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "service_id"],
            ["service.company_id", "service.id"],
            name=op.f("fk_request_company_id_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "workflow_version_id"],
            ["workflow_version.company_id", "workflow_version.id"],
            name=op.f("fk_request_company_id_workflow_version_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_request_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_request_company_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_request_ref")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_request_company_id_customer_id_submitted_at"),
            ["company_id", "customer_id", "submitted_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_request_company_id_form_key"), ["company_id", "form_key"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_request_company_id_state_submitted_at_id"),
            ["company_id", "state", "submitted_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_request_company_id_submitted_at_id"),
            ["company_id", "submitted_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_request_company_id_waiting_on_submitted_at"),
            ["company_id", "waiting_on", "submitted_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_request_waiting_for_us",
            ["company_id", "submitted_at", "id"],
            unique=False,
            postgresql_where=sa.text(
                "waiting_on IN ('owner', 'dispatcher', 'technician', 'office')"
            ),
            sqlite_where=sa.text("waiting_on IN ('owner', 'dispatcher', 'technician', 'office')"),
        )

    op.create_table(
        "job",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("customer_id", columns.BigInt, nullable=False),
        sa.Column("contact_id", columns.BigInt, nullable=True),
        sa.Column("location_id", columns.BigInt, nullable=True),
        sa.Column("category_id", columns.BigInt, nullable=True),
        sa.Column("service_id", columns.BigInt, nullable=True),
        sa.Column("client_service_id", columns.BigInt, nullable=True),
        sa.Column("request_id", columns.BigInt, nullable=True),
        sa.Column("technician_id", columns.BigInt, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("priority", sa.String(length=64), nullable=False),
        sa.Column("starts_at", columns.UtcDateTime(), nullable=True),
        sa.Column("ends_at", columns.UtcDateTime(), nullable=True),
        sa.Column("sla_due_at", columns.UtcDateTime(), nullable=True),
        sa.Column("completed_at", columns.UtcDateTime(), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("workflow_version_id", columns.BigInt, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("state_since", columns.UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("waiting_on", sa.String(length=64), nullable=True),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("event_digest", sa.String(length=64), nullable=False),
        sa.Column("said", columns.Json, nullable=False),
        sa.CheckConstraint(
            "priority IN ('low', 'normal', 'high', 'urgent')", name=op.f("ck_job_priority_is_known")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_job_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["company_id", "category_id"],
            ["service_category.company_id", "service_category.id"],
            name=op.f("fk_job_company_id_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "client_service_id"],
            ["client_service.company_id", "client_service.id"],
            name=op.f("fk_job_company_id_client_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "contact_id"],
            ["contact.company_id", "contact.id"],
            name=op.f("fk_job_company_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"],
            ["customer.company_id", "customer.id"],
            name=op.f("fk_job_company_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("fk_job_company_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "request_id"],
            ["request.company_id", "request.id"],
            name=op.f("fk_job_company_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "service_id"],
            ["service.company_id", "service.id"],
            name=op.f("fk_job_company_id_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "technician_id"],
            ["staff.company_id", "staff.id"],
            name=op.f("fk_job_company_id_technician_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "workflow_version_id"],
            ["workflow_version.company_id", "workflow_version.id"],
            name=op.f("fk_job_company_id_workflow_version_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_job_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_job_company_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_job_ref")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_job_company_id_customer_id_state_since"),
            ["company_id", "customer_id", "state_since"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_job_company_id_request_id"), ["company_id", "request_id"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_job_company_id_state_starts_at"),
            ["company_id", "state", "starts_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_job_company_id_technician_id_starts_at"),
            ["company_id", "technician_id", "starts_at"],
            unique=False,
        )

    op.create_table(
        "preferred_date",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("request_id", columns.BigInt, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("day_part", sa.String(length=64), nullable=True),
        sa.Column("at_time", sa.Time(), nullable=True),
        sa.CheckConstraint("rank BETWEEN 1 AND 3", name=op.f("ck_preferred_date_at_most_three")),
        sa.ForeignKeyConstraint(
            ["company_id", "request_id"],
            ["request.company_id", "request.id"],
            name=op.f("fk_preferred_date_company_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_preferred_date_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferred_date")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_preferred_date_company_id_id")),
    )
    with op.batch_alter_table("preferred_date", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_preferred_date_company_id_request_id_rank"),
            ["company_id", "request_id", "rank"],
            unique=True,
        )

    op.create_table(
        "job_need",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("job_id", columns.BigInt, nullable=False),
        sa.Column("skill_id", columns.BigInt, nullable=True),
        sa.Column("part_id", columns.BigInt, nullable=True),
        sa.Column("asset_id", columns.BigInt, nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN skill_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN part_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN asset_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_job_need_exactly_one"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_job_need_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["company_id", "asset_id"],
            ["asset.company_id", "asset.id"],
            name=op.f("fk_job_need_company_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "job_id"],
            ["job.company_id", "job.id"],
            name=op.f("fk_job_need_company_id_job_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "part_id"],
            ["part.company_id", "part.id"],
            name=op.f("fk_job_need_company_id_part_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "skill_id"],
            ["skill.company_id", "skill.id"],
            name=op.f("fk_job_need_company_id_skill_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_job_need_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_need")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_job_need_company_id_id")),
    )
    with op.batch_alter_table("job_need", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_job_need_company_id_job_id"), ["company_id", "job_id"], unique=False
        )

    op.create_table(
        "media_file",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("request_id", columns.BigInt, nullable=True),
        sa.Column("job_id", columns.BigInt, nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("thumb_key", sa.String(length=200), nullable=True),
        sa.Column("content_type", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("original_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_media_file_not_empty")),
        sa.ForeignKeyConstraint(
            ["company_id", "job_id"],
            ["job.company_id", "job.id"],
            name=op.f("fk_media_file_company_id_job_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "request_id"],
            ["request.company_id", "request.id"],
            name=op.f("fk_media_file_company_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_media_file_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_file")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_media_file_company_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_media_file_ref")),
    )
    with op.batch_alter_table("media_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_media_file_company_id_job_id"), ["company_id", "job_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_media_file_company_id_request_id"),
            ["company_id", "request_id"],
            unique=False,
        )
    if op.get_bind().dialect.name == "postgresql":
        rls.protect(*OWNED)


def downgrade() -> None:
    """Go backwards."""
    if op.get_bind().dialect.name == "postgresql":
        rls.unprotect(*OWNED)
    with op.batch_alter_table("media_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_file_company_id_request_id"))
        batch_op.drop_index(batch_op.f("ix_media_file_company_id_job_id"))

    op.drop_table("media_file")
    with op.batch_alter_table("job_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_need_company_id_job_id"))

    op.drop_table("job_need")
    with op.batch_alter_table("preferred_date", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preferred_date_company_id_request_id_rank"))

    op.drop_table("preferred_date")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_company_id_technician_id_starts_at"))
        batch_op.drop_index(batch_op.f("ix_job_company_id_state_starts_at"))
        batch_op.drop_index(batch_op.f("ix_job_company_id_request_id"))
        batch_op.drop_index(batch_op.f("ix_job_company_id_customer_id_state_since"))

    op.drop_table("job")
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_request_waiting_for_us",
            postgresql_where=sa.text(
                "waiting_on IN ('owner', 'dispatcher', 'technician', 'office')"
            ),
            sqlite_where=sa.text("waiting_on IN ('owner', 'dispatcher', 'technician', 'office')"),
        )
        batch_op.drop_index(batch_op.f("ix_request_company_id_waiting_on_submitted_at"))
        batch_op.drop_index(batch_op.f("ix_request_company_id_submitted_at_id"))
        batch_op.drop_index(batch_op.f("ix_request_company_id_state_submitted_at_id"))
        batch_op.drop_index(batch_op.f("ix_request_company_id_form_key"))
        batch_op.drop_index(batch_op.f("ix_request_company_id_customer_id_submitted_at"))

    op.drop_table("request")
    with op.batch_alter_table("client_service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_service_company_id_customer_id_service_id"))

    op.drop_table("client_service")
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_company_id_location_id"))

    op.drop_table("asset")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_token_digest"))
        batch_op.drop_index(batch_op.f("ix_web_session_company_id_staff_id"))
        batch_op.drop_index(batch_op.f("ix_web_session_company_id_customer_id"))

    op.drop_table("web_session")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index("ix_timer_due", postgresql_where=sa.text("done_at IS NULL"))
        batch_op.drop_index(
            batch_op.f("ix_timer_company_id_subject_subject_id_name_entry_seq_round")
        )

    op.drop_table("timer")
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_token_digest"))
        batch_op.drop_index(batch_op.f("ix_sign_in_link_company_id_staff_id_purpose"))
        batch_op.drop_index(batch_op.f("ix_sign_in_link_company_id_customer_id_purpose"))

    op.drop_table("sign_in_link")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_company_id_position"))

    op.drop_table("service")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_publication_unfinished", postgresql_where=sa.text("done_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_publication_company_id_key_id"))

    op.drop_table("publication")
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_location_company_id_customer_id"))

    op.drop_table("location")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_company_id_subject_subject_id_seq"))
        batch_op.drop_index(batch_op.f("ix_event_company_id_key"))

    op.drop_table("event")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_company_id_customer_id"))

    op.drop_table("contact")
    with op.batch_alter_table("workflow_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workflow_version_company_id_key_number"))

    op.drop_table("workflow_version")
    with op.batch_alter_table("workflow_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workflow_draft_company_id_key"))

    op.drop_table("workflow_draft")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_email"))
        batch_op.drop_index(batch_op.f("ix_staff_company_id_email"))

    op.drop_table("staff")
    with op.batch_alter_table("skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skill_company_id_name"))

    op.drop_table("skill")
    with op.batch_alter_table("service_category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_category_company_id_key"))

    op.drop_table("service_category")
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_part_company_id_name"))

    op.drop_table("part")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_message_due",
            postgresql_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
            sqlite_where=sa.text("sent_at IS NULL AND gave_up_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_outbox_message_company_id_subject_subject_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_message_company_id_key"))
        batch_op.drop_index(batch_op.f("ix_outbox_message_company_id_gave_up_at"))

    op.drop_table("outbox_message")
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_hours_company_id_weekday"))

    op.drop_table("opening_hours")
    with op.batch_alter_table("kept_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_mail_company_id_at"))

    op.drop_table("kept_mail")
    with op.batch_alter_table("holiday", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holiday_company_id_day"))

    op.drop_table("holiday")
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_company_id_name"))
        batch_op.drop_index(batch_op.f("ix_customer_company_id_email"))

    op.drop_table("customer")
    op.drop_table("slot")
    op.drop_table("company")
