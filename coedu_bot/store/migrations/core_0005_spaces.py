"""Which rooms are spaces: nothing is ever said there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None


def upgrade() -> None:
    op.add_column("room", sa.Column("space", sa.Boolean))
