"""Whatever happens: nobody reads from the bot what another household did, and all counts add up."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from hypothesis import given, settings
from hypothesis import strategies as st

from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.testing import FakeBot, FakeRoom, Shown
from coedu_bot.testing.bot import BOT
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import (
    DURAND,
    EVERYONE,
    FAMILIES,
    IN_6B,
    IN_6C,
    KOVALENKO,
    ROUX_EXCLUDED,
)

ROOMS = ("6B", "6C")
ASKING = ("foyer", "privé")
HOMES = {home.key: home for home in FAMILIES.households()}
HOME_OF = {one.id: home.key for home in HOMES.values() for one in home.guardians if one.id}

ACTS = st.one_of(
    st.tuples(st.just("tap"), st.sampled_from(EVERYONE), st.sampled_from((*ROOMS, "private"))),
    st.tuples(st.just("edit")),
    st.tuples(st.just("nudge")),
    st.tuples(st.just("note")),
    st.tuples(st.just("follow")),
    st.tuples(st.just("wait"), st.integers(1, 30)),
    st.tuples(st.just("withdraw")),
)


@dataclass(slots=True)
class Morning:
    """One announcement to both classes, what people do with it, and who should count as having read it."""

    bot: FakeBot
    rooms: Mapping[str, FakeRoom]
    private: FakeRoom
    asking: str
    command: str = ""
    hour: int = 8
    read: set[str] = field(default_factory=set)
    withdrawn: bool = False

    @property
    def text(self) -> str:
        return f"annonce Sortie\nDépart à {self.hour} h.\n\npour : 6B, 6C\naccusé : {self.asking}"

    async def begin(self) -> None:
        self.command = await self.private.say(DURAND, self.text)
        await self.private.tap(DURAND, self.private.last)

    async def do(self, act: tuple[object, ...]) -> None:
        if not self.withdrawn or act[0] in ("wait", "follow"):
            await getattr(self, str(act[0]))(*act[1:])

    async def tap(self, user: str, where: str) -> None:
        room = self.bot.direct_of(user) if where == "private" else self.rooms[where]
        offered = _newest_asking(room, self.asking, where) if room else None
        members = {"6B": IN_6B, "6C": IN_6C}.get(where, EVERYONE)
        if room is None or offered is None or user not in members:
            return
        await room.tap(user, offered)
        if user in HOME_OF:
            self.read.add(HOME_OF[user])

    async def edit(self) -> None:
        self.hour += 1
        await self.private.edit(DURAND, self.command, self.text)
        self.read.clear()  # an hour changed: everyone is asked again

    async def nudge(self) -> None:
        await self.private.say(DURAND, "relance A1")

    async def note(self) -> None:
        await self.private.say(DURAND, "suivi A1 lu Petit")
        self.read.add("Petit")

    async def follow(self) -> None:
        await self.private.say(DURAND, "suivi A1")

    async def wait(self, hours: int) -> None:
        await self.bot.later(hours=hours)

    async def withdraw(self) -> None:
        await self.private.redact(DURAND, self.command)
        self.withdrawn = True


def _newest_asking(room: FakeRoom, asking: str, where: str) -> Shown | None:
    if asking == "privé" and where != "private":
        return None
    asks = [one for one in room.shown if one.kind.startswith("announcement") and "✅" in one.reactions]
    return asks[-1] if asks else None


def secrets_of(home: str) -> set[str]:
    """What names a household: its guardians, its children, itself; not what two households share."""
    own = HOMES[home]
    names = {one.name for one in own.guardians} | {home}
    ids = {one.id for one in own.guardians if one.id}
    return names | ids | {pupil.name for pupil in FAMILIES.pupils_of(home)}


def seen_by(bot: FakeBot, user: str) -> list[str]:
    """Everything of the bot's in every room that somebody is in, as it went over the wire."""
    rooms = [room for room in bot.homeserver.rooms.values() if user in room.members()]
    return [
        json.dumps(dict(event.content), ensure_ascii=False)
        for room in rooms
        for event in room.timeline
        if event.sender == BOT
    ]


def check_separation(bot: FakeBot) -> None:
    for user, home in HOME_OF.items():
        seen = "\n".join(seen_by(bot, user))
        for other in HOMES.keys() - {home}:
            told = secrets_of(other) - secrets_of(home)
            assert not [secret for secret in told if secret in seen], (user, other)
        assert "foyer" not in seen
        assert "sur 9" not in seen


def check_channels(bot: FakeBot) -> None:
    assert bot.direct_of(ROUX_EXCLUDED) is None
    discreet = [room for room in bot.homeserver.rooms.values() if KOVALENKO in room.members()]
    assert all(len(room.members()) == 2 for room in discreet)


async def play(asking: str, acts: list[tuple[object, ...]], quiet: bool) -> None:
    hours = QuietHours(time(19), time(7, 30)) if quiet else None
    async with FakeBot.with_plugins("announcements", **a_school.school(quiet_hours=hours)) as bot:
        morning = Morning(bot, await a_school.open_rooms(bot), await bot.direct(DURAND), asking)
        await morning.begin()
        for act in acts:
            await morning.do(act)
        check_separation(bot)
        check_channels(bot)
        await morning.follow()
        total = re.search(r"(\d+) foyers? sur 9", morning.private.last.body)
        assert total is not None
        assert int(total[1]) == len(morning.read)


@settings(max_examples=12)
@given(st.sampled_from(ASKING), st.lists(ACTS, max_size=12), st.booleans())
def test_whatever_people_do_no_household_reads_of_another_and_the_count_is_right(
    asking: str, acts: list[tuple[object, ...]], quiet: bool
) -> None:
    asyncio.run(play(asking, acts, quiet))


def test_the_check_would_notice() -> None:
    async def told() -> bool:
        async with FakeBot.with_plugins("announcements", **a_school.school()) as bot:
            rooms = await a_school.open_rooms(bot)
            await rooms["6B"].say(DURAND, "!annonce Mme Benali a lu.")
            try:
                check_separation(bot)
            except AssertionError:
                return True
            return False

    assert asyncio.run(told())
