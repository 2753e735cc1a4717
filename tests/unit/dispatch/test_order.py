"""Events that come before what they refer to, twice, or after a kill."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from coedu_bot.homeserver import RateLimited, Unreachable
from coedu_bot.store.tables import outbox
from coedu_bot.testing import FakeBot, FakeRoom

DURAND, BENALI = "@durand:test", "@benali:test"


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins("announcements") as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    return await bot.room("6B", {DURAND: "Mme Durand", BENALI: "Mme Benali"}, {DURAND: 50})


async def make_unanswered(bot: FakeBot, kind: str) -> None:
    """As if we were killed between a PUT and its answer: the event is there, we do not know its id."""
    async with bot.database.transaction() as db:
        await db.run(update(outbox).where(outbox.c.kind == kind).values(state="sending", event_id=None))


async def test_a_tap_on_a_message_whose_id_we_do_not_know_yet_counts_once_it_is(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, "!annonce Bonjour.")
    post = room.last
    await make_unanswered(bot, "announcement")
    bot.homeserver.failures.extend(Unreachable("gone") for _ in range(3))
    await room.tap(BENALI, post)
    bot.restart()
    await bot.settle()
    private = await bot.direct(DURAND)
    await private.say(DURAND, "suivi A1")
    assert "1 sur 1 a lu." in private.last.body
    assert len(room.of_kind("announcement")) == 1


async def test_an_edit_is_not_held_up_by_what_is_being_sent(bot: FakeBot, room: FakeRoom) -> None:
    command = await room.say(DURAND, "!annonce Départ à 8 h.")
    await make_unanswered(bot, "reaction")
    await room.edit(DURAND, command, "!annonce Départ à 9 h.")
    assert "9 h" in room.shown[0].body


async def test_the_same_event_twice_has_one_effect(bot: FakeBot, room: FakeRoom) -> None:
    from coedu_bot.events import MessageReceived

    event = MessageReceived(
        event_id="$twice", room_id=room.id, sender=DURAND, sent_at=bot.clock.now(), text="!annonce Bonjour."
    )
    await bot.arrive(event)
    bot.restart()
    await bot.arrive(event)
    assert len(room.of_kind("announcement")) == 1


async def test_what_the_homeserver_slows_or_loses_is_sent_once_in_the_end(
    bot: FakeBot, room: FakeRoom
) -> None:
    bot.homeserver.failures.extend([RateLimited(7), Unreachable("502"), RateLimited(1)])
    await room.say(DURAND, "!annonce Bonjour.")
    assert len(room.of_kind("announcement")) == 1
    assert "✅" in room.last.reactions


async def test_a_row_from_another_device_is_looked_for_before_it_is_sent_again(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, "!annonce Bonjour.")
    await make_unanswered(bot, "announcement")
    async with bot.database.transaction() as db:
        await db.run(update(outbox).where(outbox.c.kind == "announcement").values(device_id="OLD"))
    bot.homeserver._transactions.clear()  # another device: the homeserver does not know the transaction
    bot.restart()
    await bot.settle()
    assert len(room.of_kind("announcement")) == 1


async def test_a_command_found_hours_later_is_asked_about_before_it_speaks_to_many(
    bot: FakeBot, room: FakeRoom
) -> None:
    from datetime import timedelta

    from coedu_bot.events import MessageReceived

    sent_at = bot.clock.now()
    bot.clock.advance(timedelta(hours=3))
    sent = bot.homeserver.add_event(room.id, DURAND, "m.room.message", {"body": "!annonce Bonjour."})
    await bot.arrive(
        MessageReceived(
            event_id=sent.event_id, room_id=room.id, sender=DURAND, sent_at=sent_at, text="!annonce Bonjour."
        )
    )
    assert not room.shown
    private = bot.direct_of(DURAND)
    assert private is not None
    assert "n’est pas partie" in private.last.body
    await private.tap(DURAND, private.last, "✅")
    assert room.last.body.startswith("Bonjour.")


async def test_a_fault_is_told_with_its_number_and_the_bot_goes_on(
    bot: FakeBot, room: FakeRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.announcements import store

    async def fail(*_: object) -> None:
        raise RuntimeError("the name of a child")

    with monkeypatch.context() as broken:
        broken.setattr(store, "add_announcement", fail)
        await room.say(DURAND, "!annonce Bonjour.")
    assert room.last.kind == "fault"
    assert "F-" in room.last.body
    await room.say(DURAND, "!annonce Bonjour.")
    assert room.last.kind == "announcement"
