"""Everything that people and time do to polls, by topic."""

from plugins.polls import (
    balloting,
    closing,
    date_fixing,
    date_opening,
    date_voting,
    opening,
    secret_counting,
    secret_voting,
    voiding,
    voting,
)

__all__ = [
    "balloting",
    "closing",
    "date_fixing",
    "date_opening",
    "date_voting",
    "opening",
    "secret_counting",
    "secret_voting",
    "voiding",
    "voting",
]
