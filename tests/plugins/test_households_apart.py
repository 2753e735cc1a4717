"""A day of every feature in a school with every kind of family: each gets what is theirs, nothing of others.

Separated parents, siblings in two classes, nobody to write to, a discreet guardian, one who is only to be
informed, one who may be told nothing: looked at is every event of the bot's that each of them can see.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest

from coedu_bot.loading import BUNDLED
from coedu_bot.school.person import Person
from coedu_bot.school.rights import Role
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import (
    COSTA,
    COSTA_TOO,
    DURAND,
    EVERYONE,
    FATHER,
    HEAD,
    KOVALENKO,
    MOTHER,
    ROUX,
    ROUX_EXCLUDED,
    SILVA,
    SILVA_INFORMED,
)
from tests.plugins.announcements.test_separation import HOME_OF, HOMES, secrets_of, seen_by

PLUGINS = sorted(folder.parent.name for folder in BUNDLED.glob("*/__init__.py"))


@dataclass(slots=True)
class Day:
    """The bot, the class rooms and the teacher's direct room."""

    bot: FakeBot
    rooms: Mapping[str, FakeRoom]
    teacher: FakeRoom

    async def announcements(self) -> None:
        text = "annonce Sortie\nDépart à 8 h 30.\n\npour : 6B, 6C\naccusé : privé"
        command = await self.teacher.say(DURAND, text)
        await self.teacher.tap(DURAND, self.teacher.last)
        for who in (FATHER, COSTA, KOVALENKO, SILVA_INFORMED):
            private = await self.bot.direct(who)
            await private.tap(who, private.last)
        await self.teacher.edit(DURAND, command, text.replace("8 h 30", "7 h 45"))
        for word in ("suivi A1", "suivi A1 lu Petit", "relance A1"):
            await self.teacher.say(DURAND, word)
            await self.rooms["6B"].say(DURAND, f"!{word}")

    async def polls(self) -> None:
        room = self.rooms["6B"]
        for voice in ("foyer", "élève"):
            await room.say(DURAND, f"!sondage Quel jour ? | lundi | mardi voix={voice}")
            for who, choice in ((FATHER, "lundi"), (MOTHER, "mardi"), (COSTA_TOO, "mardi")):
                await room.vote(who, choice)
        await self.teacher.say(DURAND, "voter P1 1 pour Petit")
        await room.say(FATHER, "!voter P1 2")
        await room.say(DURAND, "!sondage Quels jours ? | lundi | mardi choix=2 voix=foyer")
        await room.say(DURAND, "!sondage Un délégué ? | oui | non secret=oui")
        await room.say(DURAND, "!dates Réunion | jeudi 18h | vendredi 18h")
        for who in (FATHER, MOTHER, SILVA_INFORMED, KOVALENKO):
            private = await self.bot.direct(who)
            for word in ("voter P3 1", "voter P4 1", "voter D1 1 oui"):
                await private.say(who, word)
        for poll in ("P1", "P2", "P3", "P4", "D1"):
            await room.say(DURAND, f"!résultats {poll}")
            await room.say(DURAND, f"!fin {poll}")

    async def letters(self) -> None:
        for who in (FATHER, MOTHER):
            private = await self.bot.direct(who)
            await private.say(who, "Mon enfant sera absent demain, merci de prévenir la cantine.")
            await private.vote(who, 1)
            await self.teacher.say(DURAND, "C’est noté.", reply_to=self.teacher.last.event_id)

    async def the_rest(self) -> None:
        await self.rooms["6B"].say(DURAND, "!rappel dans 10 minutes la piscine")
        await self.bot.later(minutes=11)
        await self.rooms["6B"].tap(FATHER, self.rooms["6B"].last)
        for who in EVERYONE:
            if who != ROUX_EXCLUDED:
                for word in ("moi", "réglages", "mes données", "aide", "rgpd", "annonces"):
                    await (await self.bot.direct(who)).say(who, word)
        office = await self.bot.direct(HEAD)
        await office.say(HEAD, f"suspendre {SILVA}")
        await self.bot.later(days=1)


@pytest.fixture
async def day() -> AsyncIterator[Day]:
    people = {
        DURAND: Person(DURAND, "Mme Durand"),
        HEAD: Person(HEAD, "M. Martin", roles=frozenset({Role.COORDINATOR})),
    }
    async with FakeBot.with_plugins(*PLUGINS, **a_school.school(people=people)) as bot:
        day = Day(bot, await a_school.open_rooms(bot), await bot.direct(DURAND))
        await day.announcements()
        await day.polls()
        await day.letters()
        await day.the_rest()
        yield day


def kinds(bot: FakeBot, who: str) -> set[str]:
    """What came privately to somebody, by kind."""
    private = bot.direct_of(who)
    return {one.kind for one in private.shown} if private else set()


async def test_nobody_is_told_of_another_household_and_each_gets_what_is_theirs(day: Day) -> None:
    bot = day.bot
    for user, home in HOME_OF.items():
        seen = "\n".join(seen_by(bot, user))
        for other in HOMES.keys() - {home}:
            told = [secret for secret in secrets_of(other) - secrets_of(home) if secret in seen]
            assert told == [], (user, other)
    for user in set(EVERYONE) - {ROUX_EXCLUDED}:
        assert "announcement.copy" in kinds(bot, user), user
    for user in (SILVA_INFORMED, KOVALENKO, ROUX):  # not of 6B, or not to decide
        assert not {kind for kind in kinds(bot, user) if kind.startswith("poll")}
    for parent in (FATHER, MOTHER):
        assert {"relay", "poll.ballot", "poll.receipt"} <= kinds(bot, parent)
    rooms = bot.homeserver.rooms.values()  # the discreet are alone with the bot, the excluded meet it nowhere
    with_discreet = [room for room in rooms if KOVALENKO in room.members()]
    assert [len(room.members()) for room in with_discreet] == [2]
    assert not [room for room in rooms if ROUX_EXCLUDED in room.members()]
    assert not [room for room in rooms if SILVA in room.members() and len(room.members()) > 2]  # suspended
