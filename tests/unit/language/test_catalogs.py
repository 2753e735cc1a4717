"""Every shipped catalog, of the platform and of each plugin, in all its languages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel import Locale

from coedu_bot.language.catalog import Catalog
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.po import Entry, PoFile, read_po
from coedu_bot.language.typography import french

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = sorted(path for top in ("coedu_bot", "plugins") for path in (ROOT / top).glob("**/locale"))
TYPED = ("command-", "option-", "choice-", "example-")
"""Keys of what people type: no sentences, so without typography."""
PLACE = re.compile(r"\{(\w+)\}")
STATES = ("machine-drafted", "reviewed")

every_catalog = pytest.mark.parametrize(
    ("folder", "language"),
    [
        pytest.param(folder, language, id=f"{folder.relative_to(ROOT)}/{language}")
        for folder in FOLDERS
        for language in LANGUAGES
    ],
)


@cache
def read(folder: Path, language: str) -> PoFile:
    path = folder / f"{language}.po"
    return read_po(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))


def places(entry: Entry) -> list[set[str]]:
    return [set(PLACE.findall(form)) for form in entry.forms]


def test_there_are_catalogs() -> None:
    assert ROOT / "coedu_bot" / "locale" in FOLDERS


@every_catalog
def test_every_language_has_the_same_keys(folder: Path, language: str) -> None:
    assert read(folder, language).entries.keys() == read(folder, "fr").entries.keys()


@every_catalog
def test_keys_are_lower_case_words_with_hyphens(folder: Path, language: str) -> None:
    assert [
        key for key in read(folder, language).entries if not re.fullmatch(r"[a-z0-9_]+(-[a-z0-9_]+)*", key)
    ] == []


@every_catalog
def test_every_language_uses_the_values_that_french_uses(folder: Path, language: str) -> None:
    for key, source in read(folder, "fr").entries.items():
        needed = set().union(*places(source))
        for form in places(read(folder, language).entries[key]):
            assert needed - {"count"} <= form <= needed | {"count"}, key


@every_catalog
def test_braces_only_hold_values(folder: Path, language: str) -> None:
    forms = [form for entry in read(folder, language).entries.values() for form in entry.forms]
    assert [form for form in forms if set("{}") & set(PLACE.sub("", form))] == []


@every_catalog
def test_every_form_is_filled(folder: Path, language: str) -> None:
    file = read(folder, language)
    for key, entry in file.entries.items():
        assert len(entry.forms) == (file.plural_forms if entry.plural else 1), key
        assert all(form.strip() for form in entry.forms), key


@every_catalog
def test_the_same_texts_are_plural(folder: Path, language: str) -> None:
    def plural(language: str) -> set[str]:
        return {key for key, entry in read(folder, language).entries.items() if entry.plural}

    assert plural(language) == plural("fr")


@every_catalog
def test_the_plural_rule_is_that_of_cldr(folder: Path, language: str) -> None:
    """One form for each of CLDR's categories, over the counts a school knows."""
    rule = read(folder, language).plural_rule
    category = Locale.parse(LANGUAGES[language].locale).plural_form
    pairs = {(category(count), rule(count)) for count in range(1000)}
    assert len(pairs) == len({form for _, form in pairs}) == len({name for name, _ in pairs})
    assert {form for _, form in pairs} == set(range(read(folder, language).plural_forms))


@every_catalog
def test_the_head_says_how_far_the_texts_can_be_trusted(folder: Path, language: str) -> None:
    file = read(folder, language)
    assert any(state in file.comment for state in STATES)
    assert file.headers["Language"] == language


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_french_sentences_have_french_spaces(folder: Path) -> None:
    sentences = {k: e for k, e in read(folder, "fr").entries.items() if not k.startswith(TYPED)}
    wrong = {key: form for key, entry in sentences.items() for form in entry.forms if french(form) != form}
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_in_two_folders(language: str) -> None:
    assert Catalog.load(FOLDERS).missing(language) == set()
