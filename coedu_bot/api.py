"""The door: everything a plugin may import from the platform."""

from coedu_bot.context import (
    Actor,
    Base,
    Context,
    GatherContext,
    MenuContext,
    TapContext,
    TimerContext,
    VoteContext,
)
from coedu_bot.dispatch.arguments import Deadline, ItemId
from coedu_bot.dispatch.choices import split_choices
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.dispatch.when import Schedule
from coedu_bot.effects import (
    Attachment,
    Choice,
    CloseMenus,
    Edit,
    Effect,
    Effects,
    EndPoll,
    GatherVotes,
    Menu,
    NativePoll,
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
from coedu_bot.events import EventId, MediaFile, PollAnswered, RoomId, UserId
from coedu_bot.language.dates import Days, Point, Range, Recurrence
from coedu_bot.language.facts import facts
from coedu_bot.language.words import fold
from coedu_bot.message import Block, Bullets, Code, Day, Hour, Message, Says, When, Written, says
from coedu_bot.plugin import NoSettings, Plugin
from coedu_bot.rooms import Member, Room
from coedu_bot.school.families import Guardian, Household
from coedu_bot.school.hours import hours_of
from coedu_bot.school.rights import Capability, Role
from coedu_bot.store.database import Conflict, Row, Transaction
from coedu_bot.store.types import Json, UtcTime, insert_or_ignore, upsert

__all__ = [
    "Actor",
    "Attachment",
    "Base",
    "Block",
    "Bullets",
    "Capability",
    "Choice",
    "CloseMenus",
    "Code",
    "Conflict",
    "Context",
    "Day",
    "Days",
    "Deadline",
    "Edit",
    "Effect",
    "Effects",
    "EndPoll",
    "EventId",
    "GatherContext",
    "GatherVotes",
    "Guardian",
    "Hour",
    "Household",
    "ItemId",
    "Json",
    "MediaFile",
    "Member",
    "Menu",
    "MenuContext",
    "Message",
    "NativePoll",
    "NoSettings",
    "Pin",
    "Plugin",
    "Point",
    "PollAnswered",
    "Post",
    "Priority",
    "Range",
    "React",
    "Recurrence",
    "Redact",
    "Ref",
    "Refusal",
    "Role",
    "Room",
    "RoomId",
    "Row",
    "Says",
    "Schedule",
    "TapContext",
    "TimerContext",
    "Transaction",
    "Unpin",
    "Unwake",
    "UserId",
    "UtcTime",
    "VoteContext",
    "Wake",
    "When",
    "Written",
    "facts",
    "fold",
    "hours_of",
    "insert_or_ignore",
    "new_ref",
    "says",
    "split_choices",
    "upsert",
]
