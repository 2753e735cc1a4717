"""What was counted at the end of each poll."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "polls_0003"
down_revision = "polls_0002"
branch_labels = None


def upgrade() -> None:
    op.create_table(
        "polls_outcome",
        sa.Column("poll", sa.Text, primary_key=True),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("voted", sa.Integer, nullable=False),
        sa.Column("voices", sa.Integer, nullable=False),
    )
