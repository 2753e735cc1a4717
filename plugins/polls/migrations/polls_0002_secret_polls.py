"""Ballots, votes that are secret until the end and nobody's after it, and how many there were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "polls_0002"
down_revision = "polls_0001"
branch_labels = None


def upgrade() -> None:
    op.create_table(
        "polls_ballot",
        sa.Column("poll", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("ref", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "polls_secret_vote",
        sa.Column("poll", sa.Text, primary_key=True),
        sa.Column("voice", sa.Text, primary_key=True),
        sa.Column("voter", sa.Text, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "polls_counted_ballot",
        sa.Column("poll", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("answers", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "polls_turnout",
        sa.Column("poll", sa.Text, primary_key=True),
        sa.Column("voted", sa.Integer, nullable=False),
        sa.Column("voices", sa.Integer, nullable=False),
    )
