"""Who wrote `stop` is left in peace: only the answers to their own acts still go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coedu_bot.events import UserId

SETTING = "stopped"


def is_left_in_peace(person: UserId | None, author: UserId | None, settings: Mapping[str, Any]) -> bool:
    """Whether a message for this person, caused by `author`, is not to be sent."""
    return person is not None and author != person and bool(settings.get(SETTING))
