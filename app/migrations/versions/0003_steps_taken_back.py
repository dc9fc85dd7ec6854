"""Steps that can be taken back.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

from app import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forwards."""
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("restores", columns.Json, nullable=True))


def downgrade() -> None:
    """Go backwards."""
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("restores")
