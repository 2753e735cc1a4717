"""The picture of a result: its names are there, in their own direction, and nothing lies on anything else."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from plugins.polls import lettering
from plugins.polls.chart import Bar, picture

PAPER, BLUE = (255, 255, 255), (31, 95, 191)
NAMES = [
    "Quel jour ? jeudi, façon « œuvre »",
    "يوم الخميس، الساعة 18:00، في المدرسة",
    "Київ, їжак, щука",
    "Güneşli, Ağaç, çocuğu",
    "Ștefan, ță, joi după-amiază",
    "piñata, à l’école, über, março",
]


def drawn(*bars: Bar) -> Image.Image:
    return Image.open(io.BytesIO(picture(bars))).convert("RGB")


def column(image: Image.Image, x: int) -> list[object]:
    return [image.getpixel((x, y)) for y in range(image.height)]


def tops_of_bars(image: Image.Image, x: int) -> list[int]:
    """Where bars begin, looking down a column in which there is nothing else so blue."""
    pixels = column(image, x)
    return [y for y, colour in enumerate(pixels) if colour == BLUE and pixels[y - 1] != BLUE]


def ink(image: Image.Image, rows: range) -> list[int]:
    """Which of these rows are not blank."""
    return [y for y in rows if any(image.getpixel((x, y)) != PAPER for x in range(image.width))]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_drawn_above_its_bar_and_touches_nothing(name: str) -> None:
    right_to_left = lettering.runs_right_to_left(name)
    image = drawn(Bar(name, 3, True), Bar(name, 3, True))
    first, second = tops_of_bars(image, 400)
    assert ink(image, range(first))
    assert ink(image, range(first - 4, first)) == []
    assert ink(image, range(second - 4, second)) == []
    [beside] = tops_of_bars(image, 630 if right_to_left else 90)[:1]
    assert beside == first


def test_where_names_run_from_the_right_the_bars_do_too() -> None:
    image = drawn(Bar("نعم", 3, True), Bar("لا", 1, True))
    lengths = [tops_of_bars(image, x) for x in (120, 620)]
    assert [len(found) for found in lengths] == [1, 2]


def test_a_long_name_takes_two_lines_and_is_cut_after_them() -> None:
    one, two, many = (drawn(Bar("mot " * times, 1, True)).height for times in (2, 20, 200))
    assert one < two == many


def test_a_name_of_pictures_or_of_letters_that_no_font_has_leaves_its_number() -> None:
    for name in ("👍🏽", "𓀀𓁐", ""):
        image = drawn(Bar(name, 1, True))
        assert tops_of_bars(image, 300) == [28]
    assert lettering.without_pictures("👨‍👩‍👧 oui ☀️ e\u0301t\u00e9") == "oui été"


def test_twenty_options_without_a_voice_make_a_picture() -> None:
    assert drawn(*(Bar(f"option {n}", 0, False) for n in range(20))).height > 1000


@given(st.text("abc ل", max_size=40), st.integers(1, 12), st.integers(1, 3))
def test_lines_fit_and_lose_nothing_without_saying_so(text: str, room: int, most: int) -> None:
    lines = lettering.in_lines(text, len, room, most)
    assert len(lines) <= most
    assert all(len(line) <= room for line in lines)
    shown = " ".join(lines)
    assert shown == " ".join(text.split()) or shown.endswith("…")
