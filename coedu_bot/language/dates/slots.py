"""What a phrase has said so far: each thing at most once."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

from coedu_bot.language.dates.values import DateNotUnderstood


@dataclass(slots=True)
class Slots:
    """The parts of a date as they were said; None where nothing was."""

    weekday: int | None = None  # 0 is Monday
    day: int | None = None
    month: int | None = None
    year: int | None = None
    days_ahead: int | None = None  # today is 0
    weeks_later: int | None = None  # "en huit": one week after the coming one
    coming: bool | None = None  # "prochain": never today
    week: int | None = None  # this week is 0, the next is 1
    hour: int | None = None
    minute: int | None = None
    bare_hour: int | None = None  # "at 7": only clear with a part of the day
    part: str | None = None  # morning, afternoon, evening
    midnight: bool | None = None
    elapse: timedelta | None = None  # "in 2 hours": on the clock of physics
    later_days: int | None = None  # "in 2 days": on the wall's
    later_months: int | None = None
    eve: bool | None = None  # "la veille de"

    def say(self, name: str, value: object) -> None:
        """Keep a part; raises DateNotUnderstood if something else was said there before."""
        if getattr(self, name) is not None:
            raise DateNotUnderstood("leftover", str(value))
        setattr(self, name, value)

    @property
    def empty(self) -> bool:
        return all(getattr(self, field.name) is None for field in fields(self))

    @property
    def has_time(self) -> bool:
        return self.hour is not None or self.midnight is not None

    @property
    def has_day(self) -> bool:
        said = (self.weekday, self.day, self.days_ahead, self.later_days, self.later_months)
        return any(one is not None for one in said)
