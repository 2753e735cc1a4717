"""For authors of plugins: a whole bot in memory, with people who speak to it."""

from coedu_bot.testing.bot import FakeBot
from coedu_bot.testing.clock import FakeClock
from coedu_bot.testing.homeserver import MemoryHomeserver
from coedu_bot.testing.room import FakeRoom, Shown

__all__ = ["FakeBot", "FakeClock", "FakeRoom", "MemoryHomeserver", "Shown"]
