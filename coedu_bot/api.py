"""The door: everything a plugin may import from the platform."""

from coedu_bot.context import Actor, Base, Context, TapContext, TimerContext
from coedu_bot.dispatch.arguments import ItemId
from coedu_bot.dispatch.choices import split_choices
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.effects import (
    Attachment,
    Edit,
    Effect,
    Effects,
    Pin,
    Post,
    Priority,
    React,
    Redact,
    Ref,
    Unpin,
    Unwake,
    Wake,
    new_ref,
)
from coedu_bot.events import EventId, MediaFile, RoomId, UserId
from coedu_bot.language.words import fold
from coedu_bot.message import Block, Bullets, Code, Message, Says, Written, says
from coedu_bot.plugin import NoSettings, Plugin
from coedu_bot.rooms import Member, Room
from coedu_bot.school.rights import Capability
from coedu_bot.store.database import Conflict, Row, Transaction
from coedu_bot.store.types import Json, UtcTime, insert_or_ignore, upsert

__all__ = [
    "Actor",
    "Attachment",
    "Base",
    "Block",
    "Bullets",
    "Capability",
    "Code",
    "Conflict",
    "Context",
    "Edit",
    "Effect",
    "Effects",
    "EventId",
    "ItemId",
    "Json",
    "MediaFile",
    "Member",
    "Message",
    "NoSettings",
    "Pin",
    "Plugin",
    "Post",
    "Priority",
    "React",
    "Redact",
    "Ref",
    "Refusal",
    "Room",
    "RoomId",
    "Row",
    "Says",
    "TapContext",
    "TimerContext",
    "Transaction",
    "Unpin",
    "Unwake",
    "UserId",
    "UtcTime",
    "Wake",
    "Written",
    "fold",
    "insert_or_ignore",
    "new_ref",
    "says",
    "split_choices",
    "upsert",
]
