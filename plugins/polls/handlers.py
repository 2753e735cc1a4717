"""Everything that people and time do to polls, by topic."""

from plugins.polls import closing, opening, voiding, voting

__all__ = ["closing", "opening", "voiding", "voting"]
