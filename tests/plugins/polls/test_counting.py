"""Every voice counted once: our tally against a naive reading of MSC3381 and the voice rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugins.polls.domain import Electorate, Poll, State, Voice, Vote, tally

START = datetime(2026, 10, 6, 8, tzinfo=UTC)
PEOPLE = ["@a", "@b", "@c", "@d", "@e"]

votes = st.lists(
    st.builds(
        Vote,
        voter=st.sampled_from([*PEOPLE, "@stranger", "h1"]),
        answers=st.lists(st.sampled_from(["1", "2", "3", "4", "x"]), max_size=5).map(tuple),
        sent_at=st.integers(0, 8).map(lambda hours: START + timedelta(hours=hours)),
        position=st.just(0),
        spoiled=st.booleans(),
    ),
    max_size=25,
).map(lambda many: [Vote(v.voter, v.answers, v.sent_at, at, v.spoiled) for at, v in enumerate(many)])
electorates = st.builds(
    Electorate,
    st.sampled_from(Voice),
    st.dictionaries(st.sampled_from(["h1", "h2", "h3"]), st.frozensets(st.sampled_from(PEOPLE), max_size=3)),
)


def poll(choices: int = 1, ended_at: datetime | None = None) -> Poll:
    state = State.CLOSING if ended_at else State.OPEN
    return Poll(
        id="P1",
        author="@t",
        room="!r",
        question="?",
        options=("A", "B", "C"),
        choices=choices,
        ended_at=ended_at,
        state=state,
    )


@dataclass(frozen=True)
class Naive:
    """Word for word: look at each voice, at each of its speakers, at each of their answers."""

    choices: int
    end: datetime | None
    cast: list[Vote]

    def in_time(self, person: str) -> list[Vote]:
        return [v for v in self.cast if v.voter == person and (self.end is None or not v.sent_at > self.end)]

    def worth(self, vote: Vote) -> list[str]:
        if vote.spoiled or "x" in vote.answers or "4" in vote.answers:
            return []
        return sorted(set(vote.answers[: self.choices]))

    def last_word(self, person: str) -> Vote | None:
        latest = None
        for vote in self.in_time(person):
            if latest is None or vote.sent_at >= latest.sent_at:
                latest = vote
        return latest if latest and self.worth(latest) else None

    def first_word(self, person: str) -> tuple[datetime, int]:
        return min((v.sent_at, v.position) for v in self.in_time(person) if self.worth(v))

    def of_voice(self, voice: str, speakers: frozenset[str], rule: Voice) -> list[str]:
        heard = [(p, word) for p in (voice, *speakers) if (word := self.last_word(p))]
        if not heard:
            return []
        if rule is Voice.PUPIL:
            return self.worth(min(heard, key=lambda one: self.first_word(one[0]))[1])
        return self.worth(max(heard, key=lambda one: (one[1].sent_at, one[1].position))[1])

    def total(self, who: Electorate) -> Counter[str]:
        return Counter(
            answer
            for voice, speakers in who.voices.items()
            for answer in self.of_voice(voice, speakers, who.rule)
        )


@given(votes, electorates, st.integers(1, 3), st.none() | st.integers(0, 8))
def test_the_tally_is_that_of_a_naive_reading(
    cast: list[Vote], who: Electorate, choices: int, ends: int | None
) -> None:
    end = None if ends is None else START + timedelta(hours=ends)
    counted = tally(poll(choices, end), cast, who).counts
    assert Counter({answer: n for answer, n in counted.items() if n}) == Naive(choices, end, cast).total(who)


@given(votes, electorates)
def test_no_voice_counts_twice_and_none_that_did_not_vote(cast: list[Vote], who: Electorate) -> None:
    counted = tally(poll(), cast, who)
    assert sum(counted.counts.values()) == counted.voted <= counted.all == len(who.voices)


def vote(voter: str, *answers: str, hour: int = 0, position: int = 0) -> Vote:
    return Vote(voter, answers, START + timedelta(hours=hour), position)


HOUSEHOLD = Electorate(Voice.HOUSEHOLD, {"benali": frozenset({"@a", "@b"})})
PUPIL = Electorate(Voice.PUPIL, {"lina": frozenset({"@a", "@b"})})


def test_a_households_voice_is_its_latest_answer() -> None:
    counted = tally(poll(), [vote("@a", "1"), vote("@b", "2", hour=1)], HOUSEHOLD)
    assert counted.counts == {"1": 0, "2": 1, "3": 0}


def test_a_withdrawn_answer_leaves_the_word_to_the_rest_of_the_household() -> None:
    cast = [vote("@a", "1"), vote("@b", "2", hour=1), vote("@b", hour=2)]
    assert tally(poll(), cast, HOUSEHOLD).counts["1"] == 1


def test_a_pupils_voice_is_the_first_answer_and_only_its_author_changes_it() -> None:
    cast = [vote("@a", "1"), vote("@b", "2", hour=1), vote("@a", "3", hour=2)]
    assert tally(poll(), cast, PUPIL).counts == {"1": 0, "2": 0, "3": 1}


def test_answers_beyond_the_limit_are_cut_and_repeats_count_once() -> None:
    cast = [vote("@a", "1", "1", "3")]
    assert tally(poll(choices=2), cast, HOUSEHOLD).counts == {"1": 1, "2": 0, "3": 0}


def test_of_two_answers_of_one_instant_the_later_in_the_timeline_counts() -> None:
    cast = [vote("@a", "2", position=2), vote("@a", "1", position=1)]
    assert tally(poll(), cast, HOUSEHOLD).counts["2"] == 1
