"""After an erasure the whole database is searched: nothing of the person is left but what must be kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Table, Text, select

from coedu_bot.app import load_registry, plugin_tables
from coedu_bot.events import KeyWithheld, Undecryptable
from coedu_bot.loading import BUNDLED
from coedu_bot.school.person import Person
from coedu_bot.school.rights import Role
from coedu_bot.store import intake, withheld
from coedu_bot.store.personal import ABOUT, BY, erase_person, export_person, personal_tables
from coedu_bot.store.tables import metadata
from coedu_bot.store.types import Json
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import COSTA, DURAND, FATHER, HEAD, MOTHER

PLUGINS = sorted(folder.parent.name for folder in BUNDLED.glob("*/__init__.py"))
NAMES = ("M. Benali", "Karim B.")
KEPT = {
    "room_member": "what the homeserver says of a room, for as long as they are in it",
    "room": "as above: who made the room, and power in it",
    "direct_room": "where to write to somebody who is still of the school",
    "suspension": "protects the child",
}
NO_PERSON = frozenset(
    # what text may hold that is nobody's name: ids of events, rooms, items and our own rows; words of
    # the program; what people wrote for many, which stays as their work
    {
        "id",
        "event_id",
        "target",
        "token",
        "session_id",
        "event_room_id",
        "in_room",
        "room_id",
        "ref",
        "command",
    }
    | {"membership", "alias", "name", "binding", "version", "replaced_by", "moved_to", "moved_from", "state"}
    | {"plugin", "letter", "outcome", "word", "question", "key", "source", "action", "type", "kind", "item"}
    | {
        "target_ref",
        "receipt",
        "upload",
        "bundle",
        "device_id",
        "class_id",
        "error",
        "mime",
        "zone",
        "wall",
        "rrule",
        "first",
        "week",
    }
    | {"number", "offer", "code", "handle", "text", "language", "chosen", "reason_ref", "poll", "reminder"}
    | {"preview", "announcement", "what", "typed", "rule", "form", "voice", "showing", "companion"}
    | {"creators", "power_levels", "pinned", "languages", "settings", "value", "file", "content", "payload"}
    | {"choices", "wanted", "answers", "counts", "rooms", "draft", "pending", "options"}
)
"""Names of columns with text or JSON that need no rule of their own; `mentions` looks into the platform's."""


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    people = {
        DURAND: Person(DURAND, "Mme Durand"),
        HEAD: Person(HEAD, "M. Martin", roles=frozenset({Role.COORDINATOR})),
    }
    async with FakeBot.with_plugins(*PLUGINS, **a_school.school(people=people)) as bot:
        yield bot


def tables_of(bot: FakeBot) -> list[Table]:
    return [table for one in (metadata, *plugin_tables(bot.registry)) for table in one.tables.values()]


async def dump(bot: FakeBot) -> dict[str, str]:
    """Every cell of every table, as text."""
    async with bot.database.reading() as db:
        return {table.name: str(await db.all(select(table))) for table in tables_of(bot)}


async def a_year_of(bot: FakeBot, who: str) -> None:
    """Somebody does everything that leaves a trace, and others do it with them."""
    room = (await a_school.open_rooms(bot))["6B"]
    await room.join(who, "Karim B.")
    private, teacher, office = await bot.direct(who), await bot.direct(DURAND), await bot.direct(HEAD)
    await announcements(room, private, teacher, who)
    await polls(room, teacher, who)
    await reminders(bot, room, private, who)
    await letters(private, teacher, who)
    await private.say(who, "heures 20h-8h")
    await private.say(who, "sondag")
    await private.say(who, "effacer")
    await private.vote(who, 1)
    await unreadable(bot, room, who)
    await office.say(HEAD, "suspendre M. Costa")


async def announcements(room: FakeRoom, private: FakeRoom, teacher: FakeRoom, who: str) -> None:
    await teacher.say(DURAND, "annonce Sortie.\n\npour : 6B\naccusé : privé")
    await private.tap(who, private.last)
    await teacher.say(DURAND, "suivi A1")
    await room.say(DURAND, "!annonce Piscine lundi.")
    await room.tap(who, room.last)
    await room.redact(who, await room.tap(who, room.last, "👍"))


async def polls(room: FakeRoom, teacher: FakeRoom, who: str) -> None:
    await room.say(DURAND, "!sondage Quel jour ? | lundi | mardi")
    await room.vote(who, "lundi")
    await room.say(DURAND, "!sondage Quel élève ? | Luc | Ana voix=élève")
    await room.vote(MOTHER, 1)
    await room.vote(who, 2)
    await room.say(DURAND, "!dates Réunion | jeudi 18h | samedi 10h")
    await room.say(who, "!voter D1 1 oui 2 non")


async def reminders(bot: FakeBot, room: FakeRoom, private: FakeRoom, who: str) -> None:
    await private.say(who, "rappel dans 10 minutes le pain")
    await private.say(who, "rappel tous les lundis à 18h le lait")
    await room.say(DURAND, "!rappel tous les lundis à 18h le sac")
    await room.tap(who, room.last, "👍")
    await bot.later(minutes=11)
    await private.tap(who, private.last, "💤")


async def letters(private: FakeRoom, teacher: FakeRoom, who: str) -> None:
    await private.say(who, "Inès est malade.")
    await private.vote(who, "Mme Durand")
    await teacher.say(DURAND, "Bon rétablissement !", reply_to=teacher.last.event_id)
    await teacher.say(DURAND, "Qui vient demain ?")  # a menu of all parents stays open


async def unreadable(bot: FakeBot, room: FakeRoom, who: str) -> None:
    now = bot.clock.now()
    common = {"event_id": "$locked", "room_id": room.id, "sender": who, "sent_at": now}
    async with bot.database.transaction() as db:
        await intake.add_undecrypted(db, Undecryptable(**common, session_id="s", source={"sender": who}))
        await withheld.mark_withheld(db, KeyWithheld("s", room.id, who, "m.unverified"), now)


async def forget(bot: FakeBot, who: str, *names: str) -> None:
    async with bot.database.transaction() as db:
        tables = personal_tables(plugin_tables(bot.registry))
        await erase_person(db, tables, who, names, still_here=True)


def naming(found: dict[str, str], who: str, *names: str) -> set[str]:
    return {name for name, text in found.items() if any(one in text for one in (who, *names))}


async def test_nothing_is_left_of_a_parent(bot: FakeBot) -> None:
    await a_year_of(bot, FATHER)
    before = naming(await dump(bot), FATHER, *NAMES)
    assert len(before) >= 20, before
    await forget(bot, FATHER, *NAMES)
    found = await dump(bot)
    assert naming(found, FATHER, *NAMES) - set(KEPT) == set()
    private = ("le pain", "le lait")  # what they wrote for themselves alone; the class's stays
    assert [name for name, text in found.items() if any(one in text for one in private)] == []
    assert "le sac" in found["reminders_reminder"]


async def test_nothing_is_left_of_a_teacher_but_what_they_wrote_for_others(bot: FakeBot) -> None:
    await a_year_of(bot, FATHER)
    teacher = await bot.direct(DURAND)
    await teacher.say(DURAND, "suivi A1 lu Petit")
    await teacher.say(DURAND, "voter P1 2 pour Petit")
    assert "Mme Durand" in (await dump(bot))["polls_vote"]
    await forget(bot, DURAND, "Mme Durand")
    found = await dump(bot)
    assert naming(found, DURAND, "Mme Durand") - set(KEPT) == set()
    assert "Piscine lundi." in found["announcements_announcement"]


async def test_a_suspension_and_a_wish_to_be_left_in_peace_outlive_it(bot: FakeBot) -> None:
    await a_school.open_rooms(bot)
    father, office = await bot.direct(FATHER), await bot.direct(HEAD)
    await father.say(FATHER, "stop")
    await office.say(HEAD, f"suspendre {FATHER}")
    await forget(bot, FATHER, *NAMES)
    left = naming(await dump(bot), FATHER, *NAMES)
    assert left - set(KEPT) == {"person_setting"}
    assert "suspension" in left


async def test_others_keep_all_that_is_theirs(bot: FakeBot) -> None:
    await a_year_of(bot, FATHER)
    tables = personal_tables(plugin_tables(bot.registry))
    async with bot.database.reading() as db:
        before = await export_person(db, tables, COSTA)
    await forget(bot, FATHER, *NAMES)
    async with bot.database.reading() as db:
        assert await export_person(db, tables, COSTA) == before


async def test_a_name_inside_another_is_not_that_name(bot: FakeBot) -> None:
    await a_school.open_rooms(bot)
    await (await bot.direct(DURAND)).say(DURAND, "ping Karim Benaliou et M. Benalix")
    await forget(bot, FATHER, *NAMES)
    assert "M. Benalix" in (await dump(bot))["outbox"]


async def test_what_is_not_sent_yet_goes_without_the_name(bot: FakeBot) -> None:
    await a_school.open_rooms(bot)
    await (await bot.direct(DURAND)).say(DURAND, "ping M. Benali vient")
    async with bot.database.transaction() as db:
        await db.script("UPDATE outbox SET state = 'queued' WHERE kind = 'reply'")
    await forget(bot, FATHER, *NAMES)
    assert "… vient" in (await dump(bot))["outbox"]


def all_tables() -> list[Table]:
    registry, _ = load_registry(dict.fromkeys(PLUGINS))
    return [table for one in (metadata, *plugin_tables(registry)) for table in one.tables.values()]


@pytest.mark.parametrize("table", all_tables(), ids=lambda one: one.name)
def test_every_column_that_may_name_a_person_has_a_rule(table: Table) -> None:
    """A new column: its name says what becomes of it, or it is shown here to hold nobody's name."""
    assert unruled(table) == []


def test_a_column_without_a_rule_is_noticed() -> None:
    from sqlalchemy import Column, MetaData

    assert unruled(Table("slots_slot", MetaData(), Column("id", Text), Column("parent", Text))) == ["parent"]


def unruled(table: Table) -> list[str]:
    texts: Any = (Text, Json, LargeBinary)
    named = ABOUT | BY | NO_PERSON | {"display_name", "data"}
    return [one.name for one in table.c if isinstance(one.type, texts) and one.name not in named]


async def test_a_request_that_is_years_old_is_forgotten_too(bot: FakeBot) -> None:
    await a_year_of(bot, FATHER)
    office = await bot.direct(HEAD)
    await office.vote(HEAD, 2)
    assert FATHER in (await dump(bot))["erasure"]
    bot.clock.set(bot.clock.now() + timedelta(days=401))
    await bot.bot.forget_old()
    assert FATHER not in (await dump(bot))["erasure"]
