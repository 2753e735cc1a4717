"""Messages become outbox rows: where they go, in which words, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from coedu_bot.delivery import directs, polls
from coedu_bot.delivery.bundles import Bundles, may_bundle
from coedu_bot.delivery.cause import Cause
from coedu_bot.delivery.files import keep_attachment
from coedu_bot.delivery.readers import Readers
from coedu_bot.delivery.stopped import is_left_in_peace
from coedu_bot.delivery.voice import Voice
from coedu_bot.delivery.wire import reaction
from coedu_bot.effects import Post, Priority, new_ref
from coedu_bot.events import RoomId, UserId
from coedu_bot.message import Message, says, soon
from coedu_bot.rooms import Room
from coedu_bot.school.hours import Hours, hours_of
from coedu_bot.store import holding, outbox, rooms
from coedu_bot.store.database import Transaction
from coedu_bot.store.outbox import OutboxRow

SEND_NOW = "✅"


@dataclass(slots=True)
class Posting:
    """One batch of messages, and which of them wait for the end of quiet hours in rooms."""

    voice: Voice
    db: Transaction
    cause: Cause
    readers: Readers
    held: list[OutboxRow] = field(default_factory=list)
    _bundled: dict[str, str] = field(default_factory=dict)

    async def expect(self, posts: list[Post]) -> None:
        """Read in one query each what all these messages need to know."""
        await self.readers.meet(post.person for post in posts if post.person)
        answered = [post.answers_ref for post in posts if post.answers_ref]
        self._bundled.update(await holding.list_bundles(self.db, answered))

    async def post(self, post: Post) -> None:
        """Store one message with the reactions it offers."""
        room = await current_room(self.db, post.room) if post.room else None
        settings = await self.readers.settings_at(room, post.person)
        author = post.person if post.theirs else post.for_act_of or self.cause.author
        suspended = self.voice.school.suspended
        if is_left_in_peace(post.person, author, settings, suspended) or self._is_off(room):
            return
        hours = hours_of(self.voice.school, settings) if post.waits or post.bundles else None
        row = await self._row(post, room, hours, settings)
        if hours is not None and may_bundle(post, hours):
            await Bundles(self.voice, self.db, self.cause).add(row, post.offers, hours)
            return
        await outbox.add_row(self.db, row)
        for key in post.offers:
            await outbox.add_row(self.db, offer(row, key))
        if row.not_before_at and row.wished_at and row.recipient is None and not (room and room.direct):
            self.held.append(row)

    def _is_off(self, room: Room | None) -> bool:
        """Whether the room does without the feature that speaks: what was planned before is not said."""
        return room is not None and self.voice.school.does_without(self.cause.plugin, room)

    async def tell_when(self) -> None:
        """Whoever wrote to rooms whose quiet hours have begun hears when it goes, and can send it now."""
        if self.held and self.cause.room and self.cause.author:
            held, self.held = self.held[0], []
            cause = self.cause
            self.cause = replace(cause, plugin="core")
            await self.post(_when_it_goes(held, cause, self.voice.school.zone))
            self.cause = cause

    async def _row(
        self, post: Post, room: Room | None, hours: Hours | None, settings: Mapping[str, Any]
    ) -> OutboxRow:
        languages = await self.voice.languages(self.readers, post.message, room, post.person)
        content = self.voice.content(post, languages, item=post.item, zone=self.voice.zone_in(settings))
        _relate(content, post)
        answers = post.answers_ref
        not_before, wished_at = times(post.not_before, hours, self.cause.now)
        return OutboxRow(
            **await self._place(post, room),
            not_before_at=not_before,
            wished_at=wished_at,
            lapses_at=post.lapses_at,
            ref=post.ref,
            priority=post.priority,
            action="send",
            type="m.room.message" if post.poll is None else polls.START,
            content=content,
            target_ref=self._bundled.get(answers, answers) if answers else None,
            upload=await keep_attachment(self.db, post.attachment),
            plugin=self.cause.plugin,
            kind=post.message.kind,
            item=post.item,
            author=post.for_act_of or self.cause.author,
            created_at=self.cause.now,
        )

    async def _place(self, post: Post, room: Room | None) -> dict[str, Any]:
        if room is not None or post.person is None:
            return {"room_id": room.id if room else post.room, "recipient": None, "state": "queued"}
        open_room = await self._direct_of(post.person)
        return {"room_id": open_room, "recipient": post.person, "state": "queued" if open_room else "held"}

    async def _direct_of(self, person: UserId) -> RoomId | None:
        known = await self.readers.open_direct(person)
        return known or await directs.wanted(self.db, person, self.cause.now)


async def current_room(db: Transaction, room_id: RoomId) -> Room | None:
    """The room, or the one it was upgraded to."""
    room = await rooms.get_room(db, room_id)
    for _ in range(20):  # a chain of upgrades; bounded, because anybody can write a tombstone
        if room is None or room.moved_to is None:
            return room
        room = await rooms.get_room(db, room.moved_to) or room
    return room


def times(
    not_before: datetime | None, hours: Hours | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """From when on something may go; and, where quiet hours count, from when on it could without them."""
    if hours is None:
        return not_before, None
    wished_at = max(not_before or now, now)
    opens = hours.opens_at(wished_at)
    return (opens if opens > now else None), wished_at


def _relate(content: dict[str, Any], post: Post) -> None:
    if post.thread is not None:
        content["m.relates_to"] = {
            "rel_type": "m.thread",
            "event_id": post.thread,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": post.answers or post.thread},
        }
    elif post.answers is not None:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": post.answers}}


def offer(row: OutboxRow, key: str) -> OutboxRow:
    """It follows its message, whenever that goes: what many are to read comes before what they can tap."""
    return replace(
        row,
        ref=new_ref(),
        priority=Priority.LATER if row.priority == Priority.ROUTINE else row.priority,
        action="react",
        content=reaction(key, row.content),
        target_ref=row.ref,
        upload=None,
        kind="reaction",
        not_before_at=None,
        wished_at=None,
    )


def _when_it_goes(held: OutboxRow, cause: Cause, zone: str) -> Post:
    assert held.not_before_at is not None
    text = says("held", when=soon(held.not_before_at, cause.now, zone))
    more = (says("held-more", item=held.item, tap=SEND_NOW),) if held.item else ()
    return Post(
        room=cause.room,
        message=Message("reply", (text, *more)),
        item=held.item,
        answers=None if cause.thread else cause.answers,
        thread=cause.thread,
        offers=(SEND_NOW,) if held.item else (),
    )
