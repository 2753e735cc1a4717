"""Timers that come again, follow the school's zone and skip its holidays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0004"
down_revision = "core_0003"


def upgrade() -> None:
    op.add_column("timer", sa.Column("first", sa.Text))
    for name in ("follows_school", "skips_holidays"):
        op.add_column("timer", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("timer", sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "timer_basis",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
