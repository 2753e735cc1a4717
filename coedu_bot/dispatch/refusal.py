"""The polite no: what is wrong, the part that is wrong, and one example that works."""

from __future__ import annotations

from typing import Any

from coedu_bot.message import Says


class Refusal(Exception):
    """Raised by handlers and parsers; the command then changes nothing and its author reads this.

    `example` is the text key of a correct command; None takes the command's own example, "" shows none.
    `privately` where what was typed names a family: it is answered in private, and taken out of sight.
    """

    def __init__(
        self, key: str, /, *, example: str | None = None, privately: bool = False, **values: Any
    ) -> None:
        super().__init__(key)
        self.says = Says(key, values)
        self.example = example
        self.privately = privately


class Missing(Refusal):
    """Something the command needs was not said: its dialogue asks for it, elsewhere the refusal is read."""

    def __init__(self, name: str, key: str, /, *, example: str | None = None, **values: Any) -> None:
        super().__init__(key, example=example, **values)
        self.name = name
