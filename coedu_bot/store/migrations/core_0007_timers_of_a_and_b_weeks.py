"""Timers of the school's A or B weeks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0007"
down_revision = "core_0006"


def upgrade() -> None:
    op.add_column("timer", sa.Column("week", sa.Text))
