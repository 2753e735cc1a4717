from pathlib import Path

import pytest
import structlog

from coedu_bot.language.catalog import Catalog, CatalogError, UnknownTextError
from tests.unit.language.conftest import po


def folder(parent: Path, name: str, **files: dict[str, str | tuple[str, ...]]) -> Path:
    (parent / name).mkdir()
    for language, texts in files.items():
        (parent / name / f"{language}.po").write_text(po(language, texts), encoding="utf-8")
    return parent / name


def test_texts_of_all_folders_are_found(tmp_path: Path) -> None:
    one, two = folder(tmp_path, "one", fr={"a": "un"}), folder(tmp_path, "two", fr={"b": "deux"})
    catalog = Catalog.load([one, two, tmp_path / "none"])
    assert (catalog.get("a", "fr"), catalog.get("b", "fr")) == ("un", "deux")


def test_a_missing_text_is_said_in_french_with_one_warning(tmp_path: Path) -> None:
    catalog = Catalog.load([folder(tmp_path, "one", fr={"a": "un", "b": "deux"}, uk={"b": "два"})])
    with structlog.testing.capture_logs() as logs:
        assert [catalog.get("a", "uk"), catalog.get("a", "uk"), catalog.get("b", "uk")] == ["un", "un", "два"]
    assert [(entry["event"], entry["key"], entry["language"]) for entry in logs] == [
        ("text-missing", "a", "uk")
    ]
    assert catalog.missing("uk") == {"a"}


def test_a_language_the_bot_does_not_speak_is_answered_in_french(tmp_path: Path) -> None:
    assert Catalog.load([folder(tmp_path, "one", fr={"a": "un"})]).get("a", "../so") == "un"


def test_a_key_that_nobody_has_is_empty_or_an_error(tmp_path: Path) -> None:
    catalog = Catalog.load([folder(tmp_path, "one", fr={"a": "un"})])
    assert catalog.get("b", "fr") == ""
    with pytest.raises(UnknownTextError, match="b"):
        catalog.need("b", "fr")


def test_a_key_in_two_folders_is_an_error(tmp_path: Path) -> None:
    one, two = folder(tmp_path, "one", fr={"a": "un"}), folder(tmp_path, "two", fr={"a": "deux"})
    with pytest.raises(CatalogError, match="'a' is defined in another folder"):
        Catalog.load([one, two]).get("a", "fr")


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text("msgid nonsense", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"fr\.po:1"):
        Catalog.load([tmp_path]).get("a", "fr")


def test_files_are_read_when_their_language_is_needed(tmp_path: Path) -> None:
    catalog = Catalog.load([tmp_path])
    folder(tmp_path, "later")
    (tmp_path / "fr.po").write_text(po("fr", {"a": "un"}), encoding="utf-8")
    (tmp_path / "de.po").write_text("nonsense", encoding="utf-8")
    assert catalog.get("a", "fr") == "un"


@pytest.mark.parametrize(
    ("language", "counts", "forms"),
    [
        ("fr", (0, 1, 2), ("{count} élève", "{count} élève", "{count} élèves")),
        ("uk", (1, 2, 5, 11, 21), ("учень", "учні", "учнів", "учнів", "учень")),
        (
            "ar",
            (0, 1, 2, 3, 10, 11, 100, 103),
            ("صفر", "واحد", "اثنان", "قليل", "قليل", "كثير", "آخر", "قليل"),
        ),
    ],
)
def test_the_count_chooses_the_form(
    catalog: Catalog, language: str, counts: tuple[int, ...], forms: tuple[str, ...]
) -> None:
    chosen = [catalog.get("pupils", language, count) for count in counts]
    assert [text.removeprefix("{count} ") for text in chosen] == [f.removeprefix("{count} ") for f in forms]
