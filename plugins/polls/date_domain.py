"""Dates to choose from, what people say to each, and which of them suits best; pure.

An answer is kept as `2:maybe`, the number of the date and the word; one vote may answer several dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from plugins.polls.domain import Electorate, Poll, Voice, Vote

USUAL_LENGTH = timedelta(hours=1)
"""How long something lasts of which only the beginning was said."""


class Answer(StrEnum):
    """What somebody says to one date."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date with an hour, aware and in its named zone; maybe with an end."""

    begins: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class WholeDays:
    """One day or several, the last one included."""

    first: date
    last: date


Span = Moment | WholeDays

Answers = Mapping[int, Answer]
"""What is said to the dates, by their number from 1."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to one date, and since when it stands."""

    answer: Answer
    at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class DateStand:
    """What somebody says now to which date, and when they first said anything that counts."""

    dates: Mapping[int, Said]
    first: tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class DateTally:
    """Counts for each date, in order; `voted` voices of `all` that have one."""

    counts: tuple[Mapping[Answer, int], ...]
    voted: int
    all: int
    answers: Mapping[str, Answers] = field(default_factory=dict)


def written(span: Span) -> str:
    """A date as it is kept: `2026-10-08T18:00 Europe/Paris`, with `/` before an end."""
    if isinstance(span, WholeDays):
        days = (span.first,) if span.first == span.last else (span.first, span.last)
        return "/".join(day.isoformat() for day in days)
    ends = (span.begins,) if span.ends is None else (span.begins, span.ends)
    walls = "/".join(one.replace(tzinfo=None).isoformat(timespec="minutes") for one in ends)
    return f"{walls} {span.begins.tzinfo}"


def read_span(kept: str) -> Span:
    """The date that was kept so."""
    said, _, zone = kept.partition(" ")
    parts = said.split("/")
    if not zone:
        days = [date.fromisoformat(part) for part in parts]
        return WholeDays(days[0], days[-1])
    moments = [datetime.fromisoformat(part).replace(tzinfo=ZoneInfo(zone)) for part in parts]
    return Moment(moments[0], moments[1] if len(moments) > 1 else None)


def spans_of(poll: Poll) -> tuple[Span, ...]:
    """The dates that a poll asks about."""
    return tuple(read_span(option) for option in poll.options)


def begins_on(span: Span) -> datetime:
    """When it begins, on the wall clock of its place; a whole day as soon as it begins."""
    if isinstance(span, WholeDays):
        return datetime.combine(span.first, time())
    return span.begins.replace(tzinfo=None)


def is_past(span: Span, now: datetime) -> bool:
    """Whether it has begun, or, of whole days, is over; `now` is aware and on the clock of the place."""
    if isinstance(span, WholeDays):
        return span.last < now.date()
    return span.begins <= now


def vote_of(answers: Answers) -> tuple[str, ...]:
    """Answers as a vote keeps them."""
    return tuple(f"{number}:{answer}" for number, answer in sorted(answers.items()))


def answers_of(vote: Vote, dates: int) -> dict[int, Answer]:
    """What a vote says to which of so many dates."""
    parts = (one.partition(":") for one in vote.answers)
    said = {int(number): Answer(answer) for number, _, answer in parts}
    return {number: answer for number, answer in said.items() if 1 <= number <= dates}


def standing(poll: Poll, votes: Iterable[Vote]) -> dict[str, DateStand]:
    """Per voter the newest answer in time to each date; an empty one takes back all they said."""
    dates: dict[str, dict[int, Said]] = {}
    first: dict[str, tuple[datetime, int]] = {}
    for vote in sorted(votes, key=lambda one: (one.sent_at, one.position)):
        if not poll.takes_votes_of(vote.sent_at):
            continue
        said = answers_of(vote, len(poll.options))
        if not said:
            dates.pop(vote.voter, None)
            continue
        first.setdefault(vote.voter, (vote.sent_at, vote.position))
        now = {number: Said(answer, vote.sent_at, vote.position) for number, answer in said.items()}
        dates[vote.voter] = dates.get(vote.voter, {}) | now
    return {voter: DateStand(said, first[voter]) for voter, said in dates.items()}


def of_voice(rule: Voice, speakers: Iterable[str], stands: Mapping[str, DateStand]) -> dict[int, Answer]:
    """A household's latest answer to each date; a pupil's only from who answered for them first."""
    who = [stands[one] for one in speakers if one in stands]
    if rule is Voice.PUPIL and who:
        who = [min(who, key=lambda one: one.first)]
    newest: dict[int, Said] = {}
    for number, said in (entry for stand in who for entry in stand.dates.items()):
        before = newest.get(number)
        if before is None or (before.at, before.position) < (said.at, said.position):
            newest[number] = said
    return {number: newest[number].answer for number in sorted(newest)}


def tally_dates(poll: Poll, votes: Iterable[Vote], electorate: Electorate) -> DateTally:
    """Count every voice once for each date."""
    stands = standing(poll, votes)
    answers: dict[str, Answers] = {}
    for voice, speakers in electorate.voices.items():
        said = of_voice(electorate.rule, {voice, *speakers}, stands)
        if said:
            answers[voice] = said
    counts = tuple(_counts(answers.values(), number) for number in range(1, len(poll.options) + 1))
    return DateTally(counts, len(answers), len(electorate.voices), answers)


def _counts(everyone: Iterable[Answers], number: int) -> Mapping[Answer, int]:
    said = [answers[number] for answers in everyone if number in answers]
    return {answer: said.count(answer) for answer in Answer}


def kept_counts(tally: DateTally) -> dict[str, int]:
    """The counts as they are kept: `2:maybe` -> how many."""
    return {
        f"{number}:{answer}": count
        for number, counts in enumerate(tally.counts, 1)
        for answer, count in counts.items()
    }


def read_counts(kept: Mapping[str, int], dates: int) -> tuple[Mapping[Answer, int], ...]:
    """The counts of so many dates that were kept so."""
    return tuple({one: kept[f"{number}:{one}"] for one in Answer} for number in range(1, dates + 1))


def best(tally: DateTally, spans: Sequence[Span], now: datetime) -> int | None:
    """The number of the date that suits most: by yes, then if need be, then the earliest; None if none does.

    What is past when it is asked, `now` on the clock of the place, suits nobody.
    """
    suits = [
        (-counts[Answer.YES], -counts[Answer.MAYBE], begins_on(span), number)
        for number, (counts, span) in enumerate(zip(tally.counts, spans, strict=True), 1)
        if counts[Answer.YES] + counts[Answer.MAYBE] and not is_past(span, now)
    ]
    return min(suits)[-1] if suits else None
