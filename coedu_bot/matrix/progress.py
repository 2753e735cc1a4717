"""How far the sync has come, for who must know that nothing sent before a moment is still to be handled."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Progress:
    """All that the homeserver had at `up_to` has been handled; None before the first sync of this process."""

    up_to: datetime | None = None
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)

    def has_reached(self, moment: datetime) -> bool:
        """Whether all that was sent before a moment has been handled; if not, the sync does not dawdle."""
        if self.up_to is not None and self.up_to >= moment:
            return True
        self._hurry.set()
        return False

    def reach(self, moment: datetime) -> None:
        """The answer to a request of this moment has been handled."""
        self.up_to = moment
        self._hurry.clear()

    async def hurried(self) -> None:
        """Return when somebody cannot wait for the end of a long poll."""
        await self._hurry.wait()
