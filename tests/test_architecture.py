"""The house rules that no linter knows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted([*ROOT.glob("coedu_bot/**/*.py"), *ROOT.glob("plugins/**/*.py")])
PLUGINS = sorted(ROOT.glob("plugins/*/**/*.py"))
PURE = sorted([*ROOT.glob("plugins/*/domain.py"), *ROOT.glob("coedu_bot/school/*.py")])
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
STANDARD = {"collections", "dataclasses", "datetime", "enum", "re", "typing", "__future__", "math", "difflib"}
STANDARD |= {"itertools", "functools", "zoneinfo", "unicodedata"}
OUTSIDE = {"nio", "aiosqlite", "apscheduler", "deep_translator", "aiohttp"}
VAGUE = ("Manager", "Helper", "Utils", "Util")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_file_is_longer_than_people_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_module_says_what_it_is_and_no_function_is_long(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body, "a module's docstring says what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_names_say_what_a_thing_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert [one for one in classes if one.endswith(VAGUE)] == []


@pytest.mark.parametrize("path", PLUGINS, ids=name)
def test_a_plugin_comes_in_by_the_one_door(path: Path) -> None:
    own = f"plugins.{path.relative_to(ROOT).parts[1]}"
    for module in _imports(path):
        if module.startswith("coedu_bot"):
            assert module == "coedu_bot.api"
        elif module.startswith("plugins"):
            assert module == own or module.startswith(own + ".")
        else:
            assert module.partition(".")[0] not in {
                "nio",
                "aiosqlite",
                "apscheduler",
                "deep_translator",
                "aiohttp",
            }


@pytest.mark.parametrize("path", PURE, ids=name)
def test_rules_are_pure(path: Path) -> None:
    folder = path.parent.name
    for module in _imports(path):
        inside = module.startswith(("coedu_bot.school", f"plugins.{folder}"))
        assert inside or module.partition(".")[0] in STANDARD, module
    assert not [
        node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_only_the_matrix_folder_knows_nio(path: Path) -> None:
    if "matrix" not in path.parts:
        assert {module.partition(".")[0] for module in _imports(path)}.isdisjoint(
            {"nio", "vodozemac", "Crypto"}
        )


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def test_every_pinned_distribution_has_one_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    names = [line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line]
    assert sorted(names) == sorted(set(names))
