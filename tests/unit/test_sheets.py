"""The printed sheets: a page for each family, in its language."""

from __future__ import annotations

import pytest

from coedu_bot.language.catalog import CORE_LOCALE, Catalog
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil
from coedu_bot.school.rights import Rights
from coedu_bot.school.school import School
from coedu_bot.sheets import Sheet, print_sheets, sheets_for

BOT = "@coedu:ecole.example"


def sheets(*guardians: Guardian, held: Entitlement = Entitlement.FULL, chinese: bool = False) -> list[Sheet]:
    pupils = (Pupil("Yanis Benali", "6B", {one.key: held for one in guardians}),)
    families = Families({one.key: one for one in guardians}, pupils)
    school = School("Collège", "Europe/Paris", "fr", Rights({}), families=families)
    return sheets_for(school, Catalog.load([CORE_LOCALE]), BOT, chinese=chinese)


def guardian(language: str | None, id_: str | None = "@benali:ecole.example") -> Guardian:
    return Guardian(id_ or "Benali/M. Benali", "M. Benali", "Benali", id_, language)


def test_a_family_reads_its_language_and_its_account_and_never_a_childs_whole_name() -> None:
    (sheet,) = sheets(guardian("ar"))
    assert sheet.language == "ar"
    assert "المدرسة" in sheet.title
    assert "Yanis B. (6B)" in sheet.family
    assert "Benali" not in sheet.family
    assert sheet.account == "@benali:ecole.example"
    assert sheet.address == "https://matrix.to/#/@coedu:ecole.example"


def test_who_has_no_account_or_may_not_be_told_gets_none() -> None:
    assert sheets(guardian("fr", id_=None)) == []
    assert sheets(guardian("fr"), held=Entitlement.NONE) == []


def test_a_language_without_a_font_is_printed_in_the_schools() -> None:
    assert [sheet.language for sheet in sheets(guardian("zh"))] == ["fr"]
    assert [sheet.language for sheet in sheets(guardian("zh"), chinese=True)] == ["zh"]


def test_every_letter_of_every_printed_language_has_a_glyph(caplog: pytest.LogCaptureFixture) -> None:
    pages = [sheet for code in ("fr", "ar", "uk", "tr", "ro", "de") for sheet in sheets(guardian(code))]
    pdf = print_sheets(pages)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") == len(pages)
    assert "missing" not in caplog.text
