"""What waits in quiet hours, what lapses, what is bundled into a digest; settings of rooms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("wished_at", sa.BigInteger))
    op.add_column("outbox", sa.Column("lapses_at", sa.BigInteger))
    op.add_column("outbox", sa.Column("bundle", sa.Text))
    op.create_index("ix_outbox_bundle", "outbox", ["bundle"])
    op.create_index("outbox_by_recipient", "outbox", ["recipient", "state"])
    op.add_column("room", sa.Column("settings", sa.Text))
