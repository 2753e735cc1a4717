"""Polls, the answers to them, and who was told what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "polls_0001"
down_revision = None
branch_labels = ("polls",)


def upgrade() -> None:
    _poll()
    _vote()
    _told()


def _poll() -> None:
    op.create_table(
        "polls_poll",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("choices", sa.Integer, nullable=False),
        sa.Column("voice", sa.Text, nullable=False),
        sa.Column("showing", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.Column("quorum", sa.Integer, nullable=False),
        sa.Column("reminds", sa.Integer, nullable=False),
        sa.Column("reminded_at", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("companion", sa.Text, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("chosen", sa.Integer),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_polls_poll_author", "polls_poll", ["author"])
    op.create_index("ix_polls_poll_room_id", "polls_poll", ["room_id"])


def _vote() -> None:
    op.create_table(
        "polls_vote",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        sa.Column("poll", sa.Text, nullable=False),
        sa.Column("voter", sa.Text, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("spoiled", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
        sa.Column("native", sa.Integer, nullable=False),
        sa.Column("noted_by", sa.Text),
    )
    op.create_index("ix_polls_vote_poll", "polls_vote", ["poll"])


def _told() -> None:
    op.create_table(
        "polls_told",
        sa.Column("poll", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("what", sa.Text, primary_key=True),
    )
