"""Estimates, and messages in an owner's own words.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

from app import columns, rls

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OWNED = ("counter", "estimate", "estimate_line", "message_text")


def upgrade() -> None:
    """Go forwards."""
    op.create_table(
        "counter",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_counter_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_counter_company_id_id")),
    )
    with op.batch_alter_table("counter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_counter_company_id_name"), ["company_id", "name"], unique=True
        )

    op.create_table(
        "message_text",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_message_text_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_text")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_message_text_company_id_id")),
    )
    with op.batch_alter_table("message_text", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_text_company_id_key_channel_language_number"),
            ["company_id", "key", "channel", "language", "number"],
            unique=True,
        )

    op.create_table(
        "estimate",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("customer_id", columns.BigInt, nullable=False),
        sa.Column("contact_id", columns.BigInt, nullable=True),
        sa.Column("location_id", columns.BigInt, nullable=True),
        sa.Column("request_id", columns.BigInt, nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("subtotal_cents", columns.BigInt, nullable=False),
        sa.Column("tax_cents", columns.BigInt, nullable=False),
        sa.Column("total_cents", columns.BigInt, nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("sent_at", columns.UtcDateTime(), nullable=True),
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
        sa.CheckConstraint("total_cents >= 0", name=op.f("ck_estimate_total_not_negative")),
        sa.ForeignKeyConstraint(
            ["company_id", "contact_id"],
            ["contact.company_id", "contact.id"],
            name=op.f("fk_estimate_company_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"],
            ["customer.company_id", "customer.id"],
            name=op.f("fk_estimate_company_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "location_id"],
            ["location.company_id", "location.id"],
            name=op.f("fk_estimate_company_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "request_id"],
            ["request.company_id", "request.id"],
            name=op.f("fk_estimate_company_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "workflow_version_id"],
            ["workflow_version.company_id", "workflow_version.id"],
            name=op.f("fk_estimate_company_id_workflow_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_estimate_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_estimate_company_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_estimate_ref")),
    )
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_estimate_company_id_customer_id_state_since"),
            ["company_id", "customer_id", "state_since"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_estimate_company_id_request_id"),
            ["company_id", "request_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_estimate_company_id_serial"), ["company_id", "serial"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_estimate_company_id_state_state_since"),
            ["company_id", "state", "state_since"],
            unique=False,
        )

    op.create_table(
        "estimate_line",
        sa.Column("company_id", columns.BigInt, nullable=False),
        sa.Column("id", columns.BigInt, nullable=False),
        sa.Column("estimate_id", columns.BigInt, nullable=False),
        sa.Column("service_id", columns.BigInt, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("quantity_milli", sa.Integer(), nullable=False),
        sa.Column("unit_cents", columns.BigInt, nullable=False),
        sa.Column("tax_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_estimate_line_quantity_positive")),
        sa.CheckConstraint(
            "tax_bp BETWEEN 0 AND 10000", name=op.f("ck_estimate_line_tax_is_a_share")
        ),
        sa.CheckConstraint("unit_cents >= 0", name=op.f("ck_estimate_line_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["company_id", "estimate_id"],
            ["estimate.company_id", "estimate.id"],
            name=op.f("fk_estimate_line_company_id_estimate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "service_id"],
            ["service.company_id", "service.id"],
            name=op.f("fk_estimate_line_company_id_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_estimate_line_company_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_line")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_estimate_line_company_id_id")),
    )
    with op.batch_alter_table("estimate_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_estimate_line_company_id_estimate_id_position"),
            ["company_id", "estimate_id", "position"],
            unique=False,
        )

    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("signup", sa.String(length=64), nullable=False, server_default="off")
        )
        batch_op.add_column(
            sa.Column("passwords_allowed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column(
                "onboards_with_first_job", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
        batch_op.add_column(
            sa.Column(
                "jobs_default_view", sa.String(length=64), nullable=False, server_default="active"
            )
        )
        batch_op.add_column(sa.Column("shows", columns.Json, nullable=False, server_default="{}"))
        batch_op.add_column(
            sa.Column("channels", columns.Json, nullable=False, server_default="{}")
        )
        batch_op.add_column(sa.Column("tax_bp", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signed_up_at", columns.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("lead_outcome", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("password_hash", sa.Text(), nullable=True))

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("estimate_id", columns.BigInt, nullable=True))
        batch_op.create_index(
            batch_op.f("ix_job_company_id_estimate_id"), ["company_id", "estimate_id"], unique=True
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_job_company_id_estimate_id"),
            "estimate",
            ["company_id", "estimate_id"],
            ["company_id", "id"],
        )
    if op.get_bind().dialect.name == "postgresql":
        rls.protect(*OWNED)


def downgrade() -> None:
    """Go backwards."""
    if op.get_bind().dialect.name == "postgresql":
        rls.unprotect(*OWNED)
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_job_company_id_estimate_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_job_company_id_estimate_id"))
        batch_op.drop_column("estimate_id")

    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_column("password_hash")
        batch_op.drop_column("lead_outcome")
        batch_op.drop_column("signed_up_at")

    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.drop_column("tax_bp")
        batch_op.drop_column("channels")
        batch_op.drop_column("shows")
        batch_op.drop_column("jobs_default_view")
        batch_op.drop_column("onboards_with_first_job")
        batch_op.drop_column("passwords_allowed")
        batch_op.drop_column("signup")

    with op.batch_alter_table("estimate_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_estimate_line_company_id_estimate_id_position"))

    op.drop_table("estimate_line")
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_estimate_company_id_state_state_since"))
        batch_op.drop_index(batch_op.f("ix_estimate_company_id_serial"))
        batch_op.drop_index(batch_op.f("ix_estimate_company_id_request_id"))
        batch_op.drop_index(batch_op.f("ix_estimate_company_id_customer_id_state_since"))

    op.drop_table("estimate")
    with op.batch_alter_table("message_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_text_company_id_key_channel_language_number"))

    op.drop_table("message_text")
    with op.batch_alter_table("counter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_counter_company_id_name"))

    op.drop_table("counter")
