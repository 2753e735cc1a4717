"""The core as a plugin, for the modules that register their handlers with it."""

from __future__ import annotations

from coedu_bot.context import Context
from coedu_bot.plugin import NoSettings, Plugin
from coedu_bot.school.rights import Capability, Role

plugin = Plugin(
    "core",
    package="coedu_bot.core",
    capabilities=(
        Capability.of("room.settings", Role.TEACHER, Role.COORDINATOR),
        Capability.of("guardian.suspend", Role.COORDINATOR),
        Capability.of("staff.freeze", Role.COORDINATOR),
    ),
)

Ctx = Context[NoSettings]
