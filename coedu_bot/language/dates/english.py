"""English beside what all languages share: half past four, in a fortnight, October 9th, tonight at 7."""

from __future__ import annotations

import re

from coedu_bot.language.dates.lexicon import ENGLISH as WORDS
from coedu_bot.language.dates.shared import (
    Rule,
    count,
    either,
    flag,
    meaning,
    rule,
    say_day_alone,
    say_day_month,
    say_later,
    say_time,
    unit,
)
from coedu_bot.language.dates.slots import Slots
from coedu_bot.language.dates.values import DateNotUnderstood

_MONTHS = either(WORDS.months)
_UNITS = either(WORDS.units)
_NUMBER = rf"(?P<n>\d+(?:\.\d)?|{either(WORDS.numbers)})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_HALF_DAY = r"(?P<pm>[ap])\.?m\.?"


def rules() -> list[Rule]:
    """All of English."""
    return [*_later(), *_weeks(), *_dates(), *_hours()]


def _later() -> list[Rule]:
    return [
        rule(r"in half an hour", lambda slots, _: say_later(slots, "minutes", 30)),
        rule(r"in (?:a )?quarter of an hour", lambda slots, _: say_later(slots, "minutes", 15)),
        rule(
            rf"in {_NUMBER} ?(?P<u>{_UNITS})(?P<half> and a half)?"
            r"(?:(?: and)? ?(?P<m>\d{1,2})(?: ?min(?:utes?|s)?)?)?",
            _in,
        ),
        rule(r"in a fortnight", flag("later_days", 14)),
        rule(rf"{_NUMBER} (?P<u>{_UNITS}) from now(?P<half>)(?P<m>)", _in),
    ]


def _weeks() -> list[Rule]:
    return [
        Rule(re.compile(r"(?:the )?day before [^()]*\((?=[^()]*\))"), flag("eve", True)),
        rule(r"(?:the )?day before(?= \d| the \d| [a-z]+ \d)", flag("eve", True)),
        rule(r"a week on", flag("weeks_later", 1)),
        rule(r"next week", flag("week", 1)),
        rule(r"this week", flag("week", 0)),
        rule(r"next", flag("coming", True)),
    ]


def _dates() -> list[Rule]:
    no_month = rf"(?!,? (?:of )?(?:{_MONTHS}))"
    return [
        rule(rf"{_DAY}(?: of)? (?P<month>{_MONTHS}){_YEAR}", say_day_month(WORDS)),
        rule(rf"(?P<month>{_MONTHS}) (?:the )?{_DAY}{_YEAR}", say_day_month(WORDS)),
        rule(rf"the (?P<day>\d{{1,2}})(?:st|nd|rd|th){no_month}", say_day_alone),
        rule(
            rf"(?:(?<=day )|(?<=on ))(?P<day>\d{{1,2}})(?![:/.-]?\d|/|:| ?[ap]\.?m){no_month}", say_day_alone
        ),
    ]


def _hours() -> list[Rule]:
    spoken = rf"(?P<n>\d{{1,2}}|{either(WORDS.numbers)})"
    return [
        rule(rf"(?:half past|quarter (?:past|to)) {spoken}(?: ?{_HALF_DAY})?", _spoken_hour),
        rule(rf"(?P<h>\d{{1,2}})(?:[:.](?P<m>\d{{2}}))? ?{_HALF_DAY}", _hour_of_twelve),
        rule(
            r"(\d{1,2})\.(\d{2})(?![.\d])", lambda slots, match: say_time(slots, int(match[1]), int(match[2]))
        ),
        rule(
            r"at (\d{1,2})(?![:.h]\d| ?[ap]\.?m)", lambda slots, match: slots.say("bare_hour", int(match[1]))
        ),
    ]


def _in(slots: Slots, match: re.Match[str]) -> None:
    say_later(slots, unit(match["u"], WORDS), count(match["n"], WORDS) + (0.5 if match["half"] else 0))
    if match["m"]:
        say_later(slots, "minutes", int(match["m"]))


def _spoken_hour(slots: Slots, match: re.Match[str]) -> None:
    hour, minutes = meaning(match["n"], WORDS.numbers), 30 if "half" in match[0] else 15
    if " to " in match[0]:
        hour, minutes = hour - 1, 45
    say_time(slots, hour + (12 if match["pm"] == "p" and hour < 12 else 0), minutes)


def _hour_of_twelve(slots: Slots, match: re.Match[str]) -> None:
    hour = int(match["h"])
    if not 1 <= hour <= 12:
        raise DateNotUnderstood("impossible")
    say_time(slots, hour % 12 + (12 if match["pm"] == "p" else 0), int(match["m"] or 0))
