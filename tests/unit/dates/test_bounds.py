"""A long text costs no more than a short one, whatever stands in it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coedu_bot.language.dates import READ_LANGUAGES, DateNotUnderstood, read, read_leading, suggest
from coedu_bot.language.dates.scanning import rules_of
from tests.unit.dates.phrases import NOW, ZONE

PIECES = (
    *(
        "x",
        "1",
        " ",
        "1 ",
        "8h ",
        "lundi ",
        "lundi, ",
        "12/10 ",
        "tous les ",
        "la veille de ",
        "la veille de (x ",
    ),
    *(
        "le 9 octobre ",
        "in 2 hours and ",
        "- ",
        "( ",
        "un lundi ",
        "demain 18h ",
        "segunda sim, ",
        "час ",
        "غدا ",
    ),
    *("10月", "é", "'", "à ", "\u200f", "٣"),
)
READERS = (read, read_leading, suggest)


def run(reader: Callable[..., Any], text: str) -> None:
    with suppress(DateNotUnderstood):
        reader(text, now=NOW, zone=ZONE, languages=READ_LANGUAGES)


def calls(reader: Callable[..., Any], text: str) -> int:
    """How many functions, patterns among them, are called for a text."""
    count = 0

    def one_more(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(one_more)
    try:
        run(reader, text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("piece", PIECES)
def test_a_text_ten_times_as_long_takes_no_more_work(reader: Callable[..., Any], piece: str) -> None:
    long, longer = (piece * 2000)[:2000], (piece * 20_000)[:20_000]
    for language in READ_LANGUAGES:
        rules_of(language)
    run(reader, long)
    assert calls(reader, longer) <= calls(reader, long) * 1.1 + 100


@pytest.mark.parametrize("reader", READERS)
@settings(deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=400).map("".join))
def test_pieces_in_any_order_are_read_or_refused(reader: Callable[..., Any], text: str) -> None:
    run(reader, text[:2000])
