"""The bot's sentences in one language and one time zone, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from coedu_bot.language import moments
from coedu_bot.language.catalog import FALLBACK, Catalog
from coedu_bot.language.changes import comes_twice
from coedu_bot.language.escaping import as_code, escaped
from coedu_bot.language.isolates import isolated, without_controls
from coedu_bot.language.languages import LANGUAGES, is_right_to_left
from coedu_bot.language.typography import french
from coedu_bot.message import Code, Day, Hour, LocalTime, Place, Says, ShortDay, When

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Texts:
    """Says things in `language`, with times of `zone`."""

    catalog: Catalog
    language: str
    zone: tzinfo

    @property
    def spoken(self) -> str:
        """The language of the bot's own sentences: a reader's may be one that it only translates into."""
        return self.language if self.language in LANGUAGES else FALLBACK

    @property
    def right_to_left(self) -> bool:
        """Which way the bot's own sentences run."""
        return is_right_to_left(self.spoken)

    def say(self, says: Says) -> str:
        """The sentence as Markdown.

        Raises UnknownTextError, KeyError for a value that is missing, TypeError for one that cannot be said.
        """
        template = self._template(says.key, says.values)
        return _PLACE.sub(lambda place: self._value(says.values[place[1]]), template)

    def _template(self, key: str, values: Mapping[str, Any]) -> str:
        template = self.catalog.need(key, self.spoken, values.get("count"))
        return french(template) if self.spoken == "fr" else template

    def _value(self, value: Any) -> str:
        if isinstance(value, Says):
            return self.say(value)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return moments.show_list([self._value(part) for part in value], self.spoken)
        if isinstance(value, Code) and "\n" in value.text:
            return as_code(without_controls(value.text))
        return isolated(self._shown(value), right_to_left=self.right_to_left)

    def _shown(self, value: Any) -> str:
        match value:
            case str():
                return escaped(without_controls(value))
            case Code(text):
                return as_code(without_controls(text))
            case Place(zone):
                return escaped(moments.show_place(zone, self.spoken))
            case int() if not isinstance(value, bool):
                return moments.show_number(value, self.spoken)
            case _:
                return self._moment(value)

    def _moment(self, value: Any) -> str:
        match value:
            case datetime():
                return self._day_and_hour(self._local(value), moments.show_day)
            case When(at):
                return self._day_and_hour(self._local(at), moments.show_day_briefly)
            case LocalTime(at, zone):
                return self._elsewhere(at, zone)
            case ShortDay(day):
                return moments.show_day_briefly(day, self.spoken)
            case Day(day) | (date() as day):
                local_day = self._local(day).date() if isinstance(day, datetime) else day
                return moments.show_day(local_day, self.spoken)
            case Hour(datetime() as at):
                local = self._local(at)
                return self._which_of_two(local, moments.show_hour(local.time(), self.spoken))
            case Hour(time() as hour) | (time() as hour):
                return moments.show_hour(hour, self.spoken)
            case _:
                raise TypeError(f"a {type(value).__name__} cannot be said")

    def _elsewhere(self, at: datetime, zone: str) -> str:
        there = at.astimezone(ZoneInfo(zone))
        shown = self._day_and_hour(there, moments.show_day)
        if there.utcoffset() == self._local(at).utcoffset():
            return shown
        values = {"moment": shown, "place": moments.show_place(zone, self.spoken)}
        return _PLACE.sub(lambda place: values[place[1]], self._template("time-of-place", values))

    def _day_and_hour(self, local: datetime, show_day: Callable[[date, str], str]) -> str:
        values = {
            "day": show_day(local.date(), self.spoken),
            "hour": moments.show_hour(local.time(), self.spoken),
        }
        said = _PLACE.sub(lambda place: values[place[1]], self._template("day-at-hour", values))
        return self._which_of_two(local, said)

    def _which_of_two(self, local: datetime, said: str) -> str:
        """On the night when the clock goes back an hour comes twice: the reader is told which is meant."""
        if not comes_twice(local):
            return said
        key = "hour-comes-again" if local.fold else "hour-comes-first"
        return self._template(key, {}).replace("{moment}", said)

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise TypeError("a datetime without time zone cannot be said")
        return moment.astimezone(self.zone)
