"""The plugins that are on, and where an event finds its handler among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from coedu_bot.plugin import AnyHandler, Command, Plugin, PluginError
from coedu_bot.school.rights import Capability

Nearer = Mapping[str, Mapping[str, BaseModel]]
"""Settings by plugin where they differ from the school's: of a class (`6B/`) or a room (`6B/class`)."""


@dataclass(slots=True)
class Registry:
    """Plugins by name with their settings; raises PluginError where two claim the same thing."""

    plugins: Mapping[str, Plugin]
    settings: Mapping[str, BaseModel]
    nearer: Nearer = field(default_factory=dict)
    commands: dict[str, Command] = field(init=False)

    def __post_init__(self) -> None:
        self.commands = {}
        letters: dict[str, str] = {}
        for plugin in self.plugins.values():
            for name, command in plugin.commands.items():
                if name in self.commands:
                    raise PluginError(f"command {name!r}: {plugin.name} and {self.commands[name].plugin}")
                self.commands[name] = command
            for letter in plugin.letters:
                if letters.setdefault(letter, plugin.name) != plugin.name:
                    raise PluginError(f"letter {letter!r}: {plugin.name} and {letters[letter]}")

    def settings_of(self, plugin: str, *places: str) -> BaseModel:
        """A plugin's settings: those of the first of these places that has its own, else the school's."""
        nearer = next((own[plugin] for one in places if plugin in (own := self.nearer.get(one, {}))), None)
        return nearer or self.settings.get(plugin) or self.plugins[plugin].settings()

    def tap(self, plugin: str, kind: str, key: str) -> AnyHandler | None:
        """What a reaction on a message of this plugin and kind does."""
        return self.plugins[plugin].taps.get((kind, key)) if plugin in self.plugins else None

    def answer(self, plugin: str, kind: str) -> AnyHandler | None:
        return self.plugins[plugin].answers.get(kind) if plugin in self.plugins else None

    def menu(self, plugin: str, name: str) -> AnyHandler | None:
        """What a choice from a menu does."""
        return self.plugins[plugin].menus.get(name) if plugin in self.plugins else None

    def is_secret(self, plugin: str, name: str) -> bool:
        """Whether nothing may be kept of what is chosen from a menu."""
        return plugin in self.plugins and name in self.plugins[plugin].secret_menus

    def unsaid(self, word: str) -> tuple[str, AnyHandler] | None:
        """Whose command is taken back by its redaction though it made no item, and what that does."""
        command = self.commands.get(word)
        handler = self.plugins[command.plugin].undone.get(word) if command else None
        return (command.plugin, handler) if command and handler else None

    def vote(self, plugin: str, kind: str) -> AnyHandler | None:
        """What an answer to a native poll of this plugin and kind does."""
        return self.plugins[plugin].votes.get(kind) if plugin in self.plugins else None

    def poll_ended(self, plugin: str, kind: str) -> AnyHandler | None:
        return self.plugins[plugin].poll_ends.get(kind) if plugin in self.plugins else None

    @property
    def capabilities(self) -> list[Capability]:
        return [capability for plugin in self.plugins.values() for capability in plugin.capabilities]
