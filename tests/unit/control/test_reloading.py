"""A configuration is loaded again as a whole, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from coedu_bot.config import ConfigError, load_config
from coedu_bot.control import Refusal
from coedu_bot.reloading import Reloader
from coedu_bot.testing import FakeBot

CONFIG = """
homeserver: https://matrix.test
user: "@coedu:test"
school: {name: Avant, controller: C, contact: c@e.fr, time_zone: Europe/Paris}
classes: {6B: {teachers: ["@durand:test"], rooms: {class: {alias: "#6b:test"}}}}
plugins: {announcements: {}}
invites: {from: [test]}
"""


@pytest_asyncio.fixture
async def reloader(tmp_path: Path) -> AsyncIterator[Reloader]:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    config = load_config(path, env={})
    async with FakeBot.with_plugins("announcements") as bot:
        bot.bot.current.school = config.school(bot.registry.capabilities)
        yield Reloader(path, config, bot.bot, {})


def change(reloader: Reloader, old: str, new: str) -> None:
    reloader.path.write_text(reloader.path.read_text().replace(old, new))


async def test_everyone_sees_the_new_school(reloader: Reloader) -> None:
    change(reloader, "Avant", "Après")
    change(reloader, "from: [test]", "from: [other.test]")
    assert await reloader.reload() == []
    desk = reloader.bot.dispatcher.desk
    assert desk.school.name == desk.outbox.voice.school.name == "Après"
    assert desk.current.invited_by == ("other.test",)


async def test_a_wrong_file_changes_nothing_and_says_why(reloader: Reloader) -> None:
    before = reloader.bot.current.school
    change(reloader, "Avant", "Après")
    change(reloader, "teachers:", "teechers:")
    with pytest.raises(ConfigError):
        await reloader.reload()
    with pytest.raises(Refusal) as refusal:
        await reloader.verb({}, _nobody)
    assert reloader.bot.current.school is before
    assert refusal.value.more["problems"] == [
        'config.yaml:5: classes.6B.teechers: unknown; did you mean "teachers"?'
    ]
    await reloader.on_signal()
    assert reloader.bot.current.school is before


async def test_what_counts_only_at_the_start_is_named(reloader: Reloader) -> None:
    change(reloader, "plugins: {announcements: {}}", "plugins: {}\nprefix: '?'")
    assert await reloader.verb({}, _nobody) == {"after_restart": ["prefix", "plugins"]}


async def test_a_room_that_is_new_in_the_file_is_looked_for(reloader: Reloader) -> None:
    change(reloader, 'alias: "#6b:test"', 'alias: "#neuf:test"')
    await reloader.reload()
    async with reloader.bot.database.reading() as db:
        from coedu_bot.delivery.tasks import has_task

        assert await has_task(db, "bind-room", "6B/class")


async def _nobody(_progress: object) -> None:
    """Nobody listens."""
