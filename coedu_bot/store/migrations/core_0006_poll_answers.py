"""Who answered which native poll, so that the redaction of an answer is understood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None


def upgrade() -> None:
    op.create_table(
        "poll_answer",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_poll_answer_sent_at", "poll_answer", ["sent_at"])
