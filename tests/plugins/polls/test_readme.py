"""What the user's page shows is what happens."""

from __future__ import annotations

import pytest

from coedu_bot.loading import BUNDLED
from coedu_bot.testing import FakeBot
from coedu_bot.testing.dialogue import dialogues, play

PEOPLE = {
    "Durand": "@durand:test",
    "Benali": "@benali:test",
    "Costa": "@costa:test",
    "Yılmaz": "@yilmaz:test",
}
NAMES = {"Durand": "Mme Durand", "Benali": "Mme Benali", "Costa": "M. Costa", "Yılmaz": "Mme Yılmaz"}
PAGE = (BUNDLED / "polls" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", range(len(dialogues(PAGE))))
async def test_the_dialogue_happens_as_it_is_printed(bot: FakeBot, number: int) -> None:
    members = {PEOPLE[who]: name for who, name in NAMES.items()}
    room = await bot.room("6B", members, {PEOPLE["Durand"]: 50})
    await play(bot, dialogues(PAGE)[number], PEOPLE, {"6B": room})


def test_the_page_has_dialogues() -> None:
    assert len(dialogues(PAGE)) == 4
