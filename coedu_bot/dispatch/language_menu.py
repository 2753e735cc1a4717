"""The menu of the ten languages, each by its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from coedu_bot.effects import Choice, Menu
from coedu_bot.events import UserId
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.message import Written

MENU = "language"


def language_menu(phrase: Callable[[str, str], str], person: UserId, languages: Iterable[str]) -> Menu:
    """Ask a person for their language, in those they may read; the core gets the choice."""
    question = [Written(phrase("language-question", one)) for one in dict.fromkeys((*languages, "en"))]
    choices = [Choice(one.code, one.autonym) for one in LANGUAGES.values()]
    return Menu(person=person, name=MENU, question=question, choices=choices, owner="core")
