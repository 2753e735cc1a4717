"""Power levels as Matrix means them, room version 12 included."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any, TypeGuard

_FIRST_WITH_CREATORS = 12


def power_of(user: str, creators: Collection[str], levels: Mapping[str, Any], version: str) -> float:
    """A user's power; infinite for the creators of a room of version 12 or later."""
    if creators_rule(version) and user in creators:
        return math.inf
    if not levels:  # no power levels at all: the creator alone has any
        return 100.0 if user in creators else 0.0
    users = levels.get("users")
    own = users.get(user) if isinstance(users, Mapping) else None
    return float(next((n for n in (own, levels.get("users_default")) if is_level(n)), 0))


def may_mention_room(power: float, levels: Mapping[str, Any]) -> bool:
    """Whether `@room` notifies everyone; 50 where the room does not say."""
    notifications = levels.get("notifications")
    needed = notifications.get("room") if isinstance(notifications, Mapping) else None
    return power >= (needed if isinstance(needed, int) and not isinstance(needed, bool) else 50)


def needed_for_state(levels: Mapping[str, Any], type_: str) -> float:
    """The power that sending a state event of this type takes."""
    events = levels.get("events")
    own = events.get(type_) if isinstance(events, Mapping) else None
    return float(next((n for n in (own, levels.get("state_default")) if is_level(n)), 50))


def is_level(value: object) -> TypeGuard[int]:
    """Room versions before 10 allowed anything here; only integers count."""
    return isinstance(value, int) and not isinstance(value, bool)


def creators_rule(version: str) -> bool:
    """Whether a room version gives its creators power without end."""
    return version.isdigit() and int(version) >= _FIRST_WITH_CREATORS
