"""Reminders, where they are shown, and who hears them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "reminders_0001"
down_revision = None
branch_labels = ("reminders",)


def upgrade() -> None:
    _reminder()
    _copy()
    op.create_table(
        "reminders_listener",
        sa.Column("reminder", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
    )
    op.create_table(
        "reminders_again",
        sa.Column("reminder", sa.Text, primary_key=True),
        sa.Column("occurrence_at", sa.BigInteger, primary_key=True),
        sa.Column("who", sa.Text, primary_key=True),
        sa.Column("until_at", sa.BigInteger, nullable=False),
    )


def _reminder() -> None:
    op.create_table(
        "reminders_reminder",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("room_id", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("typed", sa.Text, nullable=False),
        sa.Column("wall", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("rule", sa.Text),
        sa.Column("week", sa.Text),
        sa.Column("own_zone", sa.Boolean, nullable=False),
        sa.Column("skip_holidays", sa.Boolean, nullable=False),
        sa.Column("waits", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("reminders_reminder_by_author", "reminders_reminder", ["author", "state"])
    op.create_index("reminders_reminder_by_room", "reminders_reminder", ["room_id", "state"])


def _copy() -> None:
    op.create_table(
        "reminders_copy",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("reminder", sa.Text, nullable=False),
        sa.Column("occurrence_at", sa.BigInteger),
        sa.Column("person", sa.Text),
    )
    op.create_index("ix_reminders_copy_reminder", "reminders_copy", ["reminder"])
