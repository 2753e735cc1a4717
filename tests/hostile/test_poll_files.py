"""Files that come out of a poll: a table, a date for calendars; nothing in them is more than text."""

from __future__ import annotations

import csv
import io

import icalendar
import pytest

from tests.hostile.corpus import NAMES
from tests.hostile.test_polls import election
from tests.plugins.polls.conftest import DURAND


@pytest.mark.parametrize("separator", [";", ",", "\t"])
async def test_no_cell_of_a_table_is_a_formula_however_it_is_read(separator: str) -> None:
    options = ["=1+1", "+cmd", "-2", "@SUM(A1)", "a;=1+1", "b,=1+1", "c\t=1+1", "＝2+1", 'z "=3+1"']
    async with election() as one:
        for number, name in enumerate(("=cmd|' /C calc'!A0", "x;=1+1", "x,=1+1", *NAMES)):
            await one.room.join(f"@n{number}:test", name)
        await one.room.say(DURAND, f"!sondage Q ? | {' | '.join(options)} voix=personne")
        for number in range(len(options)):
            await one.room.answer(f"@n{number}:test", str(number + 1), on=one.room.polls[1].event_id)
        await one.room.say(DURAND, "!fin P2")
        [file] = [data for data in one.bot.homeserver.files.values() if not data.startswith(b"\x89PNG")]
        text = file.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
        assert [cell for cell in cells if cell.strip()[:1] in tuple("=+-@＝＋－＠")] == []
        assert "cmd" in text


@pytest.mark.parametrize(
    "text", ["Fête\rEND:VEVENT", "a;b,c\\nBEGIN:VALARM", "\x85X:1", "ATTACH:https://x " * 9]
)
async def test_what_a_date_poll_asks_adds_nothing_to_peoples_calendars(text: str) -> None:
    async with election() as one:
        await one.room.say(DURAND, f"!dates {text} | vendredi 18h | samedi 10h voix=personne")
        await one.room.say(DURAND, "!fin D1 1")
        [file] = [data for data in one.bot.homeserver.files.values() if data.startswith(b"BEGIN:VCALENDAR")]
        event, *more = icalendar.Calendar.from_ical(file).walk("VEVENT")
        assert not more
        assert not event.subcomponents
        assert set(event) == {"UID", "SEQUENCE", "DTSTAMP", "SUMMARY", "DTSTART", "DURATION"}
        assert str(event["SUMMARY"]).split() == text.split()
