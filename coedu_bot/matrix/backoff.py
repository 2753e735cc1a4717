"""How long to leave a homeserver in peace that does not answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from coedu_bot.clock import Clock
from coedu_bot.homeserver import RateLimited

_FIRST = 1.0
_LONGEST = 60.0
_SHORTEST = 0.5


@dataclass(slots=True)
class Backoff:
    """Waits twice as long after each failure in a row, with jitter so that many bots do not march in step."""

    clock: Clock
    random: Random = field(default_factory=Random)
    failures: int = 0

    async def wait(self, problem: Exception) -> None:
        """Wait after one more failure; a homeserver that names a time is obeyed."""
        self.failures += 1
        if isinstance(problem, RateLimited):
            await self.clock.sleep(max(problem.retry_after, _SHORTEST))
            return
        longest = min(_FIRST * 2.0 ** min(self.failures - 1, 10), _LONGEST)
        await self.clock.sleep(longest * self.random.uniform(0.5, 1.0))

    def reset(self) -> None:
        """It answered."""
        self.failures = 0
