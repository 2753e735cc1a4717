"""Whatever people do to a secret poll, each voice's first vote counts once, under the code that was told."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from coedu_bot.demo.client import plain
from coedu_bot.testing import FakeBot, FakeRoom
from plugins.polls import secrecy
from tests.plugins.polls.conftest import (
    COSTA,
    COSTA_TOO,
    DURAND,
    FATHER,
    INFORMED,
    MOTHER,
    SCHOOL,
    open_class_room,
)
from tests.plugins.polls.test_every_voice_once import LINE, UNITS
from tests.plugins.polls.test_secret import CODE

VOTERS = (MOTHER, FATHER, COSTA, COSTA_TOO, INFORMED, DURAND)
OPTIONS = ("A", "B", "C")
_FEWEST = secrecy.FEWEST_VOTERS


class ASecretPoll(RuleBasedStateMachine):
    """One secret poll of one class; `given` is each voice's vote: who gave it, which, and its code."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.given: dict[str, tuple[str, str]] = {}
        self.codes: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.inside = set(VOTERS)
        self.ended = False

    def do(self, act: Any) -> Any:
        return self.loop.run_until_complete(act)

    @initialize(
        voice=st.sampled_from(["personne", "personne", "foyer", "élève"]),
        fewest=st.sampled_from([1, 1, 1, _FEWEST]),
        quorum=st.sampled_from([0, 0, 0, 3]),
        first=st.lists(st.tuples(st.sampled_from(VOTERS), st.sampled_from(OPTIONS)), min_size=2, max_size=7),
    )
    def open(self, voice: str, fewest: int, quorum: int, first: list[tuple[str, str]]) -> None:
        secrecy.FEWEST_VOTERS = fewest
        self.voice, self.needed = voice, max(fewest, quorum)
        self.bot: FakeBot = self.do(self.stack.enter_async_context(FakeBot.with_plugins("polls", **SCHOOL)))
        self.room: FakeRoom = self.do(open_class_room(self.bot))
        more = f'voix={voice} secret=oui fin="6 octobre 13h40"' + (f" quorum={quorum}" if quorum else "")
        self.do(self.room.say(DURAND, f"!sondage Q ? | A | B | C {more}"))
        for who, option in first:
            self.vote(who, option, tapped=True)

    def voices(self, who: str) -> set[str]:
        """What somebody may speak for now."""
        if self.voice == "personne":
            return {who} if who in self.inside and who != INFORMED else set()
        return {voice for voice, speakers in UNITS[self.voice].items() if who in speakers}

    @rule(who=st.sampled_from(VOTERS), option=st.sampled_from(OPTIONS), tapped=st.booleans())
    def vote(self, who: str, option: str, tapped: bool) -> None:
        private: FakeRoom = self.do(self.bot.direct(who))
        before = len(private.of_kind("poll.receipt"))
        if tapped and private.polls:
            self.do(private.vote(who, option))
        else:
            self.do(private.say(who, f"voter P1 {OPTIONS.index(option) + 1}"))
        free = set() if self.ended else self.voices(who) - self.given.keys()
        receipts = private.of_kind("poll.receipt")
        assert len(receipts) == before + bool(free), (who, option)
        if free:
            self.given |= dict.fromkeys(free, (who, option))
            self.codes[who, option] |= set(CODE.findall(receipts[-1].body))

    @rule(who=st.sampled_from(VOTERS), option=st.sampled_from("123"))
    def vote_aloud(self, who: str, option: str) -> None:
        self.do(self.room.say(who, f"!voter P1 {option}"))

    @rule(who=st.sampled_from([FATHER, COSTA_TOO]))
    def come_or_go(self, who: str) -> None:
        self.do(self.room.leave(who) if who in self.inside else self.room.join(who))
        self.inside ^= {who}

    @rule()
    def restart(self) -> None:
        self.bot.restart()

    @precondition(lambda self: not self.ended and len(self.given) > 2)
    @rule(by_hand=st.booleans(), leaving=st.sampled_from(["", FATHER, COSTA_TOO]))
    def end(self, by_hand: bool, leaving: str) -> None:
        if leaving in self.inside:
            self.come_or_go(leaving)
        self.counted = {voice: one for voice, one in self.given.items() if voice in self.voices(one[0])}
        if by_hand:
            self.do(self.room.say(DURAND, "!fin P1"))
        self.do(self.bot.later(hours=0 if by_hand else 7))
        self.bot.clock.advance(timedelta(seconds=1))
        self.ended = True

    def teardown(self) -> None:
        try:
            if hasattr(self, "voice"):
                if not self.ended:
                    self.end(by_hand=False, leaving=FATHER)
                self.check(self.published())
        finally:
            secrecy.FEWEST_VOTERS = _FEWEST
            self.do(self.stack.aclose())
            self.loop.close()

    def published(self) -> str:
        [shown] = [m.body for m in self.room.of_kind("poll.result") if m.rings and "url" not in m.content]
        return plain(shown)

    def check(self, shown: str) -> None:
        """The counts, and under each answer the codes of those who gave it; nothing where too few voted."""
        counts = {OPTIONS[int(number) - 1]: int(count) for number, count in LINE.findall(shown)}
        if len(self.counted) < self.needed:
            assert ("pas de résultat" in shown, counts, CODE.findall(shown)) == (True, {}, [])
            return
        said = [option for _, option in self.counted.values()]
        assert counts == {option: said.count(option) for option in OPTIONS}
        listed = {OPTIONS[int(one[2]) - 1]: set(CODE.findall(one)) for one in re.findall(r"- \d : .*", shown)}
        for option in OPTIONS:
            gave = {who for who, chosen in self.counted.values() if chosen == option}
            assert listed.get(option, set()) == {code for who in gave for code in self.codes[who, option]}


ASecretPoll.TestCase.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)
TestEverySecretOnce = ASecretPoll.TestCase
