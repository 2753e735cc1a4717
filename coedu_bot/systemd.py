"""What systemd is told of the process: ready, alive, stopping (sd_notify, without its library)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from coedu_bot.log import logger
from coedu_bot.web.vitals import Examination

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Supervisor:
    """systemd, or nobody: `address` of its socket, `within` seconds in which it wants a sign of life."""

    address: str | None = None
    within: float | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """As systemd announces itself (`NOTIFY_SOCKET`, `WATCHDOG_USEC`)."""
        microseconds = environment.get("WATCHDOG_USEC", "")
        within = int(microseconds) / 1_000_000 if microseconds.isdecimal() else None
        return cls(environment.get("NOTIFY_SOCKET"), within)

    def tell(self, state: str) -> None:
        """Send `READY=1` and the like; nobody listening is no fault of the bot's."""
        if self.address is None:
            return
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            try:
                door.sendto(state.encode(), address)
            except OSError as problem:
                log.warning("supervisor-not-told", problem=problem.strerror)

    async def watch(self, examination: Examination) -> None:
        """Give signs of life as long as loop and database answer; without a watchdog, end at once."""
        while self.within is not None:
            # a homeserver that is away is not mended by starting the bot again
            if (await examination.vitals()).database:
                self.tell("WATCHDOG=1")
            await asyncio.sleep(self.within / 3)
