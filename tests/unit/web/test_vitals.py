from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from coedu_bot.web.vitals import Vitals

NOW = datetime(2026, 10, 6, 5, 40, tzinfo=UTC)


def vitals(**changes: object) -> Vitals:
    well = {"at": NOW, "synced_at": NOW - timedelta(seconds=30), "database": True}
    return Vitals(**(well | changes))  # type: ignore[arg-type]


def ago(**by: float) -> datetime:
    return NOW - timedelta(**by)


def test_a_bot_that_syncs_and_sends_is_well() -> None:
    assert vitals(depth=3, ready_since=ago(seconds=4)).problems() == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"synced_at": None}, "no recent sync"),
        ({"synced_at": ago(seconds=91)}, "no recent sync"),
        ({"database": False}, "the database does not answer"),
        ({"depth": 1, "ready_since": ago(minutes=6)}, "the outbox does not move"),
        ({"depth": 1, "ready_since": ago(minutes=9), "sent_at": ago(minutes=6)}, "the outbox does not move"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], problem: str) -> None:
    assert vitals(**changes).problems() == [problem]


def test_a_long_queue_that_moves_is_no_problem() -> None:
    assert vitals(depth=900, ready_since=ago(hours=1), sent_at=ago(seconds=2)).problems() == []


def test_before_the_first_sync_it_is_not_ready() -> None:
    assert not vitals(synced_at=None).is_ready
    assert vitals().is_ready
