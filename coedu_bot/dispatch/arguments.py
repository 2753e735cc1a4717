"""Typed arguments from a command's text: the handler's annotations say what each place must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.dispatch.when import KINDS, Dates
from coedu_bot.language.dates import Range
from coedu_bot.language.hours import DailyHour, OwnHours, read_hour, read_span
from coedu_bot.language.languages import LANGUAGES, normalise
from coedu_bot.language.words import fold
from coedu_bot.message import Code
from coedu_bot.plugin import Command
from coedu_bot.usage import Argument

ItemId = NewType("ItemId", str)
"""A short id such as A12, upper case."""

Deadline = NewType("Deadline", datetime)
"""The moment by which something is wanted; a day alone will do."""

Spoken = NewType("Spoken", str)
"""The code of a language that the bot speaks, typed by code or by any of its names."""

ITEM_ID = re.compile(r"[^\W\d_]\d{1,9}")
_DURATION = re.compile(r"(\d{1,4})\s*(min|mn|m|h|j|d)\w*")
_RANGES = tuple[Range, ...]
_SECONDS = {"m": 60, "h": 3600, "j": 86400, "d": 86400}


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a value depends on: how dates are read for this person, and every language's words."""

    dates: Dates
    choice_words: Callable[[str], Mapping[str, str]]  # choice values of an enum: folded word -> value


def read_arguments(command: Command, text: str, reading: Reading, about: str | None) -> dict[str, Any]:
    """Values for the usage line's places; raises Refusal when one is missing, wrong, or left over."""
    types = _annotations(command.handler)
    values: dict[str, Any] = {}
    for argument in command.usage.arguments:
        values[argument.name], text = _take(argument, types.get(argument.name, str), text, reading, about)
        if argument.needed and values[argument.name] in (None, ""):
            raise Refusal("argument-missing")
    if text.strip():
        raise Refusal("argument-left-over", rest=text.strip())
    return values


def read_options(options: type | None, typed: Mapping[str, str], reading: Reading) -> Any:
    """An instance of the command's options dataclass from the values as typed."""
    if options is None:
        return None
    types = _annotations(options)
    known = {field.name for field in fields(options)}
    return options(**{n: read_value(types[n], typed[n], reading) for n in known & typed.keys()})


@cache
def _annotations(subject: Any) -> dict[str, Any]:
    return get_type_hints(subject)


def _take(argument: Argument, type_: Any, text: str, reading: Reading, about: str | None) -> tuple[Any, str]:
    if _plain(type_) is ItemId:
        return _take_item(text, about)
    if kinds := _date_kinds(type_):
        return reading.dates.leading(text, kinds) if text.strip() else (None, "")
    if argument.rest:
        typed = text.strip()
        return (read_value(type_, typed, reading) if typed else typed), ""
    head, _, rest = text.strip().partition(" ")
    return (read_value(type_, head, reading) if head else None), rest


def _take_item(text: str, about: str | None) -> tuple[ItemId | None, str]:
    head, *rest = text.split(maxsplit=1)[:1] + text.split(maxsplit=1)[1:] or [""]
    if ITEM_ID.fullmatch(head.rstrip(":")):
        return ItemId(head.rstrip(":").upper()), rest[0] if rest else ""
    return (ItemId(about) if about else None), text


def read_value(type_: Any, typed: str, reading: Reading) -> Any:
    """One value of a type the platform knows; raises Refusal with the part that is wrong."""
    if kinds := _date_kinds(type_):
        return reading.dates.whole(typed, kinds)
    type_ = _plain(type_)
    if type_ == tuple[str, ...]:
        return tuple(part.strip() for part in re.split(r"[,;+&]", typed) if part.strip())
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        return type_(_read_choice(type_, typed, reading))
    if type_ is bool:
        return _read_word({"yes": "yes", "no": "no"}, "yes-no", typed, reading) == "yes"
    simple = _SIMPLE.get(type_)
    return simple(typed, reading) if simple else typed


def _date_kinds(type_: Any) -> frozenset[type]:
    """The kinds of dates that an annotation such as `Point | Recurrence` asks for; none for others."""
    parts = get_args(type_) if isinstance(type_, UnionType) or get_origin(type_) is Union else (type_,)
    return frozenset(part for part in parts if part in KINDS)


def _plain(type_: Any) -> Any:
    """`datetime | None` is `datetime` to somebody who types."""
    if isinstance(type_, UnionType) or get_origin(type_) is Union:
        return next(part for part in get_args(type_) if part is not NoneType)
    return type_


def _read_choice(enum: type[StrEnum], typed: str, reading: Reading) -> str:
    return _read_word({value.value: value.value for value in enum}, enum.__name__, typed, reading)


def _read_word(values: Mapping[str, str], name: str, typed: str, reading: Reading) -> str:
    words: dict[str, str] = {}
    for value in values:
        words |= dict.fromkeys(reading.choice_words(value), value)
    found = words.get(fold(typed).strip())
    if found is None:
        offered = [Code(next(iter(reading.choice_words(value)))) for value in values]
        raise Refusal("choice-unknown", typed=typed, offered=offered)
    return found


def _read_own_hours(typed: str, reading: Reading) -> OwnHours:
    """`20h-7h`, `non`, `école`."""
    folded, span = fold(typed).strip(), read_span(typed)
    if span is None and folded not in (*reading.choice_words("no"), *reading.choice_words("school")):
        raise Refusal("hours-unknown", typed=typed)
    return OwnHours(span, school=folded in reading.choice_words("school"))


def _read_daily_hour(typed: str, reading: Reading) -> DailyHour:
    """`18h`, `non`."""
    hour = read_hour(typed)
    if hour is None and fold(typed).strip() not in reading.choice_words("no"):
        raise Refusal("hours-unknown", typed=typed)
    return DailyHour(hour)


def _read_language(typed: str) -> str:
    code = normalise(typed)
    if code not in LANGUAGES:
        raise Refusal("language-not-spoken", typed=typed, offered=[one.autonym for one in LANGUAGES.values()])
    return str(code)


def _read_duration(typed: str) -> timedelta:
    match = _DURATION.fullmatch(fold(typed).strip())
    if match is None:
        raise Refusal("duration-unknown", typed=typed)
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2][0]])


def _read_number(typed: str) -> int:
    try:
        return int(typed)
    except ValueError:
        raise Refusal("number-unknown", typed=typed) from None


_SIMPLE: dict[Any, Callable[[str, Reading], Any]] = {
    datetime: lambda typed, reading: reading.dates.moment(typed),
    Deadline: lambda typed, reading: reading.dates.deadline(typed),
    timedelta: lambda typed, _: _read_duration(typed),
    _RANGES: lambda typed, reading: reading.dates.ranges(typed),
    int: lambda typed, _: _read_number(typed),
    OwnHours: _read_own_hours,
    DailyHour: _read_daily_hour,
    Spoken: lambda typed, _: _read_language(typed),
}
