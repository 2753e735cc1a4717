"""The languages the bot speaks, and what people call them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from coedu_bot.language.words import fold


@dataclass(frozen=True, slots=True)
class Language:
    """An interface language; `locale` is the CLDR locale its dates and numbers follow."""

    code: str
    autonym: str
    locale: str

    @property
    def right_to_left(self) -> bool:
        return is_right_to_left(self.code)


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("fr", "Français", "fr"),
        Language("en", "English", "en"),
        Language("ar", "العربية", "ar"),
        Language("es", "Español", "es"),
        Language("pt", "Português", "pt_PT"),  # CLDR's plain pt is Brazil's: other plurals, other dates
        Language("tr", "Türkçe", "tr"),
        Language("uk", "Українська", "uk"),
        Language("ro", "Română", "ro"),
        Language("zh", "中文", "zh"),
        Language("de", "Deutsch", "de"),
    )
}

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*", re.IGNORECASE)


def is_right_to_left(code: str) -> bool:
    return code in RIGHT_TO_LEFT


def normalise(text: str) -> str | None:
    """The ISO 639 code meant by a tag (`fr-FR`) or a name in any interface language, else None.

    It may be a language the bot does not speak but might translate: ask `LANGUAGES` for that.
    """
    name = text.strip()
    tag = _TAG.fullmatch(name)
    if tag and (primary := tag[1].lower()) in LANGUAGES:
        return primary
    return _names().get(fold(name)) or (_known(tag[1].lower()) if tag else None)


@cache
def _names() -> dict[str, str]:
    """Folded name -> code; costs the loading of every interface locale, so only when somebody asks."""
    from babel import Locale

    names: dict[str, str] = {}
    for language in LANGUAGES.values():
        for code, name in Locale.parse(language.locale).languages.items():
            if "_" not in code:
                names.setdefault(fold(name), code)
    return names | {fold(language.autonym): language.code for language in LANGUAGES.values()}


def _known(code: str) -> str | None:
    from babel import Locale
    from babel.core import get_global

    aliases = get_global("language_aliases")
    code = str(aliases.get(code, code)).partition("_")[0]
    return code if code in Locale.parse("en").languages else None
