"""What a poll is, whose voice counts, and how votes are counted; pure.

Counting is MSC3381's, then the voice rule: one voice a person, a household or a pupil.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

FEWEST_OPTIONS, MOST_OPTIONS = 2, 20
LONGEST_TEXT = 340
"""Letters of a question or an option: what Element takes; a poll of the most and longest fits an event."""
REMIND_BEFORE = timedelta(hours=24)


class Voice(StrEnum):
    """Whose voice counts once."""

    PERSON = "person"
    HOUSEHOLD = "household"
    PUPIL = "pupil"


class Showing(StrEnum):
    """When counts are seen: as votes come, or only at the end."""

    LIVE = "live"
    AT_END = "at_end"


class Form(StrEnum):
    """How people answer: on a native poll in the room, privately, or privately and for ever unknown.

    `DATES` are answered privately too, each with yes, if need be, or no: see `date_domain`.
    """

    NATIVE = "native"
    PRIVATE = "private"
    SECRET = "secret"
    DATES = "dates"


class State(StrEnum):
    """Where a poll is in its life; `closing` while its votes are read once more."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A question to a room; answers are named by their number from 1, as a string, on the wire and here.

    `ref` is our native poll (or the message that stands for it), `companion` the message under it.
    """

    id: str
    author: str
    room: str
    question: str
    options: tuple[str, ...]
    form: Form = Form.NATIVE
    choices: int = 1
    voice: Voice = Voice.PERSON
    showing: Showing = Showing.LIVE
    until: datetime | None = None
    quorum: int = 0
    reminds: bool = False
    reminded_at: datetime | None = None
    state: State = State.OPEN
    version: int = 1
    ref: str = ""
    companion: str = ""
    ended_at: datetime | None = None
    chosen: int | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        """The ids of its options."""
        return tuple(str(number) for number in range(1, len(self.options) + 1))

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN

    @property
    def is_over(self) -> bool:
        """Whether nothing that is heard now changes it: it is counted, or cancelled."""
        return self.state in (State.CLOSED, State.CANCELLED)

    @property
    def shows_counts(self) -> bool:
        """Whether the room sees private answers counted as they come."""
        return self.form in (Form.PRIVATE, Form.DATES) and self.showing is Showing.LIVE

    def takes_votes_of(self, moment: datetime) -> bool:
        """Whether a vote sent at this moment was in time."""
        end = self.ended_at or self.until
        return self.state is not State.CANCELLED and (end is None or moment <= end)

    def closing(self, at: datetime) -> Poll:
        """Its end: the deadline if that has passed, else the moment somebody ended it."""
        ended = min(at, self.until) if self.until else at
        return replace(self, state=State.CLOSING, ended_at=ended)

    def reminds_at(self) -> datetime | None:
        """When those who have not voted are written to."""
        return self.until - REMIND_BEFORE if self.until and self.reminds else None


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer as it was sent; `position` is its place in the timeline.

    `spoiled` where it could not be read as an answer at all. `noted_by` when staff entered it.
    """

    voter: str
    answers: tuple[str, ...]
    sent_at: datetime
    position: int
    spoiled: bool = False
    noted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Electorate:
    """Who has a voice: each voice's key, and the ids of those who may speak for it.

    An answer that staff enter for a voice has the voice's own key as its voter.
    """

    rule: Voice
    voices: Mapping[str, frozenset[str]]

    def of(self, voter: str) -> list[str]:
        """The voices that somebody speaks for."""
        return [voice for voice, speakers in self.voices.items() if voter in speakers]


@dataclass(frozen=True, slots=True)
class Stand:
    """What somebody says now: their choice, since when, and when they first said anything that counts."""

    choice: tuple[str, ...]
    said_at: datetime
    position: int
    first: tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by answer, in the order of the options; `voted` voices of `all` that have one."""

    counts: Mapping[str, int]
    voted: int
    all: int
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def most(self) -> int:
        return max(self.counts.values(), default=0)

    def leaders(self) -> list[str]:
        """The answers with most voices; none where nobody voted."""
        return [answer for answer, count in self.counts.items() if count and count == self.most]


def valid_choice(answers: Sequence[str], known: Sequence[str], most: int) -> tuple[str, ...]:
    """The answers that count: none if any is unknown, never more than allowed, each once (MSC3381)."""
    if any(answer not in known for answer in answers):
        return ()
    return tuple(dict.fromkeys(answers[:most]))


def stands(poll: Poll, votes: Iterable[Vote]) -> dict[str, Stand]:
    """Per voter the newest answer in time, if it says something; an empty or spoiled one withdraws."""
    newest: dict[str, Stand | None] = {}
    first: dict[str, tuple[datetime, int]] = {}
    for vote in sorted(votes, key=lambda one: (one.sent_at, one.position)):
        if not poll.takes_votes_of(vote.sent_at):
            continue
        choice = () if vote.spoiled else valid_choice(vote.answers, poll.answers, poll.choices)
        if not choice:
            newest[vote.voter] = None
            continue
        since = first.setdefault(vote.voter, (vote.sent_at, vote.position))
        newest[vote.voter] = Stand(choice, vote.sent_at, vote.position, since)
    return {voter: stand for voter, stand in newest.items() if stand is not None}


def speaker(rule: Voice, speakers: Iterable[str], standing: Mapping[str, Stand]) -> str | None:
    """Whose answer is the voice's: a household's latest, a pupil's first to have answered."""
    who = [one for one in speakers if one in standing]
    if not who:
        return None
    if rule is Voice.PUPIL:
        return min(who, key=lambda one: standing[one].first)
    return max(who, key=lambda one: (standing[one].said_at, standing[one].position))


def tally(poll: Poll, votes: Iterable[Vote], electorate: Electorate) -> Tally:
    """Count every voice once."""
    standing = stands(poll, votes)
    choices: dict[str, tuple[str, ...]] = {}
    for voice, speakers in electorate.voices.items():
        who = speaker(electorate.rule, {voice, *speakers}, standing)
        if who is not None:
            choices[voice] = standing[who].choice
    counts = dict.fromkeys(poll.answers, 0)
    for choice in choices.values():
        for answer in choice:
            counts[answer] += 1
    return Tally(counts, len(choices), len(electorate.voices), choices)
