"""The platform's own tables: statements run without SQLAlchemy's defaults, so every value is given.

A column named `room_id` follows its room when the room is upgraded.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
)

from coedu_bot.store.types import Json, UtcTime

metadata = MetaData()

sync_position = Table(
    "sync_position",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("token", Text, nullable=False),
)

handled_event = Table(
    "handled_event",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("handled_at", UtcTime, nullable=False, index=True),
)

parked_event = Table(
    "parked_event",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("target", Text, nullable=False, index=True),
    Column("source", Json, nullable=False),
    Column("parked_at", UtcTime, nullable=False, index=True),
)

undecrypted_event = Table(
    "undecrypted_event",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("event_room_id", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("session_id", Text, nullable=False, index=True),
    Column("source", Json, nullable=False),
    Column("sent_at", UtcTime, nullable=False),
)

room = Table(
    "room",
    metadata,
    Column("id", Text, primary_key=True),
    Column("membership", Text, nullable=False),  # join, leave, ban
    Column("name", Text, nullable=False),
    Column("alias", Text, nullable=False),
    Column("binding", Text),  # which room of the YAML this is: "6B/class"
    Column("version", Text, nullable=False),
    Column("creators", Json, nullable=False),
    Column("power_levels", Json, nullable=False),
    Column("encrypted", Boolean, nullable=False),
    Column("pinned", Json, nullable=False),
    Column("members_known", Boolean, nullable=False),
    Column("replaced_by", Text),  # its tombstone names this room; moved_to once the bot is there
    Column("moved_to", Text),
    Column("moved_from", Text),
    Column("languages", Json, nullable=False),  # set by chat; empty: the YAML's
    Column("settings", Json),  # what else was set by chat
    Column("space", Boolean),
    Column("updated_at", UtcTime, nullable=False),
)

room_member = Table(
    "room_member",
    metadata,
    Column("in_room", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("membership", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Index("room_member_by_user", "user_id"),
)

direct_room = Table(
    "direct_room",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("room_id", Text, index=True),  # null while it is being created
    Column("state", Text, nullable=False),  # creating, invited, joined, left
    Column("updated_at", UtcTime, nullable=False),
)

person_setting = Table(
    "person_setting",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
)

suspension = Table(
    "suspension",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("suspended_by", Text, nullable=False),
    Column("suspended_at", UtcTime, nullable=False),
    Column("frozen", Boolean, nullable=False, server_default=false()),  # an account of staff, not a guardian
    Column("rooms", Json),  # which they were taken out of, to be asked back into
    Column("offer", Text),  # our message that offers to withdraw what a frozen account posted
)

item_counter = Table(
    "item_counter",
    metadata,
    Column("letter", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

item = Table(
    "item",
    metadata,
    Column("id", Text, primary_key=True),  # short id as people type it: A12
    Column("plugin", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("command", Text, index=True),  # event id of the message that is its handle
    Column("created_at", UtcTime, nullable=False),
)

command = Table(
    "command",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("in_room", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # done, refused, unknown, fault, stale, redacted
    Column("word", Text, nullable=False),
    Column("source", Json),  # the event, kept only while it waits to be confirmed
    Column("question", Text, index=True),  # our message that asks whether a stale command is still meant
    Column("sent_at", UtcTime, nullable=False, index=True),
)

shared_file = Table(
    "shared_file",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("sender", Text, nullable=False),
    Column("file", Json, nullable=False),
    Column("shared_at", UtcTime, nullable=False, index=True),
)

reaction = Table(
    "reaction",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("target", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("sent_at", UtcTime, nullable=False, index=True),
)

# who answered which native poll, so that the redaction of an answer is understood; never what was answered
poll_answer = Table(
    "poll_answer",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("target", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("sent_at", UtcTime, nullable=False, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("ref", Text, nullable=False, unique=True),  # transaction id: random, never used again
    Column("room_id", Text),  # null until the person's direct room is open
    Column("recipient", Text),  # the person, if it goes to a direct room
    Column("state", Text, nullable=False),  # queued, held, sending, sent, dropped, bundled
    Column("priority", Integer, nullable=False),
    Column("action", Text, nullable=False),  # send, edit, react, redact, pin, unpin
    Column("type", Text, nullable=False),
    Column("content", Json, nullable=False),
    Column("target_ref", Text, index=True),  # the row this one edits, reacts to, answers ...
    Column("target", Text),  # ... or the event, where it is not ours
    Column("upload", Text),  # id of bytes to upload first
    Column("event_id", Text, unique=True),
    Column("plugin", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("item", Text),
    Column("author", Text),  # whose act caused it, to be told if it cannot be sent
    Column("not_before_at", UtcTime),
    Column("wished_at", UtcTime),  # when it should go but for quiet hours; null: it waits for none
    Column("lapses_at", UtcTime),  # not worth sending after this, if the person has not come until then
    Column("bundle", Text, index=True),  # the digest whose part it is
    Column("created_at", UtcTime, nullable=False),
    Column("sending_at", UtcTime),  # first attempt
    Column("sent_at", UtcTime),
    Column("device_id", Text),  # transaction ids are remembered per device
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Index("outbox_by_room", "room_id", "state"),
    Index("outbox_by_state", "state"),
    Index("outbox_by_item", "item"),
    Index("outbox_by_recipient", "recipient", "state"),
    sqlite_autoincrement=True,
)

upload = Table(
    "upload",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

task = Table(
    "task",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("payload", Json, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcTime, nullable=False, index=True),
)

timer = Table(
    "timer",
    metadata,
    Column("id", Text, primary_key=True),
    Column("plugin", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("item", Text, index=True),
    Column("payload", Json),
    Column("wall", Text),  # naive local time it was asked for; null for a pure instant
    Column("zone", Text),
    Column("rrule", Text),  # RFC 5545; such a timer comes back until its rule ends
    Column("first", Text),  # naive local time its rule counts from
    Column("week", Text),  # A or B: the other weeks of the school are skipped
    Column("follows_school", Boolean, nullable=False, server_default=false()),  # its zone is the school's
    Column("skips_holidays", Boolean, nullable=False, server_default=false()),
    Column("attempts", Integer, nullable=False, server_default="0"),  # how often its handler failed
    Column("due_at", UtcTime, nullable=False, index=True),
)

# what of the school the timers were computed with: if it is another now, they are computed anew
timer_basis = Table(
    "timer_basis",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
)

fault = Table(
    "fault",
    metadata,
    Column("number", Text, primary_key=True),  # F-…, as the apology names it
    Column("event_id", Text, nullable=False),
    Column("happened_at", UtcTime, nullable=False),
)
