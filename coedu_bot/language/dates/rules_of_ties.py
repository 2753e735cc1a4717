"""Rules for what ties days and hours together: from, to, every, of the month; and for plain numbers."""

from __future__ import annotations

import re

from coedu_bot.language.dates.marks import Amount, Number, Ordinal, Said, Week, Word
from coedu_bot.language.dates.rules import Marks, Phrases, Rule, either, meaning


def turns(phrases: Phrases) -> list[Rule]:
    """Turns of phrase that must be tried before the days in them."""
    words = phrases.words
    days = either(pattern for pattern, unit in words.units.items() if unit == "days")
    ordinal = (
        rf"(?:(?:{words.day_openers}) )?(?P<which>{either(words.ordinals)})(?= (?:{{weekday}}|{days})(?!\w))"
    )
    return [
        phrases.says(words.before_the_change, Said("fold", 0)),
        phrases.says(words.after_the_change, Said("fold", 1)),
        phrases.says(words.of_the_month, Word.OF_THE_MONTH),
        *(phrases.says(one, Word.EVERY_OTHER) for one in words.every_other),
        *(phrases.says(one, Word.NOTHING, end="") for one in words.other_openers),
        phrases.says(words.workdays, Word.WORKDAYS),
        phrases.says(words.daily, Word.EVERY, Amount(1, "days")),
        phrases.rule(ordinal, lambda match: (Ordinal(meaning(match["which"], words.ordinals)),)),
        phrases.rule(rf"(?:{words.week}) (?P<letter>[ab])", lambda match: (Week(match["letter"].upper()),)),
    ]


def ties(phrases: Phrases) -> list[Rule]:
    """The small words."""
    words = phrases.words
    return [
        phrases.says(words.every, Word.EVERY),
        phrases.says(words.except_, Word.EXCEPT),
        phrases.says(words.between, Word.BETWEEN),
        phrases.says(words.up_to, Word.UP_TO),
        phrases.says(words.to, Word.TO),
        phrases.says(words.from_, Word.FROM),
        phrases.says(words.at_hour, Word.AT_HOUR),
        phrases.says(words.at_or_to, Word.AT_OR_TO),
        phrases.says(words.at, Word.AT),
        phrases.says(words.and_, Word.AND),
        phrases.says(words.joined_and, Word.AND, end=""),
        phrases.says(words.or_, Word.OR),
        phrases.says(words.from_suffixes, Word.TO),
        phrases.says("-", Word.TO, end=""),
        phrases.says("[,;]", Word.COMMA, end=""),
    ]


def numbers(phrases: Phrases) -> list[Rule]:
    """A number alone, and words that say nothing."""
    words = phrases.words
    told = rf"(?P<n>\d{{1,2}}|{either((words.first_of_month, *words.numbers))})"
    other = either((*words.hour_names, *words.numbers))
    no_more = rf"(?![:/.]\d| ?(?:{words.hour_words})(?!\w))"

    def say(match: re.Match[str]) -> Marks:
        said = match.groupdict()
        number = Number(phrases.day(match["n"]), is_day=bool(said.get("opener") or said.get("end")))
        return (Word.AT_HOUR, number) if said.get("at") else (number,)

    return [
        phrases.rule(rf"(?P<opener>{words.day_openers}) {told}(?:{words.day_ends})?{{s}}{no_more}", say),
        phrases.rule(
            rf"(?P<n>\d{{1,2}}|{other})(?P<end>{words.day_ends})?(?:(?P<at>{words.hour_ends})(?!\w)|{{s}}){no_more}",
            say,
        ),
        phrases.says(words.fillers, Word.NOTHING),
    ]
