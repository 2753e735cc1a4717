"""Who wrote `stop`, or is suspended, is left in peace: only the answers to their own acts still go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from coedu_bot.events import UserId

SETTING = "stopped"


def is_left_in_peace(
    person: UserId | None,
    author: UserId | None,
    settings: Mapping[str, Any],
    suspended: Collection[UserId] = (),
) -> bool:
    """Whether a message for this person, caused by `author`, is not to be sent."""
    if person is None or author == person:
        return False
    return person in suspended or bool(settings.get(SETTING))
