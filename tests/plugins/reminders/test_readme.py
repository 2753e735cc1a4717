"""What the user's page shows is what happens."""

from __future__ import annotations

import pytest

from coedu_bot.loading import BUNDLED
from coedu_bot.testing import FakeBot, FakeRoom
from coedu_bot.testing.dialogue import dialogues, play
from tests.plugins.reminders.conftest import BENALI, COSTA, DURAND

PEOPLE = {"Durand": DURAND, "Benali": BENALI, "Costa": COSTA}
PAGE = (BUNDLED / "reminders" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", range(len(dialogues(PAGE))))
async def test_the_dialogue_happens_as_it_is_printed(bot: FakeBot, class_room: FakeRoom, number: int) -> None:
    await play(bot, dialogues(PAGE)[number], PEOPLE, {"6B": class_room})


def test_the_page_has_dialogues() -> None:
    assert len(dialogues(PAGE)) == 3
