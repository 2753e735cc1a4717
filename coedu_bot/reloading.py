"""Loading the configuration again while the bot runs: all of it or nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coedu_bot.app import Bot
from coedu_bot.config import Config, ConfigError, load_config
from coedu_bot.control import Refusal, Tell
from coedu_bot.log import logger

log = logger(__name__)

_AT_START = (
    *("homeserver", "user", "data", "database", "prefix", "plugin_path", "web", "direct", "encryption"),
    *("password_file", "access_token_file", "recovery_key_file"),
)
"""Keys that are read once, when the bot starts."""


@dataclass(slots=True)
class Reloader:
    """Swaps the school, the rules and the plugins' settings of a running bot."""

    path: Path
    config: Config
    bot: Bot
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    after: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """What else happens once a new configuration is in force."""
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def reload(self) -> list[str]:
        """Use the files as they are now; returns the keys that count only after a restart.

        Raises ConfigError, and then nothing has changed.
        """
        async with self._one:
            new = await asyncio.to_thread(load_config, self.path, env=self.env)
            waiting = _only_at_start(self.config, new)
            self._swap(new)
            await self.bot.follow_school()
            self.bot.sender.notify()
            self.bot.ticker.notify()  # another zone or other holidays: timers are due at other times
            for act in self.after:
                await act()
            log.info("reloaded", after_restart=waiting)
            return waiting

    def _swap(self, new: Config) -> None:
        registry = self.bot.registry
        current = self.bot.current
        current.school = new.school(registry.capabilities)
        current.invited_by, current.stale_after = new.invited_by, new.stale_after
        registry.settings = {name: value for name, value in new.plugins.items() if value is not None}
        registry.nearer = new.nearer
        self.config = new

    async def verb(self, _request: Mapping[str, Any], _tell: Tell) -> Mapping[str, Any]:
        """`reload` on the control socket."""
        try:
            return {"after_restart": await self.reload()}
        except ConfigError as problems:
            raise Refusal(
                "nothing was changed", problems=[str(one) for one in problems.problems]
            ) from problems

    async def on_signal(self) -> None:
        """SIGHUP: what is wrong goes to the log, the bot goes on as it was."""
        try:
            await self.reload()
        except ConfigError as problems:
            for one in problems.problems:
                log.error("not-reloaded", problem=str(one))


def _only_at_start(old: Config, new: Config) -> list[str]:
    changed = [key for key in _AT_START if getattr(old.model, key) != getattr(new.model, key)]
    return [*changed, "plugins"] if set(old.plugins) != set(new.plugins) else changed
