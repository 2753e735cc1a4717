"""From a homeserver's JSON to the types of `coedu_bot.events`; whatever a stranger sends, it never raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypedDict, TypeVar

from coedu_bot.events import (
    EventId,
    EventRedacted,
    Invitation,
    MessageEdited,
    MessageReceived,
    PollAnswered,
    PollEnded,
    ReactionReceived,
    RoomEvent,
    RoomId,
    StateChanged,
    StateEvent,
    Undecryptable,
    UserId,
    VerificationAsked,
)
from coedu_bot.matrix.exchange import REQUEST
from coedu_bot.matrix.json_values import (
    Malformed,
    Raw,
    cleaned,
    identifier,
    items,
    mapping,
    mapping_or_empty,
    text,
    text_or,
)
from coedu_bot.matrix.messages import relations, writing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNSTABLE = "org.matrix.msc3381.poll."
_MOST_ANSWERS = 100
T = TypeVar("T")
_DECORATION = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
"""Variation selectors and skin tones: the same tap, whichever the person's keyboard adds."""


class _Common(TypedDict):
    event_id: EventId
    room_id: RoomId
    sender: UserId
    sent_at: datetime


@dataclass(slots=True)
class Converter:
    """Converts raw events; `offset` is added to their times, `dropped` counts the malformed ones."""

    offset: timedelta = timedelta()
    dropped: int = field(default=0, init=False)

    def event(self, raw: object, room: RoomId) -> RoomEvent | None:
        """One event of a room's timeline; None for what is malformed, redacted or of no interest."""
        return self._guarded(lambda: self._event(mapping(raw), room))

    def state(self, raw: object) -> StateEvent | None:
        """One entry of a room's state."""
        return self._guarded(lambda: _state(mapping(raw)))

    def invitation(self, raw: object, room: RoomId, me: UserId) -> Invitation | None:
        """An invitation, from the room's stripped state."""
        return self._guarded(lambda: _invitation(mapping(raw), room, me))

    def _guarded(self, convert: Callable[[], T | None]) -> T | None:
        try:
            return convert()
        except (Malformed, RecursionError):
            self.dropped += 1
            return None

    def _event(self, raw: Raw, room: RoomId) -> RoomEvent | None:
        type_, content = text(raw.get("type")), mapping(raw.get("content"))
        common: _Common = {
            "event_id": identifier(raw.get("event_id"), "$"),
            "room_id": room,
            "sender": identifier(raw.get("sender"), "@"),
            "sent_at": self._time(raw.get("origin_server_ts")),
        }
        if "state_key" in raw:
            key, kept = text(raw["state_key"]), mapping(cleaned(content))
            before = mapping_or_empty(mapping_or_empty(raw.get("unsigned")).get("prev_content"))
            return StateChanged(
                **common, type=type_, state_key=key, content=kept, before=mapping(cleaned(before))
            )
        if "redacted_because" in mapping_or_empty(raw.get("unsigned")):
            return None
        if type_ == "m.room.redaction":
            return _redaction(common, raw, content)
        if type_ == "m.room.encrypted":
            return _undecryptable(common, raw, content)
        convert = _BY_TYPE.get(type_)
        return convert(common, content) if convert else None

    def _time(self, milliseconds: object) -> datetime:
        if not isinstance(milliseconds, int) or milliseconds < 0:
            raise Malformed("no time")
        try:
            return _EPOCH + timedelta(milliseconds=milliseconds) + self.offset
        except OverflowError as problem:
            raise Malformed("a time beyond the calendar") from problem


def _message(common: _Common, content: Raw) -> RoomEvent:
    if content.get("msgtype") == REQUEST:
        return VerificationAsked(**common, of=identifier(content.get("to"), "@"))
    related = relations(content)
    if related.replaces is not None:
        new = writing(mapping(content.get("m.new_content")), is_reply=False)
        return MessageEdited(
            **common,
            target=related.replaces,
            text=new.text,
            msgtype=new.msgtype,
            html=new.html,
            mentions=new.mentions,
            file=new.file,
        )
    written = writing(content, is_reply="m.in_reply_to" in mapping_or_empty(content.get("m.relates_to")))
    return MessageReceived(
        **common,
        text=written.text,
        msgtype=written.msgtype,
        html=written.html,
        mentions=written.mentions,
        reply_to=related.reply_to,
        thread=related.thread,
        file=written.file,
    )


def _reaction(common: _Common, content: Raw) -> RoomEvent:
    relates = mapping(content.get("m.relates_to"))
    if relates.get("rel_type") != "m.annotation":
        raise Malformed("a reaction to nothing")
    key = _DECORATION.sub("", text(relates.get("key")))
    if not key:
        raise Malformed("a reaction without a key")
    return ReactionReceived(**common, target=identifier(relates.get("event_id"), "$"), key=key)


def _redaction(common: _Common, raw: Raw, content: Raw) -> RoomEvent:
    """Room version 11 moved `redacts` into the content; servers show it in both places, or in one."""
    return EventRedacted(**common, target=identifier(content.get("redacts") or raw.get("redacts"), "$"))


def _poll_answer(common: _Common, content: Raw) -> RoomEvent:
    unstable = mapping_or_empty(content.get(f"{_UNSTABLE}response")).get("answers")
    stable = mapping_or_empty(content.get("m.poll.response")).get("answers")
    answers = next((one for one in (unstable, content.get("m.selections"), stable) if one is not None), None)
    target = _poll(content)
    if not isinstance(answers, list) or not all(isinstance(one, str) and text(one) == one for one in answers):
        return PollAnswered(**common, target=target, answers=(), spoiled=True)
    # of more than there can be, each once is enough: an unknown one among them spoils the vote
    kept = (*answers[:_MOST_ANSWERS], *dict.fromkeys(answers[_MOST_ANSWERS:]))
    return PollAnswered(**common, target=target, answers=kept[: 2 * _MOST_ANSWERS])


def _poll_end(common: _Common, content: Raw) -> RoomEvent:
    return PollEnded(**common, target=_poll(content))


def _poll(content: Raw) -> EventId:
    relates = mapping(content.get("m.relates_to"))
    if relates.get("rel_type") != "m.reference":
        raise Malformed("of no poll")
    return identifier(relates.get("event_id"), "$")


def _undecryptable(common: _Common, raw: Raw, content: Raw) -> RoomEvent:
    """What is still encrypted here has no key yet; its raw form is kept for the day the key comes."""
    session = text(content.get("session_id"))
    return Undecryptable(**common, session_id=session, source=mapping(cleaned(dict(raw))))


_BY_TYPE: Mapping[str, Callable[[_Common, Raw], RoomEvent]] = {
    "m.room.message": _message,
    "m.reaction": _reaction,
    f"{_UNSTABLE}response": _poll_answer,
    "m.poll.response": _poll_answer,
    f"{_UNSTABLE}end": _poll_end,
    "m.poll.end": _poll_end,
}


def _state(raw: Raw) -> StateEvent:
    return StateEvent(
        type=text(raw.get("type")),
        state_key=text(raw.get("state_key")),
        content=mapping(cleaned(raw.get("content"))),
        sender=text_or(raw.get("sender"), ""),
    )


def _invitation(raw: Raw, room: RoomId, me: UserId) -> Invitation:
    events = [
        mapping_or_empty(event) for event in items(mapping_or_empty(raw.get("invite_state")).get("events"))
    ]
    mine = next((e for e in events if e.get("type") == "m.room.member" and e.get("state_key") == me), {})
    create = next((event for event in events if event.get("type") == "m.room.create"), {})
    before = mapping_or_empty(mapping_or_empty(create.get("content")).get("predecessor")).get("room_id")
    return Invitation(
        room_id=room,
        sender=identifier(mine.get("sender"), "@"),
        direct=mapping_or_empty(mine.get("content")).get("is_direct") is True,
        upgraded_from=text(before) if isinstance(before, str) else None,
    )
