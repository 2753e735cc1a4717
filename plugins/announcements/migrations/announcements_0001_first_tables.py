"""Announcements, where they are shown, and who has read them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "announcements_0001"
down_revision = None
branch_labels = ("announcements",)


def upgrade() -> None:
    _announcement()
    _target()
    _copy()
    _reading()


def _announcement() -> None:
    op.create_table(
        "announcements_announcement",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("pending", sa.Text),
        sa.Column("preview", sa.Text),
        sa.Column("rereads", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("asked_version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("published_at", sa.BigInteger),
        sa.Column("nudged_at", sa.BigInteger),
    )
    op.create_index("ix_announcements_announcement_author", "announcements_announcement", ["author"])


def _target() -> None:
    op.create_table(
        "announcements_target",
        sa.Column("announcement", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("room_id", sa.Text, nullable=False),
    )
    op.create_index("ix_announcements_target_room_id", "announcements_target", ["room_id"])


def _copy() -> None:
    op.create_table(
        "announcements_copy",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("announcement", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("room_id", sa.Text),
        sa.Column("person", sa.Text),
    )
    op.create_index("ix_announcements_copy_announcement", "announcements_copy", ["announcement"])


def _reading() -> None:
    op.create_table(
        "announcements_reading",
        sa.Column("announcement", sa.Text, primary_key=True),
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("read_at", sa.BigInteger, nullable=False),
        sa.Column("noted_by", sa.Text),
    )
    op.create_index("announcements_reading_by_reader", "announcements_reading", ["reader"])
