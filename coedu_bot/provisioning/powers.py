"""Power levels: what a new room gets, and who rises or falls in one that is there. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coedu_bot.events import UserId
from coedu_bot.provisioning.wanted import COORDINATOR_POWER, TEACHER_POWER, WantedRoom
from coedu_bot.school.power import creators_rule, is_level

APPLIED = "org.coedu.applied"
"""State of our rooms: to whom the configuration gave power, so that it takes back only that."""

_FOR_EVERYONE = (
    *("m.reaction", "m.room.redaction"),
    *("m.poll.response", "org.matrix.msc3381.poll.response"),
)
_FOR_COORDINATORS = (
    *("m.room.power_levels", "m.room.encryption", "m.room.history_visibility"),
    *("m.room.server_acl", "m.room.tombstone", APPLIED),
)


def initial_levels(room: WantedRoom, bot: UserId) -> dict[str, Any]:
    """The levels of a new room; where creators have power without end they must not be listed."""
    users = {user: level for user, level in room.powers.items() if user != bot}
    if not creators_rule(room.version):
        users[bot] = COORDINATOR_POWER
    return {
        "users": users,
        "users_default": 0,
        "events_default": TEACHER_POWER if room.staff_speaks or room.space else 0,
        "state_default": TEACHER_POWER,
        "invite": TEACHER_POWER,
        "kick": TEACHER_POWER,
        "ban": TEACHER_POWER,
        "redact": TEACHER_POWER,
        "notifications": {"room": TEACHER_POWER},
        "events": {
            **dict.fromkeys(_FOR_EVERYONE, 0),
            **dict.fromkeys(_FOR_COORDINATORS, COORDINATOR_POWER),
        },
    }


def levels_with(
    there: Mapping[str, Any],
    wanted: Mapping[UserId, int],
    applied: object,
    creators: frozenset[UserId],
) -> tuple[dict[str, Any], list[str]]:
    """The levels with staff as wanted, and who changes.

    More power than wanted stays, except where an earlier configuration gave it: what people gave by hand is
    theirs to take back.
    """
    given = applied if isinstance(applied, Mapping) else {}
    users = dict(there.get("users") or {})
    default = there.get("users_default")
    says: list[str] = []
    for user in sorted({*wanted, *given} - creators):
        now = users.get(user, default if is_level(default) else 0)
        target = _target(user, now, wanted, given)
        if target != now:
            users[user] = target
            says.append(f"{user} {target}")
    return {**there, "users": users}, says


def _target(user: UserId, now: int, wanted: Mapping[UserId, int], given: Mapping[UserId, Any]) -> int:
    level = wanted.get(user, 0)
    if given.get(user) == now:  # it has what we gave, no more
        return level
    return max(level, now)
