"""What a configuration that loads can still have wrong: the account, its rooms, the people, the plugins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass

from coedu_bot.app import load_catalog, load_registry
from coedu_bot.clock import SystemClock
from coedu_bot.config import Config
from coedu_bot.events import UserId
from coedu_bot.homeserver import HomeserverError, SessionLost
from coedu_bot.matrix import Login
from coedu_bot.matrix.reading import AccountReader, reading
from coedu_bot.provisioning.provision import Planning
from coedu_bot.provisioning.steps import Bind, Plan
from coedu_bot.registry import Registry
from coedu_bot.school.school import School
from coedu_bot.sheets import CHINESE, chinese_font

_AT_ONCE = 8
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to be mended; `grave` ones keep the bot from its work."""

    where: str
    what: str
    mend: str
    grave: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"

    def plain(self) -> dict[str, object]:
        return asdict(self)


async def findings(config: Config) -> AsyncIterator[Finding]:
    """Everything that is wrong, as it is found."""
    registry, failed = load_registry(config.plugins, config.plugin_path)
    for name, why in failed.items():
        yield Finding(f"plugins.{name}", f"cannot be loaded: {why}", "mend it, or take it out of the file")
    for finding in _about_sheets(config.school(registry.capabilities)):
        yield finding
    said = config.login
    login = Login(said.homeserver, said.user, said.password, said.access_token)
    try:
        async with reading(login, config.data) as account:
            async for finding in _online(config, registry, account):
                yield finding
    except SessionLost as problem:
        yield Finding("user", str(problem), "give the bot's own password or token")
    except HomeserverError as problem:
        yield Finding("homeserver", f"{said.homeserver}: {problem}", "is the address right, and does it run?")


async def _online(config: Config, registry: Registry, account: AccountReader) -> AsyncIterator[Finding]:
    school = config.school(registry.capabilities)
    async for unknown in _unknown_people(school, account):
        yield unknown
    if config.only_signed_devices:
        yield await _unreachable(school, account)
    if await account.may_be_slowed():
        yield _slowed(config)
    planning = Planning(config, school, load_catalog(registry), account, None, SystemClock())
    plan, _ = await planning.survey()
    for finding in _about_rooms(plan):
        yield finding


async def _unknown_people(school: School, account: AccountReader) -> AsyncIterator[Finding]:
    """Matrix IDs of our own homeserver that nobody has: mostly slips of the pen."""
    server = account.user_id.partition(":")[2]
    everyone = [user for user in _everyone(school) if user.partition(":")[2] == server]
    turns = asyncio.Semaphore(_AT_ONCE)

    async def known(user: UserId) -> bool:
        async with turns:
            return await account.knows(user)

    for user, there in zip(everyone, await asyncio.gather(*map(known, everyone)), strict=True):
        if not there:
            yield Finding(user, "no such account", "spelled right? Otherwise register it", grave=False)


def _everyone(school: School) -> list[UserId]:
    guardians = [guardian.id for guardian in school.families.guardians.values() if guardian.id]
    return sorted({*school.people, *guardians})


async def _unreachable(school: School, account: AccountReader) -> Finding:
    """What `only_signed_devices` costs, and whom today."""
    unsigned = await account.unsigned_devices(_everyone(school))
    shown = ", ".join(list(unsigned)[:_NAMED]) + (" …" if len(unsigned) > _NAMED else "")
    whom = f"{len(unsigned)} of those named here: {shown}" if unsigned else "nobody of those named here"
    return Finding(
        "encryption.only_signed_devices",
        f"who has not confirmed a device cannot read the bot on it in encrypted rooms; today {whom}",
        "they confirm it in Element (Settings, Sessions), or set it to false",
        grave=False,
    )


def _slowed(config: Config) -> Finding:
    """A message to a whole school takes minutes with the limits that are meant for people."""
    url = f"{config.login.homeserver}/_synapse/admin/v1/users/{config.login.user}/override_ratelimit"
    no_limit = '{"messages_per_second": 0, "burst_count": 0}'
    return Finding(
        "homeserver",
        "its limits for ordinary accounts may slow the bot down when it writes to many",
        "its administrator lifts them once (forget this if that is done): "
        f"curl -X POST -H 'Authorization: Bearer …' -d '{no_limit}' '{url}'",
        grave=False,
    )


def _about_sheets(school: School) -> Iterable[Finding]:
    """Families whose letters this machine cannot print."""
    readers = [one for one in school.families.guardians.values() if one.language == CHINESE and one.id]
    if readers and chinese_font() is None:
        yield Finding(
            "invite-sheets",
            f"{len(readers)} guardians read Chinese and this machine has no font for it: "
            "their pages are printed in the school's language",
            "install one, for example: apt install fonts-wqy-microhei",
            grave=False,
        )


def _about_rooms(plan: Plan) -> Iterable[Finding]:
    for note in plan.notes:
        yield Finding(note.binding, note.says, "see there", grave=False)
    # which room is which stands in the database, and that is not looked into here
    waiting = list(dict.fromkeys(one.binding for one in plan.steps if not isinstance(one, Bind)))
    if waiting:
        yield Finding(
            "rooms", f"not yet as written here: {', '.join(waiting)}", "run coedu-bot apply", grave=False
        )
