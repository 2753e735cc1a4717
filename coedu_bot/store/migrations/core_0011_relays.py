"""The relay: who wrote to whom through the bot, and which message carried it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0011"
down_revision = "core_0010"


def upgrade() -> None:
    op.create_table(
        "relay",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_relay_source", "relay", ["source"])
    op.create_index("ix_relay_sent_at", "relay", ["sent_at"])
    op.create_index("relay_by_recipient", "relay", ["recipient", "sent_at"])
    op.create_index("relay_by_sender", "relay", ["sender", "sent_at"])
