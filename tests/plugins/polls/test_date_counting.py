"""Answers to dates, counted: our tally against a naive reading of the rules; the best date; what is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from plugins.polls.date_domain import (
    Answer,
    DateTally,
    Moment,
    Span,
    WholeDays,
    answers_of,
    best,
    kept_counts,
    read_counts,
    read_span,
    tally_dates,
    vote_of,
    written,
)
from plugins.polls.domain import Electorate, Form, Poll, State, Voice, Vote

START = datetime(2026, 10, 6, 8, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
DATES = ("2026-10-08T18:00 Europe/Paris", "2026-10-09", "2026-10-10T10:00/2026-10-10T11:30 Europe/Paris")
PEOPLE = ["@a", "@b", "@c", "@d"]

answers = st.dictionaries(st.integers(1, 3), st.sampled_from(Answer), max_size=3)
votes = st.lists(
    st.tuples(st.sampled_from([*PEOPLE, "@stranger", "h1"]), answers, st.integers(0, 8)), max_size=25
).map(
    lambda many: [
        Vote(who, vote_of(said), START + timedelta(hours=hour), place)
        for place, (who, said, hour) in enumerate(many)
    ]
)
electorates = st.builds(
    Electorate,
    st.sampled_from(Voice),
    st.dictionaries(st.sampled_from(["h1", "h2", "h3"]), st.frozensets(st.sampled_from(PEOPLE), max_size=3)),
)
walls = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(  # wall times
    lambda one: one.replace(second=0, microsecond=0, tzinfo=PARIS)
)
spans = st.one_of(
    st.builds(Moment, walls),
    st.builds(lambda at, more: Moment(at, at + timedelta(minutes=more)), walls, st.integers(1, 3000)),
    st.builds(
        lambda day, more: WholeDays(day, day + timedelta(days=more)),
        st.dates(date(2026, 1, 1), date(2030, 1, 1)),
        st.integers(0, 9),
    ),
)


def poll(ended_at: datetime | None = None) -> Poll:
    state = State.CLOSING if ended_at else State.OPEN
    shown = Poll(id="D1", author="@t", room="!r", question="?", options=DATES, form=Form.DATES)
    return replace(shown, state=state, ended_at=ended_at)


def naive(cast: list[Vote], who: Electorate, end: datetime | None) -> list[Counter[Answer]]:
    """Each voice, each date: go through all that was said, in order, as one would on paper."""
    counts: list[Counter[Answer]] = [Counter() for _ in DATES]
    in_time = sorted(
        (v for v in cast if end is None or v.sent_at <= end), key=lambda v: (v.sent_at, v.position)
    )
    for voice, members in who.voices.items():
        for number, counter in enumerate(counts, 1):
            said = on_paper(in_time, {voice, *members}, number, who.rule)
            counter.update([said] if said else [])
    return counts


def on_paper(cast: list[Vote], speakers: set[str], number: int, rule: Voice) -> Answer | None:
    sheets: dict[str, dict[int, tuple[int, Answer]]] = {}
    first: dict[str, int] = {}
    for turn, vote in enumerate(cast):
        if vote.voter in speakers and not vote.answers:
            sheets.pop(vote.voter, None)
        elif vote.voter in speakers:
            first.setdefault(vote.voter, turn)
            for one, answer in answers_of(vote, len(DATES)).items():
                sheets.setdefault(vote.voter, {})[one] = (turn, answer)
    if rule is Voice.PUPIL and sheets:
        chosen = min(sheets, key=lambda voter: first[voter])
        sheets = {chosen: sheets[chosen]}
    heard = [sheet[number] for sheet in sheets.values() if number in sheet]
    return max(heard)[1] if heard else None


@given(votes, electorates, st.none() | st.integers(0, 8))
def test_the_tally_is_that_of_a_naive_reading(cast: list[Vote], who: Electorate, ends: int | None) -> None:
    end = None if ends is None else START + timedelta(hours=ends)
    counted = tally_dates(poll(end), cast, who)
    assert [+Counter(dict(one)) for one in counted.counts] == naive(cast, who, end)


@given(votes, electorates)
def test_nobody_is_counted_twice_for_a_date(cast: list[Vote], who: Electorate) -> None:
    counted = tally_dates(poll(), cast, who)
    assert all(sum(one.values()) <= counted.voted <= counted.all for one in counted.counts)


@given(spans)
def test_a_date_is_read_as_it_was_kept(span: Span) -> None:
    assert read_span(written(span)) == span


@given(votes, electorates)
def test_counts_are_read_as_they_were_kept(cast: list[Vote], who: Electorate) -> None:
    counted = tally_dates(poll(), cast, who)
    assert read_counts(kept_counts(counted), len(DATES)) == counted.counts


@given(answers)
def test_answers_are_read_as_they_were_kept(said: dict[int, Answer]) -> None:
    assert answers_of(Vote("@a", vote_of(said), START, 0), len(DATES)) == said


def tally(*counts: tuple[int, int]) -> DateTally:
    """Yes and if need be, for each date."""
    shown = tuple({Answer.YES: yes, Answer.MAYBE: maybe, Answer.NO: 0} for yes, maybe in counts)
    return DateTally(shown, 5, 5)


THURSDAY, FRIDAY = (
    Moment(datetime(2026, 10, 8, 18, tzinfo=PARIS)),
    WholeDays(date(2026, 10, 9), date(2026, 10, 9)),
)
SATURDAY = Moment(datetime(2026, 10, 10, 10, tzinfo=PARIS))


def test_the_best_date_has_most_yes_then_most_if_need_be_then_comes_first() -> None:
    three = (SATURDAY, FRIDAY, THURSDAY)
    assert best(tally((1, 0), (2, 0), (1, 4)), three, START) == 2
    assert best(tally((1, 0), (1, 2), (1, 1)), three, START) == 2
    assert best(tally((1, 1), (1, 1), (1, 1)), three, START) == 3


def test_no_date_is_the_best_that_suits_nobody_or_is_past() -> None:
    three = (THURSDAY, FRIDAY, SATURDAY)
    assert best(tally((0, 0), (0, 0), (0, 0)), three, START) is None
    on_friday = datetime(2026, 10, 9, 12, tzinfo=PARIS)
    assert best(tally((3, 0), (1, 0), (0, 1)), three, on_friday) == 2
    assert best(tally((3, 0), (1, 0), (0, 1)), three, on_friday + timedelta(days=1)) is None


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=3),
    st.permutations([0, 1, 2]),
)
def test_the_best_date_does_not_depend_on_the_order_in_which_dates_are_offered(
    counts: list[tuple[int, int]], order: list[int]
) -> None:
    three = (THURSDAY, FRIDAY, SATURDAY)
    number = best(tally(*counts), three, START)
    other = best(tally(*(counts[one] for one in order)), tuple(three[one] for one in order), START)
    assert (number and three[number - 1]) == (other and three[order[other - 1]])
