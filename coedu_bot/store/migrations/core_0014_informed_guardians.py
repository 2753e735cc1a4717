"""Guardians whom the plugins know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0014"
down_revision = "core_0013"


def upgrade() -> None:
    op.create_table(
        "informed_guardian",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("class_id", sa.Text, primary_key=True),
    )
