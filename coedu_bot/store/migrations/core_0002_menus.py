"""Menus: what is offered to whom, and what was chosen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0001"


def upgrade() -> None:
    op.create_table(
        "menu",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("plugin", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("payload", sa.Text),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("chosen", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_menu_created_at", "menu", ["created_at"])
    op.create_index("menu_by_person", "menu", ["person", "state"])
