"""What the user's page shows is what happens."""

from __future__ import annotations

import pytest

from coedu_bot.loading import BUNDLED
from coedu_bot.testing import FakeBot, FakeRoom
from coedu_bot.testing.dialogue import dialogues, play
from tests.plugins.announcements import a_school
from tests.plugins.announcements.conftest import BENALI, COSTA, DURAND, YILMAZ

PEOPLE = {"Durand": DURAND, "Benali": BENALI, "Costa": COSTA, "Yılmaz": YILMAZ}
PAGE = (BUNDLED / "announcements" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", range(len(dialogues(PAGE))))
async def test_the_dialogue_happens_as_it_is_printed(
    bot: FakeBot, class_room: FakeRoom, other_room: FakeRoom, number: int
) -> None:
    await play(bot, dialogues(PAGE)[number], PEOPLE, {"6B": class_room, "6C": other_room})


async def test_what_the_page_says_of_households_happens_too() -> None:
    people = {"Durand": a_school.DURAND, "Yılmaz": a_school.YILMAZ}
    async with FakeBot.with_plugins("announcements", **a_school.school()) as bot:
        rooms = await a_school.open_rooms(bot)
        for dialogue in dialogues(PAGE, of="foyers"):
            await play(bot, dialogue, people, rooms)


def test_the_page_has_dialogues() -> None:
    assert len(dialogues(PAGE)) == 2
    assert len(dialogues(PAGE, of="foyers")) == 1
