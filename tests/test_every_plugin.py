"""Every plugin is held to the same rules."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from coedu_bot import core
from coedu_bot.app import load_catalog, load_registry
from coedu_bot.language.catalog import Catalog
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.words import fold
from coedu_bot.loading import BUNDLED
from coedu_bot.plugin import Plugin
from coedu_bot.registry import Registry
from coedu_bot.store.differences import schema_differences
from coedu_bot.store.revisions import CORE, Branch

NAMES = sorted(folder.parent.name for folder in BUNDLED.glob("*/__init__.py"))
FILES = ("README.md", "domain.py", "handlers.py", "store.py", "views.py")
_KEY = re.compile(r"""(?:says|Refusal|\.reply|phrase)\(\s*f?["']([a-z][a-z-]+[a-z])["']""")


@pytest.fixture(scope="module")
def registry() -> Registry:
    registry, failed = load_registry(dict.fromkeys(NAMES))
    assert not failed
    return registry


@pytest.fixture(scope="module")
def catalog(registry: Registry) -> Catalog:
    return load_catalog(registry)


@pytest.mark.parametrize("name", NAMES)
def test_has_the_files_that_every_plugin_has(name: str) -> None:
    missing = [file for file in FILES if not (BUNDLED / name / file).is_file()]
    assert not missing


@pytest.mark.parametrize("name", NAMES)
def test_has_its_texts_in_every_language(name: str, catalog: Catalog) -> None:
    languages = {path.stem for path in (BUNDLED / name / "locale").glob("*.po")}
    assert languages == set(LANGUAGES)
    assert [(language, key) for language in LANGUAGES for key in catalog.missing(language)] == []


def test_every_command_has_a_word_a_help_line_and_an_example_in_every_language(
    registry: Registry, catalog: Catalog
) -> None:
    for command in registry.commands:
        for language in LANGUAGES:
            for kind in ("command", "help", "example"):
                assert catalog.get(f"{kind}-{command}", language), (kind, command, language)


def test_every_question_of_a_dialogue_is_asked_in_every_language(
    registry: Registry, catalog: Catalog
) -> None:
    for command in registry.commands.values():
        for ask in command.dialogue:
            assert "ask-" + command.name + "-" + ask.name in catalog.keys("fr")
            offered = [catalog.get(f"choice-{value}", "fr") for value in ask.usual]
            assert all(offered)


def test_every_example_begins_with_a_word_of_its_command(registry: Registry, catalog: Catalog) -> None:
    for command in registry.commands:
        for language in LANGUAGES:
            words = [fold(word.strip()) for word in catalog.get(f"command-{command}", language).split(",")]
            for key in (f"example-{command}", f"example-{command}-more"):
                example = catalog.get(key, language)
                typed = fold(example) + " "
                assert not example or any(typed.startswith(f"{word} ") for word in words), (key, language)


def test_no_word_means_two_commands_in_any_pair_of_languages(registry: Registry, catalog: Catalog) -> None:
    claims: dict[str, set[str]] = defaultdict(set)
    for command in registry.commands:
        for language in LANGUAGES:
            for word in catalog.get(f"command-{command}", language).split(","):
                claims[fold(word.strip())].add(command)
    assert {word: names for word, names in claims.items() if len(names) > 1} == {}


def test_the_list_of_words_is_the_one_that_is_kept(registry: Registry, catalog: Catalog) -> None:
    """`cases/words.tsv` is what people have learnt: a word that vanishes from it is noticed here."""
    kept = (BUNDLED.parent / "cases" / "words.tsv").read_text(encoding="utf-8")
    assert kept == words_table(registry, catalog)


def words_table(registry: Registry, catalog: Catalog) -> str:
    """Every command word of every language, one a line."""
    lines = [
        f"{language}\t{command}\t{word.strip()}"
        for command in sorted(registry.commands)
        for language in LANGUAGES
        for word in catalog.get(f"command-{command}", language).split(",")
    ]
    return "\n".join(["language\tcommand\tword", *lines, ""])


@pytest.mark.parametrize("name", NAMES)
def test_every_text_key_in_the_code_exists(name: str, catalog: Catalog) -> None:
    known = catalog.keys("fr")
    for path in (BUNDLED / name).glob("*.py"):
        for key in _KEY.findall(path.read_text(encoding="utf-8")):
            assert key in known, (path.name, key)


def test_every_capability_is_needed_or_asked_for_and_every_needed_one_is_declared(registry: Registry) -> None:
    declared = {capability.name for capability in registry.capabilities}
    needed = {command.needs for command in registry.commands.values() if command.needs}
    assert needed <= declared


@pytest.mark.parametrize("name", NAMES)
async def test_migrations_lead_to_the_tables_of_the_code(
    name: str, registry: Registry, tmp_path: Path
) -> None:
    plugin = registry.plugins[name]
    if plugin.tables is not None:
        branch = Branch(name, plugin.folder / "migrations", plugin.tables)
        assert await schema_differences([CORE, branch], tmp_path) == []


@pytest.mark.parametrize("name", NAMES)
def test_tables_bear_the_name_of_their_plugin(name: str, registry: Registry) -> None:
    plugin: Plugin = registry.plugins[name]
    tables = plugin.tables.tables if plugin.tables is not None else {}
    assert [table for table in tables if not table.startswith(f"{name}_")] == []


def test_the_core_is_a_plugin_like_any_other(registry: Registry) -> None:
    assert registry.plugins["core"] is core.plugin
