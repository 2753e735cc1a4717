"""Requests to be forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0013"
down_revision = "core_0012"


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("answer_by_at", sa.BigInteger, nullable=False),
        sa.Column("reason_ref", sa.Text),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.BigInteger, index=True),
    )
