"""What a feature registers: commands, taps, answers, timers. A registry without behaviour."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import MetaData

from coedu_bot.school.rights import Capability
from coedu_bot.usage import Usage, parse_usage

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Any]])
AnyHandler = Callable[..., Awaitable[Any]]

JOINED = "joined"
"""The timer that a coming into a room sets, due at once: handled exactly once, after a kill too."""


class PluginError(Exception):
    """A plugin that cannot be loaded as it is, and why."""


class NoSettings(BaseModel, extra="forbid"):
    """For plugins that have nothing to set."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a guided dialogue; its text key is `ask-<command>-<name>`.

    The answer becomes the command's text; with `option` the option of that name, with `lines` at least so
    many lines, one an entry. `usual` are answers to choose from (`choice-<value>`), `dates` moments to come,
    `rooms` the rooms where the person may do what it `needs` (else what the command does). What is `optional`
    can be passed over, under the words of the text key `skip`.
    """

    name: str
    option: bool = False
    lines: int = 0
    usual: tuple[str, ...] = ()
    dates: bool = False
    rooms: bool = False
    needs: str | None = None
    optional: bool = False
    skip: str = "dialogue-skip"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its text keys are `command-`, `help-` and `example-<name>`."""

    name: str
    usage: Usage
    handler: AnyHandler
    options: type | None = None  # a dataclass; its fields are the options, its types their grammar
    needs: str | None = None  # capability
    posts: bool = False  # speaks to many: asked again when it has gone stale
    private: bool = False  # answered privately wherever it is typed
    becomes: str | None = None  # the command it is when text (but no id) follows ("annonces" -> "annonce")
    plugin: str = ""
    listed: bool = False  # its text ends in a list: lines that are options count wherever they stand
    dialogue: tuple[Ask, ...] = ()  # what is asked for when it is typed bare


@dataclass(slots=True)
class Plugin:
    """One feature. `letter` starts its items' short ids; `needs` in a command names a capability."""

    name: str
    package: str
    settings: type[BaseModel] = NoSettings
    letters: str = ""
    capabilities: tuple[Capability, ...] = ()
    tables: MetaData | None = None
    commands: dict[str, Command] = field(default_factory=dict)
    item_commands: dict[str, Command] = field(default_factory=dict)
    taps: dict[tuple[str, str], AnyHandler] = field(default_factory=dict)
    answers: dict[str, AnyHandler] = field(default_factory=dict)
    timers: dict[str, AnyHandler] = field(default_factory=dict)
    menus: dict[str, AnyHandler] = field(default_factory=dict)
    secret_menus: set[str] = field(default_factory=set)
    votes: dict[str, AnyHandler] = field(default_factory=dict)
    poll_ends: dict[str, AnyHandler] = field(default_factory=dict)
    gatherings: dict[str, AnyHandler] = field(default_factory=dict)
    undone: dict[str, AnyHandler] = field(default_factory=dict)
    when_edited: AnyHandler | None = None
    when_guardians_added: AnyHandler | None = None
    when_taken_back: AnyHandler | None = None
    when_person_suspended: AnyHandler | None = None
    when_items_old: AnyHandler | None = None

    def command(
        self,
        usage: str,
        *,
        options: type | None = None,
        needs: str | None = None,
        posts: bool = False,
        private: bool = False,
        becomes: str | None = None,
        listed: bool = False,
        dialogue: tuple[Ask, ...] = (),
    ) -> Callable[[Handler], Handler]:
        """Register a command, e.g. `"remind <when> <text...>"`; raises PluginError if it is there twice."""
        parsed = parse_usage(usage)

        def register(handler: Handler) -> Handler:
            entry = Command(
                parsed.name,
                parsed,
                handler,
                options,
                needs,
                posts,
                private,
                becomes,
                self.name,
                listed,
                dialogue,
            )
            _once(self.commands, parsed.name, entry)
            return handler

        return register

    def item_command(
        self, usage: str, *, options: type | None = None, private: bool = False, listed: bool = False
    ) -> Callable[[Handler], Handler]:
        """Register what one of the core words (`cancel`, `modify`) does to this plugin's items."""
        parsed = parse_usage(usage)

        def register(handler: Handler) -> Handler:
            entry = Command(
                parsed.name, parsed, handler, options, private=private, plugin=self.name, listed=listed
            )
            _once(self.item_commands, parsed.name, entry)
            return handler

        return register

    def tap(self, key: str, *, on: str) -> Callable[[Handler], Handler]:
        """Register what a reaction `key` on our messages of kind `on` does."""
        return _registering(self.taps, (on, key))

    def answer(self, *, on: str) -> Callable[[Handler], Handler]:
        """Register what a reply to, or a thread message under, our messages of kind `on` does."""
        return _registering(self.answers, on)

    def vote(self, *, on: str) -> Callable[[Handler], Handler]:
        """Register what an answer to our native polls of kind `on` does, and its taking back."""
        return _registering(self.votes, on)

    def poll_ended(self, *, on: str) -> Callable[[Handler], Handler]:
        """Register what it does when somebody but the bot ends our native polls of kind `on`."""
        return _registering(self.poll_ends, on)

    def gathered(self, name: str) -> Callable[[Handler], Handler]:
        """Register what happens when the votes that a `GatherVotes` of this name asked for are there."""
        return _registering(self.gatherings, name)

    def timer(self, name: str) -> Callable[[Handler], Handler]:
        """Register what happens when a `Wake` of this name is due."""
        return _registering(self.timers, name)

    def joined(self, handler: Handler) -> Handler:
        """Register what happens when somebody comes into a shared room; `ctx.payload` has room and person."""
        return _registering(self.timers, JOINED)(handler)

    def menu(self, name: str, *, secret: bool = False) -> Callable[[Handler], Handler]:
        """Register what a choice from our menu of this name does; if `secret`, it is kept nowhere else."""
        if secret:
            self.secret_menus.add(name)
        return _registering(self.menus, name)

    def guardians_added(self, handler: Handler) -> Handler:
        """Register what happens for guardians whom the school names only since now; they come as ids."""
        self.when_guardians_added = handler
        return handler

    def person_suspended(self, handler: Handler) -> Handler:
        """Register what becomes void when a guardian may be told nothing any more; it gets their id."""
        self.when_person_suspended = handler
        return handler

    def items_old(self, handler: Handler) -> Handler:
        """Register what forgets items that are kept no longer; it gets ids, returns those that went."""
        self.when_items_old = handler
        return handler

    def unsaid(self, command: str) -> Callable[[Handler], Handler]:
        """Register what it does when a command that makes no item is redacted by its author.

        An edit of such a command runs it again; it takes the place of what it did before.
        """
        return _registering(self.undone, command)

    def edited(self, handler: Handler) -> Handler:
        """Register what an edit of the command message of an item does."""
        self.when_edited = handler
        return handler

    def taken_back(self, handler: Handler) -> Handler:
        """Register what the redaction of the command message of an item does."""
        self.when_taken_back = handler
        return handler

    @property
    def folder(self) -> Path:
        """Where the plugin's `locale/`, `migrations/` and README.md lie."""
        spec = find_spec(self.package)
        if spec is None or spec.origin is None:
            raise PluginError(f"{self.name}: package {self.package!r} is not to be found")
        return Path(spec.origin).parent


def _registering(registry: dict[Any, AnyHandler], key: Any) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _once(registry, key, handler)
        return handler

    return register


def _once(registry: dict[Any, Any], key: Any, entry: Any) -> None:
    if key in registry:
        raise PluginError(f"{key!r} is registered twice")
    registry[key] = entry


PluginSettings = Mapping[str, BaseModel]
