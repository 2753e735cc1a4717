"""What the configuration says now: everyone reads it here, and a reload replaces it in this one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from coedu_bot.school.school import School


@dataclass(slots=True)
class Current:
    """The school of this moment; keep the holder, never what it holds."""

    school: School
    invited_by: tuple[str, ...] = ()
    stale_after: timedelta = timedelta(hours=2)
