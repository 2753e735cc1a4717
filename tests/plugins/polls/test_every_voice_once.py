"""Whatever people do to a poll, in whatever order, the published result is that of a naive reading.

Changed, redacted, spoiled and oversized answers, late ones and such as the bot has not heard, members who
come and go, two guardians of a household, two households of a pupil, answers entered by staff, restarts.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from coedu_bot.demo.client import plain
from coedu_bot.testing import FakeBot, FakeRoom
from coedu_bot.testing.homeserver import POLL_RESPONSE
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

VOTERS = (MOTHER, FATHER, COSTA, COSTA_TOO, INFORMED, DURAND)
PETIT = "Petit"  # no telephone: a teacher answers for them
UNITS: dict[str, dict[str, tuple[str, ...]]] = {
    "foyer": {"m": (MOTHER,), "f": (FATHER,), "c": (COSTA, COSTA_TOO), "p": (PETIT,)},
    "élève": {
        "lina": (MOTHER, FATHER),
        "rui": (COSTA, COSTA_TOO),
        "ana": (COSTA, COSTA_TOO),
        "leo": (PETIT,),
    },
}
ENDS = timedelta(hours=6)
LINE = re.compile(r"- (\d) \w : (\d+) voix")


class APoll(RuleBasedStateMachine):
    """One poll of one class, from its opening to its deadline; `said` is what happened, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.said: list[tuple[str, tuple[str, ...], datetime, str]] = []
        self.inside = set(VOTERS)
        self.members_at_end: set[str] | None = None

    def do(self, act: Any) -> Any:
        return self.loop.run_until_complete(act)

    @initialize(voice=st.sampled_from(["personne", "foyer", "élève"]), most=st.sampled_from([1, 2]))
    def open(self, voice: str, most: int) -> None:
        self.voice, self.most = voice, most
        self.bot: FakeBot = self.do(self.stack.enter_async_context(FakeBot.with_plugins("polls", **SCHOOL)))
        self.room: FakeRoom = self.do(open_class_room(self.bot))
        self.ends_at = self.bot.clock.now() + ENDS
        options = f'voix={voice} choix={most} résultats=direct fin="6 octobre 13h40"'
        self.do(self.room.say(DURAND, f"!sondage Q ? | A | B | C {options}"))
        self.poll = self.room.polls[0] if most == 1 else None

    @precondition(lambda self: self.most == 1)
    @rule(
        who=st.sampled_from(VOTERS),
        answers=st.lists(st.sampled_from("1123x"), max_size=3).map(tuple),
        ago=st.sampled_from([0, 0, 0, 90]),
    )
    def vote(self, who: str, answers: tuple[str, ...], ago: int) -> None:
        at = self.bot.clock.now() - timedelta(minutes=ago)
        assert self.poll is not None
        event = self.do(self.room.answer(who, *answers, on=self.poll.event_id, at=at))
        self.said.append((who, answers, at, event))

    @precondition(lambda self: self.most == 1)
    @rule(who=st.sampled_from(VOTERS), answers=st.lists(st.sampled_from("123x"), max_size=2))
    def vote_unheard(self, who: str, answers: list[str]) -> None:
        """The bot is down, or its homeserver is slow: it finds the vote when it reads all again."""
        assert self.poll is not None
        self.bot.clock.advance(timedelta(seconds=1))
        relates = {"rel_type": "m.reference", "event_id": self.poll.event_id}
        content = {"m.relates_to": relates, POLL_RESPONSE: {"answers": answers}}
        event = self.bot.homeserver.add_event(self.room.id, who, POLL_RESPONSE, content)
        self.said.append((who, tuple(answers), event.sent_at, event.event_id))
        self.bot.clock.advance(timedelta(seconds=1))

    @precondition(lambda self: self.members_at_end is None and self.voice != "personne")
    @rule(number=st.sampled_from("123"))
    def enter_for_a_family(self, number: str) -> None:
        """Somebody without a telephone has told the teacher."""
        event = self.do(self.room.say(DURAND, f"!voter P1 {number} pour Petit"))
        self.said.append((PETIT, (number,), self.bot.clock.now(), event))

    @rule(who=st.sampled_from([COSTA, MOTHER, FATHER]), numbers=st.sets(st.sampled_from("123"), min_size=1))
    def vote_in_words(self, who: str, numbers: set[str]) -> None:
        event = self.do(self.room.say(who, f"!voter P1 {' '.join(sorted(numbers))}"))
        if len(numbers) <= self.most and self._counts(who):
            self.said.append((who, tuple(sorted(numbers)), self.bot.clock.now(), event))

    @precondition(lambda self: self.most == 2)
    @rule(who=st.sampled_from([COSTA, COSTA_TOO, MOTHER]), number=st.integers(0, 2))
    def tick(self, who: str, number: int) -> None:
        private: FakeRoom = self.do(self.bot.direct(who))
        if not private.polls or not self._counts(who):
            return
        label = list(private.menu.choices)[number]
        answer = "123"[number]
        event = self.do(private.vote(who, label))
        before = self.newest(who)
        left = tuple(one for one in before if one != answer)
        said = left if answer in before else (*before, answer)
        self.said.append((who, said, self.bot.clock.now(), event))

    def _counts(self, who: str) -> bool:
        return self.members_at_end is None and (who in self.inside or self.voice != "personne")

    def newest(self, who: str) -> tuple[str, ...]:
        """What somebody said last, be it worth anything or not."""
        mine = [(at, place, said) for place, (one, said, at, _) in enumerate(self.said) if one == who]
        return max(mine)[2] if mine else ()

    @precondition(lambda self: self.most == 1 and self.said and self.members_at_end is None)
    @rule(which=st.integers(0, 30))
    def take_back(self, which: int) -> None:
        gone = self.said[which % len(self.said)]
        self.said.remove(gone)
        self.do(self.room.redact(DURAND if gone[0] == PETIT else gone[0], gone[3]))

    @rule(who=st.sampled_from([FATHER, COSTA_TOO]))
    def come_or_go(self, who: str) -> None:
        self.do(self.room.leave(who) if who in self.inside else self.room.join(who))
        self.inside ^= {who}

    @rule()
    def restart(self) -> None:
        self.bot.restart()

    @rule(minutes=st.sampled_from([1, 30, 60]))
    def time_passes(self, minutes: int) -> None:
        if self.members_at_end or self.bot.clock.now() + timedelta(minutes=minutes) < self.ends_at:
            self.do(self.bot.later(minutes=minutes))

    @precondition(lambda self: self.members_at_end is None and len(self.said) > 4)
    @rule(how=st.sampled_from(["by hand", "by the deadline", "while the bot is down"]))
    def end(self, how: str) -> None:
        """What comes after this is late."""
        self.members_at_end = set(self.inside)
        if how == "by hand":
            self.ends_at = self.bot.clock.now()
            self.do(self.room.say(DURAND, "!fin P1"))
        elif how == "while the bot is down":
            self.bot.clock.set(self.ends_at)
            for who in (COSTA, MOTHER, DURAND) if self.poll else ():
                self.vote_unheard(who, ["1"])
        self.do(self.bot.later(hours=0 if how == "by hand" else 7))
        self.bot.clock.advance(timedelta(seconds=1))

    def teardown(self) -> None:
        try:
            if hasattr(self, "most"):
                if self.members_at_end is None:
                    self.end("by the deadline")
                naive = {"1": 0, "2": 0, "3": 0} | dict(self.naive())
                assert self.published() == naive, self.said
                assert self.asked_for() == naive, self.said
        finally:
            self.do(self.stack.aclose())
            self.loop.close()

    def published(self) -> dict[str, int]:
        """The counts that the room shows since the end."""
        [shown] = [m.body for m in self.room.of_kind("poll.result") if m.rings and "url" not in m.content]
        return {a: int(n) for a, n in LINE.findall(plain(shown))}

    def asked_for(self) -> dict[str, int]:
        """The counts that somebody reads who asks later."""
        self.do(self.room.say(DURAND, "!résultats P1"))
        return {a: int(n) for a, n in LINE.findall(plain(self.room.last.body))}

    def naive(self) -> Counter[str]:
        """MSC3381 word for word, then one voice each."""
        if self.voice == "personne":
            inside = self.members_at_end or set()
            deciding = [who for who in VOTERS if who in inside and who != INFORMED]
            words = [word[0] for who in deciding if (word := self.word(who))]
            return Counter(answer for said in words for answer in said)
        counts: Counter[str] = Counter()
        for speakers in UNITS[self.voice].values():
            heard = [(self.when(who), word) for who in speakers if (word := self.word(who))]
            if heard:
                first = self.voice == "élève"
                counts.update((min if first else max)(heard)[1][0])
        return counts

    def word(self, who: str) -> tuple[tuple[str, ...], tuple[datetime, int]] | None:
        """The newest answer of somebody, if it is valid."""
        newest: tuple[datetime, int] | None = None
        answers: tuple[str, ...] = ()
        for place, (voter, said, at, _) in enumerate(self.said):
            if voter == who and at <= self.ends_at and (newest is None or (at, place) >= newest):
                newest, answers = (at, place), said
        valid = () if "x" in answers else answers[: self.most]
        return (valid, newest) if newest and valid else None

    def when(self, who: str) -> tuple[datetime, int]:
        """When a household's speaker spoke last, or a pupil's first."""
        valid = [
            (at, place)
            for place, (voter, said, at, _) in enumerate(self.said)
            if voter == who and said and "x" not in said and at <= self.ends_at
        ]
        if self.voice == "élève":
            return min(valid)
        word = self.word(who)
        assert word is not None
        return word[1]


APoll.TestCase.settings = settings(max_examples=18, stateful_step_count=15, deadline=None)
TestEveryVoiceOnce = APoll.TestCase
