"""The phrases kept as data, and how what was read of them is written down there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from coedu_bot.language.dates import DateNotUnderstood, Days, Point, Range, Value, read

ZONE = "Europe/Paris"
PARIS = ZoneInfo(ZONE)
NOW = datetime(2026, 9, 16, 10, tzinfo=PARIS)
DATA = Path(__file__).resolve().parents[2] / "data"


def cases(name: str) -> Iterator[tuple[str, str, str, str]]:
    """Language, local time, what was typed, what it means."""
    for line in (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, now, text, expected = line.split("\t")
            yield language, now, text, expected


def outcome(now: str, text: str, languages: Sequence[str]) -> str:
    """What is read, as the files have it."""
    moment = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    try:
        return shown(read(text, now=moment, zone=ZONE, languages=languages))
    except DateNotUnderstood:
        return "refuse"


def shown(value: Value) -> str:
    match value:
        case Point():
            return f"at {_wall(value)}"
        case Days():
            return f"days {value.first} {value.last}"
        case Range():
            step = f" step {value.step.total_seconds() / 60:.0f}m" if value.step else ""
            return f"range {_wall(value.first)} {_wall(value.last)}{step}"
    week = f" week {value.week}" if value.week else ""
    return f"every {value.rule} from {value.first:%Y-%m-%dT%H:%M}{week}"


def _wall(point: Point) -> str:
    return f"{point.wall:%Y-%m-%dT%H:%M}"
