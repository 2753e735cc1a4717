"""What a newcomer reads."""

from __future__ import annotations

from coedu_bot.api import Bullets, Message, says
from plugins.welcome.domain import Steps

_LINES = 4


def greeting(school: str, steps: Steps) -> Message:
    """Hello, and first steps in four lines."""
    lines = tuple(says(f"welcome-{steps}-{number}") for number in range(1, _LINES + 1))
    return Message("welcome", (says("welcome-hello", school=school), Bullets(lines)), rings=True)
