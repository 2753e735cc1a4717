"""Whatever people do to reminders in whatever order, each planned time is said once, and no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.reminders.conftest import DURAND, NAMES

MINUTES = st.integers(1, 600)


class Reminders(RuleBasedStateMachine):
    """A model of a few lines beside the real bot: when each reminder is due, and what has been said."""

    commands = Bundle("commands")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.bot: FakeBot = self.do(self.stack.enter_async_context(FakeBot.with_plugins("reminders")))
        self.room: FakeRoom = self.do(self.bot.room("6B", NAMES, {DURAND: 50}))
        self.due: dict[str, datetime] = {}
        self.said: Counter[str] = Counter()
        self.count = 0

    def do(self, what: Any) -> Any:
        return self.loop.run_until_complete(what)

    @property
    def now(self) -> datetime:
        return self.bot.clock.now()

    @rule(target=commands, minutes=MINUTES)
    def plan(self, minutes: int) -> Any:
        name = f"N{self.count}"
        self.count += 1
        event = self.do(self.room.say(DURAND, f"!rappel dans {minutes} minutes {name}"))
        self.due[name] = self.at(minutes)
        return event, name, f"R{self.count}"

    @rule(command=commands, minutes=MINUTES)
    def move(self, command: tuple[str, str, str], minutes: int) -> None:
        _, name, item = command
        before = len(self.room.of_kind("error"))
        self.do(self.room.say(DURAND, f"!modifier {item} dans {minutes} minutes"))
        if len(self.room.of_kind("error")) == before:
            self.due[name] = self.at(minutes)

    @rule(command=commands)
    def cancel(self, command: tuple[str, str, str]) -> None:
        self.do(self.room.redact(DURAND, command[0]))
        self.due.pop(command[1], None)
        self.said.pop(command[1], None)  # what was said is taken away too

    @rule(minutes=MINUTES)
    def wait(self, minutes: int) -> None:
        self.do(self.bot.later(minutes=minutes))
        self.pass_time()

    @rule(minutes=MINUTES)
    def be_down(self, minutes: int) -> None:
        self.bot.clock.advance(timedelta(minutes=minutes))
        self.bot.restart()
        self.do(self.bot.settle())
        self.pass_time()

    @rule(minutes=MINUTES)
    def clock_is_put_back(self, minutes: int) -> None:
        self.bot.clock.advance(-timedelta(minutes=minutes))
        self.do(self.bot.settle())

    def at(self, minutes: int) -> datetime:
        return (self.now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)

    def pass_time(self) -> None:
        for name in [name for name, at in self.due.items() if at <= self.now]:
            self.said[name] += 1
            del self.due[name]

    @invariant()
    def what_was_said_is_what_was_due(self) -> None:
        said = Counter(one.body.splitlines()[2] for one in self.room.of_kind("reminder"))
        assert said == +self.said

    def teardown(self) -> None:
        self.do(self.stack.aclose())
        self.loop.close()


TestReminders = Reminders.TestCase
TestReminders.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
