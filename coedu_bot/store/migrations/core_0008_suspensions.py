"""Guardians whom a coordinator has suspended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0008"
down_revision = "core_0007"


def upgrade() -> None:
    op.create_table(
        "suspension",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("suspended_by", sa.Text, nullable=False),
        sa.Column("suspended_at", sa.BigInteger, nullable=False),
        sa.Column("offer", sa.Text),
    )
