"""Hours of the day as people type them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.language.hours import HourSpan, read_hour, read_span


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("18h", time(18)),
        ("18 h", time(18)),
        ("7h30", time(7, 30)),
        ("7\u00a0h\u00a030", time(7, 30)),
        ("7H30", time(7, 30)),
        ("18:05", time(18, 5)),
        ("18.05", time(18, 5)),
        ("18", time(18)),
        ("6pm", time(18)),
        ("12 am", time(0)),
        ("24h", time(0)),
        ("18 Uhr", time(18)),
        ("١٨:٣٠", time(18, 30)),
    ],
)
def test_hours_are_read_as_phones_type_them(typed: str, hour: time) -> None:
    assert read_hour(typed) == hour


@pytest.mark.parametrize("typed", ["", "25h", "7h61", "13pm", "demain", "18h ?", "7h30h", "d'ouverture ?"])
def test_what_is_no_hour_is_none(typed: str) -> None:
    assert read_hour(typed) is None


@pytest.mark.parametrize(
    "typed", ["20h-7h", "20h–7h", "20 h à 7 h", "de 20h a 7h", "20:00-07:00", "8pm-7am", "from 20:00 to 7:00"]
)
def test_spans_are_read(typed: str) -> None:
    assert read_span(typed) == HourSpan(time(20), time(7))


@pytest.mark.parametrize("typed", ["20h", "20h-20h", "20h-", "20h-7h ?", "la cantine de 20h à 7h"])
def test_what_is_no_span_is_none(typed: str) -> None:
    assert read_span(typed) is None


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_the_reading(typed: str) -> None:
    read_hour(typed)
    read_span(typed)


@given(st.times(), st.times())
def test_what_the_bot_would_write_it_reads(start: time, end: time) -> None:
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    assert read_hour(f"{start:%H:%M}") == start
    assert read_span(f"{start:%H:%M}-{end:%H:%M}") == (HourSpan(start, end) if start != end else None)
