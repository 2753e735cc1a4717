"""Parts of a client that nothing is expected of."""

from __future__ import annotations

from typing import Any

from coedu_bot.clock import Clock
from coedu_bot.matrix.exchange import Doors
from coedu_bot.matrix.sas import Party
from coedu_bot.matrix.verification import Verifications


def no_verifications(user: str, clock: Clock) -> Verifications:
    """Nobody may ask, and the answers go nowhere."""

    async def nowhere(*_: Any) -> None:
        return None

    async def no_keys(*_: Any) -> dict[str, str]:
        return {}

    async def nobody(*_: Any) -> bool:
        return False

    us = Party(user, "BOT")
    return Verifications(Doors(us, nowhere, nowhere, no_keys, no_keys, nobody, nowhere), clock)
