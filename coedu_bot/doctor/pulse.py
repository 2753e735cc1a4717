"""What only the running bot knows of itself, asked for over its control socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from coedu_bot.app import Bot
from coedu_bot.control import NotRunning, Tell, ask
from coedu_bot.doctor.report import Line, Part, State, ago
from coedu_bot.matrix import MatrixClient

_ANSWERS_WITHIN = 10.0
_SYNC_WITHIN = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class PulseVerb:
    """Answers `doctor` inside the running bot."""

    bot: Bot
    client: MatrixClient

    async def __call__(self, request: Mapping[str, Any], tell: Tell) -> Mapping[str, Any]:
        synced_at, meters = self.client.synced_at(), self.bot.dispatcher.desk.meters
        return {
            "synced_at": synced_at.isoformat() if synced_at else None,
            "now": self.bot.clock.now().isoformat(),
            "signed": self.client.signing.standing.name,
            "keys": asdict(self.client.encryption.stock()),
            "events": meters.events.total(),
            "unread_since_start": meters.events["Undecryptable"],
            "rate_limits": self.bot.sender.turnstile.closings,
        }


async def take_pulse(data: Path) -> tuple[Part, Mapping[str, Any]]:
    """Whether the bot runs and is in touch, and all that it says of itself."""
    try:
        answer = await asyncio.to_thread(ask, data, "doctor", within=_ANSWERS_WITHIN)
    except NotRunning:
        line = Line("the bot does not run", State.NOTE, "start it with coedu-bot run")
        return Part("process", [line], {"runs": False}), {}
    except (TimeoutError, ValueError):
        line = Line("the bot runs but does not answer", State.ILL, "look into its log, then start it again")
        return Part("process", [line], {"runs": True}), {}
    facts = {name: answer.get(name) for name in ("synced_at", "events", "rate_limits")}
    return Part("process", [*_touch(answer)], {"runs": True, **facts}), answer


def _touch(pulse: Mapping[str, Any]) -> list[Line]:
    now, synced_at = datetime.fromisoformat(pulse["now"]), pulse["synced_at"]
    lines = [Line(f"the bot runs; {pulse['events']} events since its start")]
    if synced_at is None:
        lines.append(Line("no sync yet", State.ILL, "is the homeserver there?"))
        return lines
    last = datetime.fromisoformat(synced_at)
    late = now - last > _SYNC_WITHIN
    mend = "the homeserver is away or slow; the bot goes on by itself" if late else ""
    lines.append(Line(f"last sync {ago(last, now)} ago", State.ILL if late else State.WELL, mend))
    return lines
