"""A page for each family, to be handed out on paper: what to do, in its language, and a code to scan."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from coedu_bot.events import UserId
from coedu_bot.language.catalog import Catalog
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.render import plain_text
from coedu_bot.language.texts import Texts
from coedu_bot.message import Says, says
from coedu_bot.school.families import Guardian
from coedu_bot.school.names import short_name
from coedu_bot.school.school import School

_FONTS = {"Noto": "fontpkg_noto_sans/NotoSans", "NotoArabic": "fontpkg_noto_sans_arabic/NotoSansArabic"}
CHINESE = "zh"
_CHINESE_FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/msyh.ttc",
)
"""Where fonts with Chinese letters usually lie: none comes with the bot, they are larger than it."""
_MARKS = "\u2066\u2067\u2068\u2069\u200e\u200f"
_ACCOUNT_AFTER = 2
_MARGIN, _QR = 22, 62  # millimetres


@dataclass(frozen=True, slots=True)
class Sheet:
    """One guardian's page: lines in their language, the code's address."""

    language: str
    title: str
    family: str
    steps: tuple[str, ...]
    account: UserId  # under the second step, from left to right in every language
    address: str


def chinese_font() -> Path | None:
    """A font with Chinese letters, if this machine has one."""
    return next((path for name in _CHINESE_FONTS if (path := Path(name)).is_file()), None)


def sheets_for(school: School, catalog: Catalog, bot: UserId, *, chinese: bool) -> list[Sheet]:
    """A page for each guardian who may be told and has an account, by class and child.

    Without a font for `chinese`, who reads it gets the school's language.
    """
    guardians = [one for home in school.families.households() for one in home.guardians if one.id]
    printable = frozenset(LANGUAGES) - (frozenset() if chinese else {CHINESE})
    return [_sheet(school, catalog, bot, one, printable) for one in guardians]


def _sheet(
    school: School, catalog: Catalog, bot: UserId, guardian: Guardian, printable: Collection[str]
) -> Sheet:
    chosen = guardian.language or school.language
    language = chosen if chosen in printable else school.language
    texts = Texts(catalog, language, ZoneInfo(school.zone))
    pupils = [p for p in school.families.pupils_of(guardian.household) if guardian.key in p.guardians]
    children = [f"{short_name(pupil.name)} ({pupil.class_id})" for pupil in pupils]
    steps = (says("sheet-1"), says("sheet-2", id=""), says("sheet-3"), says("sheet-4"))
    return Sheet(
        language,
        _plain(says("sheet-title", school=school.name), texts),
        _plain(says("sheet-for", children=children), texts),
        tuple(_plain(step, texts) for step in steps),
        str(guardian.id),
        f"https://matrix.to/#/{quote(bot, safe='@:')}",
    )


def _plain(sentence: Says, texts: Texts) -> str:
    """The printer shapes text itself: marks of direction would be printed as boxes."""
    return "".join(char for char in plain_text(sentence, texts) if char not in _MARKS).strip()


def print_sheets(sheets: Iterable[Sheet], chinese: Path | None = None) -> bytes:
    """All pages as one PDF; `chinese` is the font of Chinese pages."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_margin(_MARGIN)
    for name, path in _FONTS.items():
        package, _, file = path.partition("/")
        pdf.add_font(name, fname=str(files(package) / "files" / f"{file}[wdth,wght].ttf"))
    if chinese is not None:
        pdf.add_font("Chinese", fname=str(chinese))
    pdf.set_fallback_fonts(["Noto"], exact_match=False)
    for sheet in sheets:
        _print(pdf, sheet)
    return bytes(pdf.output())


def _print(pdf: Any, sheet: Sheet) -> None:
    right_to_left = sheet.language in LANGUAGES and LANGUAGES[sheet.language].right_to_left
    family, align = ("NotoArabic", "R") if right_to_left else ("Noto", "L")
    family = "Chinese" if sheet.language == CHINESE else family
    pdf.add_page()
    pdf.set_text_shaping(True, direction="rtl" if right_to_left else "ltr")
    for text, size in ((sheet.title, 22), (sheet.family, 14)):
        pdf.set_font(family, size=size)
        pdf.multi_cell(0, size * 0.55, text, align=align, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(6)
    for number, step in enumerate(sheet.steps, start=1):
        pdf.set_text_shaping(True, direction="rtl" if right_to_left else "ltr")
        pdf.set_font(family, size=15)
        pdf.multi_cell(0, 9, f"{number}. {step}", align=align, new_x="LMARGIN", new_y="NEXT")
        if number == _ACCOUNT_AFTER:
            pdf.set_text_shaping(True, direction="ltr")
            pdf.set_font("Noto", size=15)
            pdf.multi_cell(0, 9, sheet.account, align=align, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    pdf.image(_code(sheet.address), x=(pdf.w - _QR) / 2, y=pdf.get_y() + 8, w=_QR)


def _code(address: str) -> io.BytesIO:
    import segno

    image = io.BytesIO()
    segno.make(address, error="m").save(image, kind="png", scale=10, border=2)
    return image
