"""A small catalog with texts of its own, in three languages with three plural rules."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from coedu_bot.language.catalog import CORE_LOCALE, Catalog
from coedu_bot.language.texts import Texts

RULES = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<10 || n%100>=20) ? 1 : 2);",
}

SENTENCES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "fr": {
        "value": "Valeur : {value} !",
        "only": "{value}",
        "hello": "Bonjour",
        "strong": "**Bonjour**, tapez `!aide ?`",
        "pupils": ("{count} élève", "{count} élèves"),
        "french-only": "Rien",
    },
    "ar": {
        "value": "قيمة {value}",
        "only": "{value}",
        "hello": "مرحبا",
        "strong": "**مرحبا**",
        "pupils": ("صفر", "واحد", "اثنان", "{count} قليل", "{count} كثير", "{count} آخر"),
    },
    "uk": {
        "value": "Значення: {value}",
        "only": "{value}",
        "hello": "Вітаємо",
        "strong": "**Вітаємо**",
        "pupils": ("{count} учень", "{count} учні", "{count} учнів"),
    },
}


def po(language: str, texts: dict[str, str | tuple[str, ...]]) -> str:
    """The text of a `.po` file."""
    head = f'# State: reviewed\nmsgid ""\nmsgstr "Plural-Forms: {RULES[language]}\\n"\n'
    return head + "".join(_entry(key, text) for key, text in texts.items())


def _entry(key: str, text: str | tuple[str, ...]) -> str:
    if isinstance(text, str):
        return f'\nmsgid "{key}"\nmsgstr "{text}"\n'
    forms = "".join(f'msgstr[{index}] "{form}"\n' for index, form in enumerate(text))
    return f'\nmsgid "{key}"\nmsgid_plural "{key}"\n{forms}'


@pytest.fixture(scope="session")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder: Path = tmp_path_factory.mktemp("locale")
    for language, texts in SENTENCES.items():
        (folder / f"{language}.po").write_text(po(language, texts), encoding="utf-8")
    return Catalog.load([CORE_LOCALE, folder])


@pytest.fixture(scope="session")
def texts(catalog: Catalog) -> Callable[[str], Texts]:
    return lambda language: Texts(catalog, language, ZoneInfo("Europe/Paris"))
