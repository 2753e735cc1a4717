"""An hour that is one of quiet is asked about; unanswered it waits, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.reminders.conftest import DURAND, plain


def question(room: FakeRoom) -> list[str]:
    return plain(room.menu.body).splitlines()


async def test_it_is_asked_as_a_menu_in_private(class_room: FakeRoom, private: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel aujourd'hui 20h cahier")
    assert class_room.last.kind == "sent-privately"
    assert question(private) == ["20 h est en heures calmes.", "1. Quand même", "2. Demain à 7 h 30"]


@pytest.mark.parametrize(("answer", "hour"), [("1", "20 h"), ("2", "7 h 30"), ("Quand même", "20 h")])
async def test_the_answer_counts_and_is_confirmed_where_the_command_was(
    bot: FakeBot, class_room: FakeRoom, private: FakeRoom, answer: str, hour: str
) -> None:
    command = await class_room.say(DURAND, "!rappel aujourd'hui 20h cahier")
    await private.say(DURAND, answer)
    for room in (class_room, private):
        assert (room.last.kind, f"à {hour}" in plain(room.last.body)) == ("reminder.set", True)
    assert class_room.last.answers == command
    await bot.later(hours=13)
    assert len(class_room.of_kind("reminder")) == (1 if hour == "20 h" else 0)
    await bot.later(hours=12)
    assert len(class_room.of_kind("reminder")) == 1
    assert "prévu" not in class_room.last.body


async def test_without_an_answer_it_comes_when_the_quiet_ends(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel aujourd'hui 20h cahier")
    await bot.later(hours=23, minutes=45)
    assert not class_room.of_kind("reminder")
    await bot.later(minutes=10)
    assert len(class_room.of_kind("reminder")) == 1
    assert bot.clock.now() < datetime(2026, 10, 7, 6, tzinfo=UTC)


async def test_what_comes_again_keeps_its_beat_and_waits_each_time(
    bot: FakeBot, class_room: FakeRoom, private: FakeRoom
) -> None:
    await class_room.say(DURAND, "!rappel tous les lundis à 20h arroser")
    assert question(private)[2] == "2. À 7 h 30, quand elles finissent"
    await private.vote(DURAND, 2)
    assert "attend leur fin" in private.last.body
    await bot.later(days=6, hours=13)
    assert not class_room.of_kind("reminder")
    await bot.later(hours=12)
    assert len(class_room.of_kind("reminder")) == 1


async def test_an_edit_while_it_is_asked_ends_the_question(
    bot: FakeBot, class_room: FakeRoom, private: FakeRoom
) -> None:
    command = await class_room.say(DURAND, "!rappel aujourd'hui 20h cahier")
    await class_room.edit(DURAND, command, "!rappel aujourd'hui 17h cahier")
    assert not private.polls
    assert "à 17 h" in plain(class_room.last.body)
    await bot.later(days=2)
    assert len(class_room.of_kind("reminder")) == 1


async def test_a_redaction_while_it_is_asked_ends_it_all(
    bot: FakeBot, class_room: FakeRoom, private: FakeRoom
) -> None:
    command = await class_room.say(DURAND, "!rappel aujourd'hui 20h cahier")
    await class_room.redact(DURAND, command)
    assert not private.polls
    await bot.later(days=2)
    assert not class_room.of_kind("reminder")


async def test_ones_own_quiet_hours_count_in_private(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "heures 13h-14h")
    await private.say(DURAND, "rappel aujourd'hui 20h cahier")
    assert plain(private.last.body).startswith("R1 : mardi 6 octobre 2026 à 20 h")
    await private.say(DURAND, "rappel aujourd'hui 13h30 cahier")
    assert question(private)[0] == "13 h 30 est en heures calmes."
