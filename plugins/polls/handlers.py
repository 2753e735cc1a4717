"""Everything that people and time do to polls, by topic."""

from plugins.polls import balloting, closing, opening, voiding, voting

__all__ = ["balloting", "closing", "opening", "voiding", "voting"]
