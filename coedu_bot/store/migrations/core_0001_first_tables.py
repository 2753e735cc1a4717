"""The platform's first tables.

A revision is history: it says column types in SQLAlchemy's words, never in those of today's code.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0001"
down_revision = None
branch_labels = ("core",)


def upgrade() -> None:
    _sync_position()
    _handled_event()
    _parked_event()
    _undecrypted_event()
    _room()
    _room_member()
    _direct_room()
    _person_setting()
    _item_counter()
    _item()
    _command()
    _shared_file()
    _reaction()
    _outbox()
    _upload()
    _task()
    _timer()
    _fault()


def _sync_position() -> None:
    op.create_table(
        "sync_position",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("token", sa.Text, nullable=False),
    )


def _handled_event() -> None:
    op.create_table(
        "handled_event",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("handled_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_handled_event_handled_at", "handled_event", ["handled_at"])


def _parked_event() -> None:
    op.create_table(
        "parked_event",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("parked_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_parked_event_parked_at", "parked_event", ["parked_at"])
    op.create_index("ix_parked_event_target", "parked_event", ["target"])


def _undecrypted_event() -> None:
    op.create_table(
        "undecrypted_event",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("event_room_id", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_undecrypted_event_session_id", "undecrypted_event", ["session_id"])


def _room() -> None:
    op.create_table(
        "room",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("membership", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("alias", sa.Text, nullable=False),
        sa.Column("binding", sa.Text),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("creators", sa.Text, nullable=False),
        sa.Column("power_levels", sa.Text, nullable=False),
        sa.Column("encrypted", sa.Boolean, nullable=False),
        sa.Column("pinned", sa.Text, nullable=False),
        sa.Column("members_known", sa.Boolean, nullable=False),
        sa.Column("replaced_by", sa.Text),
        sa.Column("moved_to", sa.Text),
        sa.Column("moved_from", sa.Text),
        sa.Column("languages", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )


def _room_member() -> None:
    op.create_table(
        "room_member",
        sa.Column("in_room", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("membership", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
    )
    op.create_index("room_member_by_user", "room_member", ["user_id"])


def _direct_room() -> None:
    op.create_table(
        "direct_room",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_direct_room_room_id", "direct_room", ["room_id"])


def _person_setting() -> None:
    op.create_table(
        "person_setting",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _item_counter() -> None:
    op.create_table(
        "item_counter",
        sa.Column("letter", sa.Text, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )


def _item() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("plugin", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("command", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_item_command", "item", ["command"])


def _command() -> None:
    op.create_table(
        "command",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("in_room", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("question", sa.Text),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_command_question", "command", ["question"])
    op.create_index("ix_command_sent_at", "command", ["sent_at"])


def _shared_file() -> None:
    op.create_table(
        "shared_file",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("shared_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_shared_file_shared_at", "shared_file", ["shared_at"])


def _reaction() -> None:
    op.create_table(
        "reaction",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_reaction_sent_at", "reaction", ["sent_at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("ref", sa.Text, nullable=False, unique=True),
        sa.Column("room_id", sa.Text),
        sa.Column("recipient", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("target_ref", sa.Text),
        sa.Column("target", sa.Text),
        sa.Column("upload", sa.Text),
        sa.Column("event_id", sa.Text, unique=True),
        sa.Column("plugin", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("not_before_at", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("sending_at", sa.BigInteger),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("device_id", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_target_ref", "outbox", ["target_ref"])
    op.create_index("outbox_by_item", "outbox", ["item"])
    op.create_index("outbox_by_room", "outbox", ["room_id", "state"])
    op.create_index("outbox_by_state", "outbox", ["state"])


def _upload() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mime", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_task_next_at", "task", ["next_at"])


def _timer() -> None:
    op.create_table(
        "timer",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("plugin", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("payload", sa.Text),
        sa.Column("wall", sa.Text),
        sa.Column("zone", sa.Text),
        sa.Column("rrule", sa.Text),
        sa.Column("due_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_timer_due_at", "timer", ["due_at"])
    op.create_index("ix_timer_item", "timer", ["item"])


def _fault() -> None:
    op.create_table(
        "fault",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("happened_at", sa.BigInteger, nullable=False),
    )
