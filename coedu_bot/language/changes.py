"""The night when the clock goes back and an hour comes twice."""

from __future__ import annotations

from datetime import UTC, datetime


def comes_twice(moment: datetime) -> bool:
    """Whether the clock of the moment's zone shows its hour a second time, or has shown it before."""
    first, second = moment.replace(fold=0), moment.replace(fold=1)
    return first.utcoffset() != second.utcoffset() and first.astimezone(UTC) < second.astimezone(UTC)
