"""Frozen accounts apart from suspended guardians, and the rooms that either was taken out of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0012"
down_revision = "core_0011"


def upgrade() -> None:
    op.add_column("suspension", sa.Column("frozen", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("suspension", sa.Column("rooms", sa.Text))
    op.execute("UPDATE suspension SET frozen = (offer IS NOT NULL)")
