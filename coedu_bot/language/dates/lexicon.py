"""The words of dates, language by language; spelled as `normal` spells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words; every key is a regular expression without groups."""

    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    days_ahead: Mapping[str, int]
    past: tuple[str, ...]
    parts: Mapping[str, str]
    today_parts: Mapping[str, str]  # "ce soir" is a day and a part of it
    numbers: Mapping[str, int]
    noon: str
    midnight: str
    units: Mapping[str, str]  # minutes, hours, days, weeks, months
    fillers: tuple[str, ...]


_FRENCH_NUMBERS = (
    *("une?", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"),
    *("neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
_ENGLISH_NUMBERS = (
    *("(?:one|an?)", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

FRENCH = Lexicon(
    weekdays={
        "lun(?:di|\\.)?": 0,
        "mar(?:di|\\.)?": 1,
        "mer(?:credi|\\.|c\\.?)?": 2,
        "jeu(?:di|\\.)?": 3,
        "ven(?:dredi|\\.|d\\.?)?": 4,
        "sam(?:edi|\\.)?": 5,
        "dim(?:anche|\\.)?": 6,
    },
    months={
        "janv(?:ier|\\.)?": 1,
        "fev(?:rier|r\\.?|\\.)?": 2,
        "mars": 3,
        "avr(?:il|\\.)?": 4,
        "mai": 5,
        "juin": 6,
        "juil(?:let|\\.)?": 7,
        "aout": 8,
        "sept(?:embre|\\.)?": 9,
        "oct(?:obre|\\.)?": 10,
        "nov(?:embre|\\.)?": 11,
        "dec(?:embre|\\.)?": 12,
    },
    days_ahead={"apres[- ]demain": 2, "aujourd'?hui": 0, "demain": 1},
    past=("avant[- ]hier", "hier"),
    parts={
        "(?:du |le |au )?matin": "morning",
        "(?:de )?(?:l')?apres[- ]midi": "afternoon",
        "(?:du |le |au )?soir": "evening",
    },
    today_parts={"ce matin": "morning", "cet(?:te)? apres[- ]midi": "afternoon", "ce soir": "evening"},
    numbers={word: number for number, word in enumerate(_FRENCH_NUMBERS, 1)},
    noon="midi",
    midnight="minuit",
    units={
        "(?:minutes?|min\\.?|mn)": "minutes",
        "(?:heures?|h)": "hours",
        "(?:jours?|j)": "days",
        "semaines?": "weeks",
        "mois": "months",
    },
    fillers=("le", "la", "a", "au", "les", "ce", "de", "du", "pour"),
)

ENGLISH = Lexicon(
    weekdays={
        "mon(?:day|\\.)?": 0,
        "tue(?:s(?:day|\\.)?|\\.)?": 1,
        "wed(?:s|nesday|\\.)?": 2,
        "thu(?:r(?:s(?:day|\\.)?|\\.)?|\\.)?": 3,
        "fri(?:day|\\.)?": 4,
        "sat(?:urday|\\.)?": 5,
        "sun(?:day|\\.)?": 6,
    },
    months={
        "jan(?:uary|\\.)?": 1,
        "feb(?:ruary|\\.)?": 2,
        "mar(?:ch|\\.)?": 3,
        "apr(?:il|\\.)?": 4,
        "may": 5,
        "june?": 6,
        "july?": 7,
        "aug(?:ust|\\.)?": 8,
        "sept?(?:ember|\\.)?": 9,
        "oct(?:ober|\\.)?": 10,
        "nov(?:ember|\\.)?": 11,
        "dec(?:ember|\\.)?": 12,
    },
    days_ahead={"(?:the )?day after tomorrow": 2, "today": 0, "tomorrow": 1},
    past=("(?:the )?day before yesterday", "yesterday"),
    parts={
        "(?:in the )?morning": "morning",
        "(?:in the )?afternoon": "afternoon",
        "(?:in the )?evening": "evening",
    },
    today_parts={
        "this morning": "morning",
        "this afternoon": "afternoon",
        "(?:this evening|tonight)": "evening",
    },
    numbers={word: number for number, word in enumerate(_ENGLISH_NUMBERS, 1)},
    noon="(?:noon|midday)",
    midnight="midnight",
    units={
        "(?:minutes?|mins?\\.?)": "minutes",
        "(?:hours?|hrs?\\.?|h)": "hours",
        "days?": "days",
        "weeks?": "weeks",
        "months?": "months",
    },
    fillers=("the", "at", "on", "of", "this", "by"),
)
