"""A room as its people see it: what they send, what is shown to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from coedu_bot.events import (
    EventId,
    EventRedacted,
    MediaFile,
    MessageEdited,
    MessageReceived,
    PollAnswered,
    ReactionReceived,
    RoomEvent,
    RoomId,
    UserId,
)
from coedu_bot.testing.homeserver import POLL_RESPONSE, SentEvent

POLL_START = "org.matrix.msc3381.poll.start"

if TYPE_CHECKING:
    from coedu_bot.testing.bot import FakeBot


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a client shows it: edits applied, its reactions by key."""

    event_id: EventId
    sender: UserId
    content: dict[str, Any]
    reactions: dict[str, list[UserId]] = field(default_factory=dict)

    @property
    def body(self) -> str:
        return str(self.content.get("body", ""))

    @property
    def html(self) -> str:
        return str(self.content.get("formatted_body", ""))

    @property
    def coedu(self) -> dict[str, Any]:
        """The content key `org.coedu`."""
        return dict(self.content.get("org.coedu", {}))

    @property
    def kind(self) -> str:
        return str(self.coedu.get("kind", ""))

    @property
    def rings(self) -> bool:
        return self.content.get("msgtype") != "m.notice"

    @property
    def choices(self) -> dict[str, str]:
        """The answers of a native poll, label -> id."""
        text = "org.matrix.msc1767.text"
        return {one[text]: one["id"] for one in self.content.get(POLL_START, {}).get("answers", ())}

    @property
    def answers(self) -> EventId | None:
        """The event this is a reply to."""
        relates = self.content.get("m.relates_to", {})
        answered: EventId | None = relates.get("m.in_reply_to", {}).get("event_id")
        return answered


@dataclass(frozen=True, slots=True)
class FakeRoom:
    """One room of a FakeBot; every act of a person waits until the bot has done all it will."""

    bot: FakeBot
    id: RoomId

    async def say(self, who: UserId, text: str, **more: Any) -> EventId:
        """Somebody writes; `reply_to`, `thread`, `file`, `mentions`, `msgtype` as in MessageReceived."""
        content = {"msgtype": more.get("msgtype", "m.text"), "body": text}
        sent = self._sent(who, "m.room.message", content)
        await self._arrive(MessageReceived(**_common(self.id, sent), text=text, **more))
        return sent.event_id

    async def share(self, who: UserId, file: MediaFile, caption: str = "") -> EventId:
        """Somebody posts a file, with or without a caption."""
        return await self.say(who, caption, file=file, msgtype=file.msgtype)

    async def edit(self, who: UserId, target: EventId, text: str, **more: Any) -> EventId:
        sent = self._sent(who, "m.room.message", {"m.relates_to": {"rel_type": "m.replace"}})
        await self._arrive(MessageEdited(**_common(self.id, sent), target=target, text=text, **more))
        return sent.event_id

    async def tap(
        self, who: UserId, message: Shown | EventId, key: str = "✅", *, at: datetime | None = None
    ) -> EventId:
        """Somebody taps a reaction, now or (found only now) `at` an earlier moment."""
        target = message.event_id if isinstance(message, Shown) else message
        relates = {"rel_type": "m.annotation", "event_id": target, "key": key}
        sent = self._sent(who, "m.reaction", {"m.relates_to": relates})
        common = _common(self.id, sent) | ({"sent_at": at} if at else {})
        await self._arrive(ReactionReceived(**common, target=target, key=key))
        return sent.event_id

    async def vote(self, who: UserId, choice: str | int, poll: Shown | None = None) -> EventId:
        """Somebody votes on a native poll, the newest if none is given, by label or by its place from 1."""
        asked = poll or self.menu
        ids = list(asked.choices.values())
        answer = ids[choice - 1] if isinstance(choice, int) else asked.choices[choice]
        return await self.answer(who, answer, on=asked.event_id)

    async def answer(
        self, who: UserId, *answers: str, on: EventId | None = None, at: datetime | None = None
    ) -> EventId:
        """As `vote`, with answer ids as a client may send them: several, unknown ones, none."""
        target = on or self.polls[-1].event_id
        relates = {"rel_type": "m.reference", "event_id": target}
        content = {"m.relates_to": relates, POLL_RESPONSE: {"answers": list(answers)}}
        sent = self.bot.homeserver.add_event(self.id, who, POLL_RESPONSE, content, at)
        await self._arrive(PollAnswered(**_common(self.id, sent), target=target, answers=answers))
        return sent.event_id

    async def redact(self, who: UserId, target: EventId) -> None:
        """Somebody takes an event away, a tap included."""
        event = self.bot.homeserver.rooms[self.id].event(target)
        event.redacted, event.content = True, {}
        sent = self._sent(who, "m.room.redaction", {})
        await self._arrive(EventRedacted(**_common(self.id, sent), target=target))

    async def join(self, who: UserId, name: str = "") -> None:
        """Somebody comes in."""
        await self.bot.change_member(self.id, who, "join", name)

    async def leave(self, who: UserId) -> None:
        await self.bot.change_member(self.id, who, "leave")

    @property
    def shown(self) -> list[Shown]:
        """All that the room shows of the bot, oldest first."""
        return self._of_type("m.room.message")

    @property
    def polls(self) -> list[Shown]:
        """The native polls that the room shows, oldest first."""
        return self._of_type(POLL_START)

    @property
    def menu(self) -> Shown:
        """The newest native poll."""
        polls = self.polls
        assert polls, "nothing is offered here"
        return polls[-1]

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        shown = self.shown
        assert shown, "the bot has said nothing here"
        return shown[-1]

    def of_kind(self, kind: str) -> list[Shown]:
        return [message for message in self.shown if message.kind == kind]

    @property
    def pinned(self) -> list[EventId]:
        state = self.bot.homeserver.rooms[self.id].state.get(("m.room.pinned_events", ""))
        return list(state.content["pinned"]) if state else []

    def _of_type(self, type_: str) -> list[Shown]:
        timeline = [event for event in self.bot.homeserver.rooms[self.id].timeline if not event.redacted]
        return [
            _shown(event, timeline)
            for event in timeline
            if event.sender == self.bot.homeserver.user_id
            and event.type == type_
            and _relation(event).get("rel_type") != "m.replace"
        ]

    def _sent(self, who: UserId, type_: str, content: dict[str, Any]) -> SentEvent:
        return self.bot.homeserver.add_event(self.id, who, type_, content)

    async def _arrive(self, event: RoomEvent) -> None:
        await self.bot.arrive(event)


def _common(room: RoomId, sent: SentEvent) -> dict[str, Any]:
    return {"event_id": sent.event_id, "room_id": room, "sender": sent.sender, "sent_at": sent.sent_at}


def _relation(event: SentEvent) -> dict[str, Any]:
    relation = event.content.get("m.relates_to")
    return dict(relation) if isinstance(relation, dict) else {}


def _shown(event: SentEvent, timeline: list[SentEvent]) -> Shown:
    content: dict[str, Any] = dict(event.content)
    reactions: dict[str, list[UserId]] = {}
    for other in timeline:
        relation = _relation(other)
        if relation.get("event_id") != event.event_id:
            continue
        if relation.get("rel_type") == "m.replace" and other.sender == event.sender:
            content = {**other.content["m.new_content"], "org.coedu": other.content.get("org.coedu", {})}
        elif relation.get("rel_type") == "m.annotation":
            reactions.setdefault(relation["key"], []).append(other.sender)
    return Shown(event.event_id, event.sender, content, reactions)
