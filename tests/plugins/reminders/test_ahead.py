"""How far off a reminder is, as its confirmation says it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plugins.reminders.domain import ahead

NOW = datetime(2026, 10, 6, 7, 40)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ({"minutes": 0}, None),
        ({"minutes": 5}, ("minutes", 5)),
        ({"minutes": 60}, ("hours", 1)),
        ({"minutes": 90}, ("minutes", 90)),
        ({"minutes": 115}, ("hours", 2)),
        ({"hours": 8}, ("hours", 8)),
        ({"hours": 17}, ("tomorrow", 1)),
        ({"days": 1}, ("tomorrow", 1)),
        ({"days": 3}, ("days", 3)),
    ],
)
def test_it_is_said_as_people_say_it(later: dict[str, int], said: tuple[str, int] | None) -> None:
    assert ahead(NOW, NOW + timedelta(**later)) == said


def test_what_comes_soon_after_midnight_is_some_hours_off() -> None:
    assert ahead(datetime(2026, 10, 6, 23), datetime(2026, 10, 7, 1)) == ("hours", 2)
