"""Power levels, as old and as new rooms have them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from coedu_bot.school.power import may_mention_room, needed_for_state, power_of

LEVELS = {"users": {"@a:e.fr": 50}, "users_default": 10}


def test_a_creator_of_a_version_12_room_has_power_without_end() -> None:
    assert power_of("@c:e.fr", ["@c:e.fr"], LEVELS, "12") == math.inf
    assert power_of("@c:e.fr", ["@c:e.fr"], LEVELS, "11") == 10


def test_everyone_else_has_what_the_levels_say() -> None:
    assert power_of("@a:e.fr", [], LEVELS, "11") == 50
    assert power_of("@b:e.fr", [], LEVELS, "11") == 10
    assert power_of("@b:e.fr", [], {"users": {}}, "11") == 0


def test_without_levels_the_creator_alone_has_power() -> None:
    assert power_of("@c:e.fr", ["@c:e.fr"], {}, "10") == 100
    assert power_of("@a:e.fr", ["@c:e.fr"], {}, "10") == 0


@pytest.mark.parametrize("nonsense", ["50", True, None, 50.5, [], {}])
def test_only_whole_numbers_are_levels(nonsense: Any) -> None:
    assert power_of("@a:e.fr", [], {"users": {"@a:e.fr": nonsense}, "users_default": 7}, "9") == 7
    assert power_of("@a:e.fr", [], {"users": nonsense}, "9") == 0


def test_calling_the_room_takes_50_unless_it_says_otherwise() -> None:
    assert may_mention_room(50, {})
    assert not may_mention_room(49, {})
    assert may_mention_room(0, {"notifications": {"room": 0}})


def test_state_takes_its_own_level_else_the_default_else_50() -> None:
    levels = {"events": {"m.room.name": 30}, "state_default": 20}
    assert needed_for_state(levels, "m.room.name") == 30
    assert needed_for_state(levels, "m.room.topic") == 20
    assert needed_for_state({}, "m.room.topic") == 50
