"""The kinds of values that the YAML and the CSVs hold, each with a plain sentence for what is not one."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from coedu_bot.config.problems import did_you_mean
from coedu_bot.language.languages import normalise

_USER = re.compile(r"@[^:\s@]+:[^:\s@]+(:\d{1,5})?")
_DURATION = re.compile(r"(\d{1,5})\s*(s|min|h|d)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_HOUR = re.compile(r"([01]?\d|2[0-3])\s*[:hH]\s*([0-5]\d)?")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*(?:\.\.|–|/|\bto\b|\bau\b)\s*(\d{4}-\d\d-\d\d))?")
_MINUTES_A_DAY = 24 * 60


def user_id(value: str) -> str:
    """A Matrix ID; raises ValueError with what one looks like."""
    if not _USER.fullmatch(value):
        raise ValueError(f'"{value}" is not a Matrix ID; expected for example "@durand:ecole.example"')
    return value


def language(value: str) -> str:
    """A language by code or name; raises ValueError."""
    code = normalise(value)
    if code is None:
        raise ValueError(f'"{value}" is not a language; expected for example "fr"')
    return code


def days(value: str) -> tuple[date, date]:
    """A day, or the first and the last of several; raises ValueError."""
    match = _DAYS.fullmatch(value.strip())
    if match is None:
        raise ValueError(f'"{value}" is not a day or days; expected "2026-10-17" or "2026-10-17..2026-11-01"')
    first = _day(match[1])
    last = _day(match[2]) if match[2] else first
    if last < first:
        raise ValueError(f'"{value}" ends before it begins')
    return first, last


def day(value: Any) -> date:
    """A date as the YAML reads one, as ISO text or as French spreadsheets write it; raises ValueError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = str(value).strip()
    french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    return _day(f"{french[3]}-{int(french[2]):02}-{int(french[1]):02}" if french else text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a date; expected for example "2026-11-20"') from None


def _zone(value: str) -> str:
    known = available_timezones()
    if value not in known:
        near = did_you_mean(value, known) or 'expected for example "Europe/Paris"'
        raise ValueError(f'"{value}" is not a time zone; {near}')
    return ZoneInfo(value).key


def _duration(value: Any) -> Any:
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'"{value}" is not a duration; expected for example "2h"')
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def _hour(value: Any) -> Any:
    """YAML takes 19:00 without quotes for a number of base 60; people mean an hour."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MINUTES_A_DAY:
        return time(value // 60, value % 60)
    match = _HOUR.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'"{value}" is not an hour; expected for example "19:00"')
    return time(int(match[1]), int(match[2] or 0))


def _feature(value: Any) -> Any:
    """Settings, or whether it is on; `polls:` alone is on."""
    if value is None or value is True:
        return {}
    if value is False or isinstance(value, dict):
        return value
    raise ValueError(f'"{value}" is neither settings nor off; expected for example {{}} or off')


def _file_name(value: str) -> str:
    """A file, by its name or path from the folder of the configuration."""
    if not value.strip():
        raise ValueError('names no file; expected for example "families-6b.csv"')
    return str(PurePath(value))


Feature = Annotated[dict[str, Any] | Literal[False], BeforeValidator(_feature)]
UserId = Annotated[str, AfterValidator(user_id)]
Zone = Annotated[str, AfterValidator(_zone)]
Language = Annotated[str, AfterValidator(language)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Hour = Annotated[time, BeforeValidator(_hour)]
Day = Annotated[date, BeforeValidator(day)]
FileName = Annotated[str, AfterValidator(_file_name)]
RoomAlias = Annotated[str, Field(pattern=r"^#[^:\s]+:\S+$")]
