"""The composition root: the only file that knows every part and joins them up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import MetaData

from coedu_bot import core, loading
from coedu_bot.clock import Clock
from coedu_bot.current import Current
from coedu_bot.delivery.hold import hold_anew, hold_back
from coedu_bot.delivery.losses import loss_teller
from coedu_bot.delivery.outbox import Outbox
from coedu_bot.delivery.sender import Sender
from coedu_bot.delivery.tasks import Tasks, Worker
from coedu_bot.delivery.turnstile import Turnstile
from coedu_bot.delivery.voice import Voice
from coedu_bot.dispatch.alarms import Alarms
from coedu_bot.dispatch.bindings import want_bindings
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.dispatcher import Dispatcher
from coedu_bot.dispatch.family_files import FamilyReceiving
from coedu_bot.dispatch.forgetting import forget_old
from coedu_bot.dispatch.gathering import Gathering
from coedu_bot.dispatch.intake import Intake
from coedu_bot.dispatch.invitations import InvitationRule
from coedu_bot.dispatch.newcomers import take_note
from coedu_bot.dispatch.performers import Performers
from coedu_bot.dispatch.personal_data import PersonalData
from coedu_bot.dispatch.promises import Promises
from coedu_bot.dispatch.speech import Ears
from coedu_bot.dispatch.suspending import Suspending
from coedu_bot.dispatch.vocabulary import Vocabulary
from coedu_bot.homeserver import Homeserver
from coedu_bot.language.catalog import CORE_LOCALE, FALLBACK, Catalog
from coedu_bot.plugin import Plugin
from coedu_bot.registry import Registry
from coedu_bot.school.school import School
from coedu_bot.store.database import Database
from coedu_bot.store.mover import tables_with_rooms
from coedu_bot.store.personal import personal_tables
from coedu_bot.store.revisions import CORE, Branch
from coedu_bot.store.tables import task, timer
from coedu_bot.timers.ticker import Ticker


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is particular to the account the bot speaks with."""

    name: str
    device_id: str
    prefix: str = "!"
    stale_after: timedelta = timedelta(hours=2)
    encrypt_direct: bool = True
    invited_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Bot:
    """All parts of a bot, joined up; nothing runs until somebody runs it."""

    database: Database
    registry: Registry
    clock: Clock
    current: Current
    dispatcher: Dispatcher
    intake: Intake
    sender: Sender
    worker: Worker
    alarms: Alarms
    ticker: Ticker

    async def follow_school(self) -> None:
        """After a start, and after a reload: what hangs on the configuration follows it."""
        desk, now = self.dispatcher.desk, self.clock.now()
        async with self.database.transaction() as db:
            await want_bindings(db, desk.school, now)
            await hold_anew(db, desk.school, now)
            await take_note(desk, db, now)

    async def forget_old(self) -> None:
        """What the platform keeps no longer."""
        await forget_old(self.dispatcher.desk, self.database, self.clock.now())


def load_registry(
    plugins: Mapping[str, BaseModel | None], plugin_path: Iterable[Path] = ()
) -> tuple[Registry, dict[str, str]]:
    """The plugins by name with their settings, the core's own first; and why others could not be loaded."""
    loaded, failed = loading.load(plugins, plugin_path)
    everything: dict[str, Plugin] = {"core": core.plugin, **loaded}
    settings = {name: value for name, value in plugins.items() if value is not None}
    return Registry(everything, settings), failed


def load_catalog(registry: Registry) -> Catalog:
    """The texts of the platform and of every plugin; raises CatalogError where a file is broken."""
    folders = [plugin.folder / "locale" for plugin in registry.plugins.values() if plugin is not core.plugin]
    catalog = Catalog.load([CORE_LOCALE, *folders])
    catalog.keys(FALLBACK)
    return catalog


def branches(registry: Registry) -> list[Branch]:
    """The platform's own migrations and those of every plugin that has tables."""
    own = [plugin for plugin in registry.plugins.values() if plugin.tables is not None]
    return [CORE, *(Branch(one.name, one.folder / "migrations", one.tables) for one in own if one.tables)]


def plugin_tables(registry: Registry) -> list[MetaData]:
    """The tables of all plugins that have some."""
    return [plugin.tables for plugin in registry.plugins.values() if plugin.tables is not None]


def assemble(
    school: School,
    registry: Registry,
    database: Database,
    homeserver: Homeserver,
    clock: Clock,
    account: Account,
) -> Bot:
    """Join up all parts for one account."""
    current = Current(school, account.invited_by, account.stale_after)
    desk = _desk(current, registry, homeserver, account)
    dispatcher = Dispatcher(desk, database, clock, lambda: sender.notify())
    tables = tables_with_rooms(plugin_tables(registry))
    performers = Performers(homeserver, database, clock, current, account.encrypt_direct, tables)
    gathering = Gathering(desk, homeserver, database, clock)
    receiving = FamilyReceiving(desk, homeserver, clock)
    suspending = Suspending(desk, homeserver, database, clock)
    kinds = {**performers.by_kind(), **receiving.by_kind(), **suspending.by_kind()}
    personal = PersonalData(desk, homeserver, database, clock, personal_tables(plugin_tables(registry)))
    kinds |= personal.by_kind()
    kinds |= Promises(homeserver, database, clock).by_kind()
    kinds["gather-votes"] = gathering.perform
    worker = Worker(Tasks(database, kinds, dispatcher.task_ended), clock)
    sender = Sender(
        homeserver,
        database,
        clock,
        account.device_id,
        Turnstile(clock),
        dispatcher.replay,
        loss_teller(desk.outbox, clock),
        lambda db, row: hold_back(db, desk.outbox.voice.school, row, clock.now()),
    )
    alarms = Alarms(desk, database, sender.notify)
    ticker = Ticker(clock, alarms.run_due)
    database.watch(task, worker.notify)
    database.watch(timer, ticker.notify)
    rule = InvitationRule(current)
    intake = Intake(dispatcher, database, clock, rule, tables)
    return Bot(database, registry, clock, current, dispatcher, intake, sender, worker, alarms, ticker)


def _desk(current: Current, registry: Registry, homeserver: Homeserver, account: Account) -> Desk:
    catalog = load_catalog(registry)
    first = tuple(dict.fromkeys((current.school.language, "fr", "en")))
    return Desk(
        current=current,
        registry=registry,
        vocabulary=Vocabulary(catalog, registry.commands, first),
        outbox=Outbox(Voice(catalog, current)),
        ears=Ears(account.prefix, homeserver.user_id, account.name),
    )
