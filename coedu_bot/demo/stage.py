"""What an act plays with: people who write, read and tap; every step waits for the other side's own sync."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from coedu_bot.clock import SystemClock
from coedu_bot.demo import school
from coedu_bot.demo.client import Event, Person, is_message
from coedu_bot.demo.process import BotProcess
from coedu_bot.demo.transcript import Transcript

PRIVATE = "private"
POLL_START = "org.matrix.msc3381.poll.start"
POLL_RESPONSE = "org.matrix.msc3381.poll.response"
_WITHIN = 60.0
"""Seconds until a step counts as not seen; a slow machine with a homeserver on it takes its time."""


@dataclass(slots=True)
class Player:
    """Somebody of the sample school, with a client of their own; `where` is a class or PRIVATE."""

    name: str
    client: Person
    stage: Stage
    _read: set[str] = field(default_factory=set)

    async def writes(self, where: str, text: str, *, reply_to: str | None = None) -> str:
        """Write something; in a class, waits until somebody else there has it. Returns the event id."""
        room = await self.stage.room_of(self, where)
        event = await self.client.say(room, text, reply_to=reply_to)
        note = await self.stage.seen_by_another(self, where, event)
        await self.stage.tell(self.name, where, text, note)
        return event

    async def edits(self, where: str, event: str, text: str) -> None:
        """Edit one's own message."""
        room = await self.stage.room_of(self, where)
        edit = await self.client.edit(room, event, text)
        note = await self.stage.seen_by_another(self, where, edit)
        await self.stage.tell(self.name, where, f"✏️ {text}", note)

    async def reads(self, where: str, text: str = "", *, within: float = _WITHIN, **values: str) -> Event:
        """The next message of the bot with this text that has not been read yet, once it is there."""
        event = await self.finds(where, text, within=within, **values)
        await self.stage.tell_bot(event, self.name if where == PRIVATE else where, "")
        return event

    async def finds(self, where: str, text: str = "", *, within: float = _WITHIN, **values: str) -> Event:
        """As `reads`, without a line in the transcript."""

        def there(event: Event) -> bool:
            new = event["event_id"] not in self._read and self.stage.is_at(event["room_id"], where)
            return new and is_message(event, text, **values)

        event = await self.client.sees(there, within=within)
        self._read.add(event["event_id"])
        return event

    async def settles(self) -> None:
        """Wait until the bot has handled all that anybody did before; a sync has its rooms in any order."""
        ping = await self.client.say(await self.stage.room_of(self, PRIVATE), "ping")

        def answered(event: Event) -> bool:
            relation = event["content"].get("m.relates_to", {})
            return bool(relation.get("m.in_reply_to", {}).get("event_id") == ping)

        self._read.add((await self.client.sees(answered, within=_WITHIN))["event_id"])

    async def taps(self, event: Event, key: str = "✅") -> None:
        """Tap a reaction under a message."""
        await self.quietly_taps(event, key)
        await self.stage.tell_taps([self.name], key)

    async def quietly_taps(self, event: Event, key: str = "✅") -> None:
        """As `taps`, without a line; in a class, waits until somebody else there has seen it."""
        tap = await self.client.tap(event["room_id"], event["event_id"], key)
        where = next((name for name, room in self.stage.rooms.items() if room == event["room_id"]), PRIVATE)
        await self.stage.seen_by_another(self, where, tap)

    async def finds_poll(self, where: str) -> Event:
        """The newest native poll of the bot there, once it is there."""
        room = await self.stage.room_of(self, where)
        return await self.client.sees(lambda one: one["type"] == POLL_START, room, within=_WITHIN)

    async def chooses(self, entry: str) -> None:
        """Choose an entry of the menu in one's direct room, once there is one that has it."""

        def offers(event: Event) -> bool:
            private = self.stage.is_at(event["room_id"], PRIVATE)
            return event["type"] == POLL_START and private and entry in _entries(event)

        menu = await self.client.sees(offers, within=_WITHIN)
        await self.stage.tell_bot(menu, self.name, "")
        await self.votes(menu, _entries(menu)[entry])

    async def votes(self, poll: Event, answer: str) -> None:
        """Choose an answer of a native poll; in a class, waits until somebody else there has the vote."""
        content = {
            "m.relates_to": {"rel_type": "m.reference", "event_id": poll["event_id"]},
            POLL_RESPONSE: {"answers": [answer]},
        }
        vote = await self.client.send(poll["room_id"], POLL_RESPONSE, content)
        where = next((name for name, room in self.stage.rooms.items() if room == poll["room_id"]), PRIVATE)
        await self.stage.seen_by_another(self, where, vote)
        [chosen] = [label for label, id_ in _entries(poll).items() if id_ == answer]
        await self.stage.tell_taps([self.name], f"🗳 {chosen}")


def _entries(poll: Event) -> dict[str, str]:
    """The labels of a native poll with the ids of its answers."""
    answers = poll["content"].get(POLL_START, {}).get("answers", ())
    return {one["org.matrix.msc1767.text"]: one["id"] for one in answers}


@dataclass(slots=True)
class Stage:
    """The whole school: its people, rooms and the bot; `props` is what acts leave for later ones."""

    bot: BotProcess
    bot_id: str
    clock: SystemClock
    transcript: Transcript
    pace: float = 0.0
    people: dict[str, Player] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    props: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, client: Person) -> Player:
        """Somebody comes in."""
        self.people[name] = Player(name, client, self)
        return self.people[name]

    def person(self, name: str) -> Player:
        return self.people[name]

    def members(self, where: str) -> list[Player]:
        """The people of a class's room."""
        return [self.people[name] for name in school.members(where)]

    async def all_read(self, where: str, text: str = "", **values: str) -> dict[str, Event]:
        """Everybody in a class reads this; one line, and each person's event by name."""
        people = self.members(where)
        events = await asyncio.gather(*(one.finds(where, text, within=_WITHIN, **values) for one in people))
        await self.tell_bot(events[0], where, f"👁 {len(people)}")
        return {one.name: event for one, event in zip(people, events, strict=True)}

    async def all_tap(self, events: dict[str, Event], key: str = "✅", *, but: Iterable[str] = ()) -> None:
        """Everybody who read taps, but these; one line."""
        tapping = [name for name in events if name not in set(but)]
        await asyncio.gather(*(self.people[name].quietly_taps(events[name], key) for name in tapping))
        await self.tell_taps(tapping, key)

    async def moves_to(self, moment: datetime) -> None:
        """Time passes: the bot is stopped and started again at a later hour."""
        await self.bot.end(signal.SIGTERM)
        self.clock.offset += moment - self.clock.now()
        self.bot.clock_offset = self.clock.offset.total_seconds()
        await self.bot.start()
        self.transcript.later(moment)

    async def room_of(self, player: Player, where: str) -> str:
        """A class's room, or the person's direct room, opened if there is none."""
        if where != PRIVATE:
            return self.rooms[where]
        direct = await self._direct_of(player)
        if direct is None:
            direct = await player.client.open_direct(self.bot_id)
            await player.client.sees(self._joining, direct)
        return direct

    def is_at(self, room: str, where: str) -> bool:
        """Whether a room is this place."""
        return room not in self.rooms.values() if where == PRIVATE else room == self.rooms[where]

    async def seen_by_another(self, player: Player, where: str, event: str) -> str:
        """In a class, wait for somebody else's sync; in private only the bot is there, and it answers."""
        if where == PRIVATE:
            return ""
        other = next(one for one in self.members(where) if one is not player)
        await other.client.sees(lambda seen: seen["event_id"] == event, self.rooms[where])
        return "👁"

    async def tell(self, who: str, where: str, text: str, note: str = "") -> None:
        """A line of the transcript."""
        place = school.classes().get(where, school.BOT_NAME if where == PRIVATE else where)
        self.transcript.said(self.clock.now(), who, place, text, note)
        await self.clock.sleep(self.pace)

    async def tell_bot(self, event: Event, where: str, note: str) -> None:
        """What the bot said."""
        await self.tell(school.BOT_NAME, where, str(event["content"]["body"]), note)

    async def tell_taps(self, names: Sequence[str], key: str) -> None:
        """Who tapped what."""
        self.transcript.tapped(self.clock.now(), names, key)
        await self.clock.sleep(self.pace / 2)

    async def _direct_of(self, player: Player) -> str | None:
        for room, events in player.client.events.items():
            if self.is_at(room, PRIVATE) and any(self._joining(event) for event in events):
                return room
        return None

    def _joining(self, event: Event) -> bool:
        mine = (event["type"], event.get("state_key")) == ("m.room.member", self.bot_id)
        return mine and event["content"].get("membership") == "join"
