"""Everything that people and time do to polls, by topic."""

from plugins.polls import balloting, closing, opening, secret_counting, secret_voting, voiding, voting

__all__ = ["balloting", "closing", "opening", "secret_counting", "secret_voting", "voiding", "voting"]
