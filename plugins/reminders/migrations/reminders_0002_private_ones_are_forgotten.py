"""A private reminder is about its author, and goes with them; a room's stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "reminders_0002"
down_revision = "reminders_0001"
branch_labels = None


def upgrade() -> None:
    op.add_column("reminders_reminder", sa.Column("person", sa.Text))
    op.execute("UPDATE reminders_reminder SET person = author WHERE room_id IS NULL")
