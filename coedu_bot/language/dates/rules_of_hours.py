"""Rules for hours, and for how long from now."""

from __future__ import annotations

import re
from datetime import timedelta

from coedu_bot.language.dates.marks import Amount, Clock, Later, Said, Word, Wrong
from coedu_bot.language.dates.rules import Marks, Phrases, Rule, either, meaning


def hours(phrases: Phrases) -> list[Rule]:
    """18:30, 8 h 05, half past four, ocho y media, 6pm, noon, midnight."""
    words = phrases.words
    half = rf" ?(?:(?P<am>{words.morning_half})|(?P<pm>{words.afternoon_half}))"
    word = rf"(?: ?(?:{words.hour_words}))"
    after = rf"(?: ?(?P<after>{either(words.minutes_after)}))"
    before = rf"(?P<before>{either(words.minutes_before)})"
    minutes = rf",? ?(?P<m>\d{{2}})(?: ?(?:{_minutes(phrases)}))?(?![:.]\d)"
    tail = rf"(?:{half})?{{s}}"

    def say(match: re.Match[str]) -> Marks:
        return _clock(phrases, match)

    opener, sign = rf"(?:(?:{words.hour_openers}) )?", rf"(?: ?h ?|[{words.clock_signs}])"
    return [
        phrases.rule(rf"{opener}(?P<h>\d{{1,2}}){sign}(?P<m>\d{{2}}){word}?{tail}", say),
        phrases.rule(rf"{{hour}}{word}(?:{minutes}|{after})?{tail}", say),
        phrases.rule(rf"{{hour}}{half}{{s}}", say),
        phrases.rule(rf"{before} {{hour}}{word}?{tail}", say),
        phrases.rule(rf"{{hour}}{after}{tail}", say),
        phrases.rule(rf"(?:{words.hour_openers}) {{hour}}{after}?{{s}}(?![:.]\d)", say),
        phrases.rule(
            rf"(?:{words.noon}){after}?{{s}}", lambda match: _at(12, _minutes_said(phrases, match), half=True)
        ),
        phrases.says(words.midnight, Said("midnight", True)),
    ]


def _minutes(phrases: Phrases) -> str:
    return next(pattern for pattern, unit in phrases.words.units.items() if unit == "minutes")


def _minutes_said(phrases: Phrases, match: re.Match[str]) -> int:
    """Minutes past the hour that was named; fewer than none where the hour is still to come."""
    said = match.groupdict()
    if said.get("before"):
        return meaning(said["before"], phrases.words.minutes_before)
    if said.get("after"):
        return meaning(said["after"], phrases.words.minutes_after)
    return int(said.get("m") or 0)


def _clock(phrases: Phrases, match: re.Match[str]) -> Marks:
    hour, minutes = phrases.hour(match["h"]), _minutes_said(phrases, match)
    said = match.groupdict()
    half = said.get("am") or said.get("pm")
    if half and not 1 <= hour <= 12:
        return (Wrong("impossible"),)
    if half:
        hour = hour % 12 + (12 if said.get("pm") else 0)
    return _at(hour, minutes, half=bool(half))


def _at(hour: int, minutes: int, *, half: bool) -> Marks:
    if not 0 <= hour <= 23 or minutes > 59:
        return (Wrong("impossible"),)
    total = (hour * 60 + minutes) % (24 * 60)
    return (Clock(total // 60, total % 60, half),)


def later(phrases: Phrases) -> list[Rule]:
    """In two hours, dans 1h30, بعد ساعتين, iki saat sonra."""
    found: list[Rule] = []
    for template in phrases.words.later:
        for amount in (_hours(phrases), _others(phrases, phrases.words.one_unsaid)):
            pattern = template.replace("{amount}", amount)
            found.append(phrases.rule(pattern, lambda match: (_later(phrases, match),)))
    return found


def amounts(phrases: Phrases) -> list[Rule]:
    """Ten minutes, weeks: how often, or in which steps."""
    return [phrases.rule(_others(phrases, True), lambda match: (_amount(phrases, match),))]


def every_amount(phrases: Phrases) -> list[Rule]:
    """Turns of phrase that say how often in one piece: de 10 em 10 minutos, iki haftada bir."""

    def say(match: re.Match[str]) -> Marks:
        return (Word.EVERY, _amount(phrases, match))

    templates = phrases.words.every_amount
    return [phrases.rule(one.replace("{amount}", _others(phrases, True)), say) for one in templates]


def _hours(phrases: Phrases) -> str:
    """An amount of hours may have a half and minutes behind it."""
    words, minutes = phrases.words, _minutes(phrases)
    count = r"(?:{n} ?)" + ("?" if words.one_unsaid else "")
    unit = either(pattern for pattern, unit in words.units.items() if unit == "hours")
    figures = rf"(?P<m>\d{{1,2}}(?= ?(?:{minutes}))|\d{{2}})(?: ?(?:{minutes}))?(?! ?h)"
    more = rf"(?:(?: (?:{words.and_}))? ?{figures})?"
    half = rf"(?P<half> ?(?:{words.and_a_half}))?"
    return rf"(?:(?P<fixed>{either(words.amounts)})|{count}(?P<u>{unit})){half}{more}"


def _others(phrases: Phrases, one_unsaid: bool) -> str:
    count = r"(?:{n} ?)" + ("?" if one_unsaid else "")
    return rf"(?:(?P<fixed>{either(phrases.words.amounts)})|{count}{{unit}})"


def _amount(phrases: Phrases, match: re.Match[str]) -> Amount:
    said = match.groupdict()
    if said.get("fixed"):
        return Amount(*meaning(said["fixed"], phrases.words.amounts))
    count = phrases.number(said["n"]) if said.get("n") else 1
    return Amount(count, meaning(said["u"], phrases.words.units))


def _later(phrases: Phrases, match: re.Match[str]) -> Later | Wrong:
    amount, said = _amount(phrases, match), match.groupdict()
    count = amount.count + (0.5 if said.get("half") else 0)
    if amount.unit in ("minutes", "hours"):
        minutes = count * (60 if amount.unit == "hours" else 1) + int(said.get("m") or 0)
        return Later(elapse=timedelta(minutes=minutes))
    if count != int(count) or said.get("m"):
        return Wrong("leftover")
    if amount.unit in ("months", "years"):
        return Later(months=int(count) * (12 if amount.unit == "years" else 1))
    return Later(days=int(count) * (7 if amount.unit == "weeks" else 1))
