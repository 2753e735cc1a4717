"""French beside what all languages share: 18h30, dans une heure et demie, mardi en huit, la veille du 9."""

from __future__ import annotations

import re

from coedu_bot.language.dates.lexicon import FRENCH as WORDS
from coedu_bot.language.dates.shared import (
    Rule,
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

_MONTHS = either(WORDS.months)
_MORE = {"et demie": 30, "et demi": 30, "et quart": 15, "moins le quart": -15}


def rules() -> list[Rule]:
    """All of French."""
    return [*_later(), *_weeks(), *_dates(), *_hours()]


def _later() -> list[Rule]:
    number = rf"(?P<n>\d+|{either(WORDS.numbers)})"
    return [
        rule(r"dans une demi[- ]heure|dans (?:un|trois) quarts? d'heure", _fraction),
        rule(
            rf"dans {number} ?(?P<u>{either(WORDS.units)})(?P<half> et demie?)?"
            r"(?: ?(?P<m>\d{1,2})(?: ?(?:min(?:utes?)?|mn))?(?! ?h))?",
            _in,
        ),
    ]


def _weeks() -> list[Rule]:
    return [
        rule(r"(?:de )?(?:la )?semaine prochaine", flag("week", 1)),
        rule(r"(?:de )?cette semaine", flag("week", 0)),
        rule(r"en huit", flag("weeks_later", 1)),
        rule(r"en quinze", flag("weeks_later", 2)),
        rule(r"prochaine?", flag("coming", True)),
        rule(r"(?:la )?veille du", flag("eve", True)),
        Rule(re.compile(r"(?:la )?veille de [^()]*\((?=[^()]*\))"), flag("eve", True)),
    ]


def _dates() -> list[Rule]:
    year = r"(?: (?P<year>\d{4}))?"
    alone = rf"(?!\d|/|[.-]\d|er| (?:{_MONTHS}))"
    return [
        rule(rf"(?:(?P<day>\d{{1,2}})(?:er)?|premier) (?P<month>{_MONTHS}){year}", say_day_month(WORDS)),
        rule(rf"(?:le |(?<=di ))(?P<day>\d{{1,2}}){alone}", say_day_alone),
    ]


def _hours() -> list[Rule]:
    hour = rf"(?P<n>\d{{1,2}}|{either(WORDS.numbers)})"
    more = rf"(?: ?(?P<m>\d{{2}})| (?P<more>{either(_MORE)}))?"
    return [
        rule(r"ce midi", _this_noon),
        rule(rf"{hour} ?(?:h|heures?){more}", _spoken_hour),
    ]


def _in(slots: Slots, match: re.Match[str]) -> None:
    half = 0.5 if match["half"] else 0
    say_later(slots, unit(match["u"], WORDS), meaning(match["n"], WORDS.numbers) + half)
    if match["m"]:
        say_later(slots, "minutes", int(match["m"]))


def _fraction(slots: Slots, match: re.Match[str]) -> None:
    say_later(slots, "minutes", 30 if "demi" in match[0] else 45 if "trois" in match[0] else 15)


def _this_noon(slots: Slots, match: re.Match[str]) -> None:
    slots.say("days_ahead", 0)
    say_time(slots, 12, 0)


def _spoken_hour(slots: Slots, match: re.Match[str]) -> None:
    hour = meaning(match["n"], WORDS.numbers)
    minutes = int(match["m"]) if match["m"] else _MORE.get(match["more"] or "", 0)
    say_time(slots, hour - 1 if minutes < 0 else hour, minutes % 60 if minutes < 0 else minutes)
