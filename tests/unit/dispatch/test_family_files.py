"""A coordinator sends a families file to the bot: what it changes, a tap, done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio

from coedu_bot.config import load_config
from coedu_bot.events import MediaFile
from coedu_bot.family_files import FilesBesideConfig
from coedu_bot.reloading import Reloader
from coedu_bot.testing import FakeBot

MARTIN, DURAND, NEW = "@martin:test", "@durand:test", "@new:test"
CONFIG = """
homeserver: https://matrix.test
user: "@coedu:test"
school: {name: Collège, controller: C, contact: c@e.fr}
people: {coordinators: ["@martin:test"]}
classes: {6B: {teachers: ["@durand:test"], families: 6b.csv}, 6C: {families: 6c.csv}}
plugins: {announcements: {}}
"""
HEAD = "élève;classe;foyer;responsable;identifiant;langue;droits;discret;téléphone\n"
BEFORE = HEAD + "Inès B.;6B;Benali;Mme Benali;@b:test;fr;;;\nLéo P.;6B;Petit;Mme Petit;;fr;;;\n"
AFTER = HEAD + "Inès B.;6B;Benali;Mme Benali;@b:test;fr;;;\nZoé N.;6B;Nguyen;Mme Nguyen;@new:test;fr;;;\n"


@dataclass(slots=True)
class Office:
    bot: FakeBot
    folder: Path

    async def send(self, who: str, text: str, name: str) -> None:
        direct = await self.bot.direct(who)
        data = text.encode("cp1252")
        url = f"mxc://test/{name}"
        self.bot.homeserver.files[url] = data
        await direct.share(who, MediaFile(url, name, "text/csv", len(data), "m.file"))
        await self.bot.settle()

    @property
    def households(self) -> list[str]:
        return [one.key for one in self.bot.bot.current.school.families.households({"6B"})]


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "6b.csv").write_text(BEFORE, encoding="utf-8")
    (tmp_path / "6c.csv").write_text(HEAD, encoding="utf-8")
    config = load_config(tmp_path / "config.yaml", env={})
    async with FakeBot.with_plugins("announcements") as bot:
        bot.bot.current.school = config.school(bot.registry.capabilities)
        reloader = Reloader(tmp_path / "config.yaml", config, bot.bot, {})
        bot.bot.current.family_files = FilesBesideConfig(reloader)
        yield Office(bot, tmp_path)


async def test_the_file_s_difference_is_shown_and_a_choice_puts_it_in_use(office: Office) -> None:
    await office.send(MARTIN, AFTER, "export du 25 novembre.csv")
    direct = await office.bot.direct(MARTIN)
    shown = direct.menu.body
    assert "Nguyen" in shown
    assert "Petit" in shown
    assert office.households == ["Benali", "Petit"]
    await direct.tap(MARTIN, direct.menu, "✅")
    await office.bot.settle()
    assert office.households == ["Benali", "Nguyen"]
    assert (office.folder / "6b.csv").read_bytes() == AFTER.encode("cp1252")
    assert (office.folder / "6b.csv~").read_text(encoding="utf-8") == BEFORE
    assert (office.folder / "6b.csv").stat().st_mode & 0o077 == 0
    assert "6b.csv" in direct.last.body


async def test_no_means_that_nothing_changes(office: Office) -> None:
    await office.send(MARTIN, AFTER, "6b.csv")
    direct = await office.bot.direct(MARTIN)
    await direct.vote(MARTIN, 2)
    await office.bot.settle()
    assert office.households == ["Benali", "Petit"]
    assert (office.folder / "6b.csv").read_text(encoding="utf-8") == BEFORE


async def test_a_wrong_file_says_its_lines_and_changes_nothing(office: Office) -> None:
    await office.send(MARTIN, AFTER.replace("@new:test", "new"), "6b.csv")
    direct = await office.bot.direct(MARTIN)
    assert '6b.csv:3: identifiant: "new" is not a Matrix ID' in direct.last.body
    assert office.households == ["Benali", "Petit"]


async def test_a_file_of_no_class_is_asked_about(office: Office) -> None:
    await office.send(MARTIN, AFTER.replace(";6B;", ";;"), "liste.csv")
    direct = await office.bot.direct(MARTIN)
    assert "6b.csv, 6c.csv" in direct.last.body


async def test_nobody_but_a_coordinator_changes_families(office: Office) -> None:
    for who in (DURAND, "@b:test"):
        await office.send(who, AFTER, "6b.csv")
        direct = await office.bot.direct(who)
        assert all("transmettre" in poll.body for poll in direct.polls)  # to a person, never taken
    assert office.households == ["Benali", "Petit"]
