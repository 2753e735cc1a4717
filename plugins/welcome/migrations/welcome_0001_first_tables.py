"""Who has been greeted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "welcome_0001"
down_revision = None
branch_labels = ("welcome",)


def upgrade() -> None:
    op.create_table(
        "welcome_greeting",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("greeted_at", sa.BigInteger, nullable=False),
    )
