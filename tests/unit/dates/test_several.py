"""Several ranges in one line."""

from __future__ import annotations

import pytest

from coedu_bot.language.dates import DateNotUnderstood, read_ranges
from tests.unit.dates.phrases import NOW, ZONE, shown


def ranges(text: str) -> list[str]:
    return [shown(one) for one in read_ranges(text, now=NOW, zone=ZONE, languages=["fr", "en"])]


THURSDAY = "range 2026-10-08T16:30 2026-10-08T18:00"
FRIDAY = "range 2026-10-09T08:00 2026-10-09T09:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jeudi 8/10 16h30-18h, vendredi 9/10 8h-9h", [THURSDAY, FRIDAY]),
        ("jeudi 8/10 16h30-18h\nvendredi 9/10 8h-9h", [THURSDAY, FRIDAY]),
        (
            "jeudi 8/10 16h30-18h ; vendredi 9/10 8h-9h par 10 min",
            [f"{THURSDAY} step 10m", f"{FRIDAY} step 10m"],
        ),
        (
            "jeudi 8/10 16h30-18h par 20 min, vendredi 9/10 8h-9h par 10 min",
            [f"{THURSDAY} step 20m", f"{FRIDAY} step 10m"],
        ),
        ("Thursday, 8 October 2026, 16:30-18:00", [THURSDAY]),
        ("jeudi 8/10 16h30-18h,", [THURSDAY]),
    ],
)
def test_ranges_are_separated_by_commas_or_lines(text: str, expected: list[str]) -> None:
    assert ranges(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("jeudi 8/10 16h30-18h, bientôt", "leftover"),
        ("jeudi 8/10 16h30", "needs-time"),
        ("jeudi 8/10 18h-16h30", "contradiction"),
        (", ".join(["jeudi 8/10 16h30-18h"] * 61), "leftover"),
    ],
)
def test_one_piece_that_is_no_range_refuses_all(text: str, reason: str) -> None:
    with pytest.raises(DateNotUnderstood) as refused:
        ranges(text)
    assert refused.value.reason == reason
