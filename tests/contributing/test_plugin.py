"""Somebody who only has CONTRIBUTING.md has a plugin that works, outside the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coedu_bot.loading import BUNDLED
from coedu_bot.store.differences import schema_differences
from coedu_bot.store.revisions import CORE, Branch
from tests.contributing.page import build_plugin

FILES = {
    "test_lost_property.py",
    *(f"lost_property/{name}.py" for name in ("__init__", "domain", "handlers", "store")),
    "lost_property/migrations/lost_property_0001_first_tables.py",
    *(f"lost_property/locale/{language}.po" for language in ("fr", "en")),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert set(build_plugin(tmp_path)) == FILES
    assert BUNDLED.parent not in tmp_path.parents
    return tmp_path


def test_its_own_test_passes(folder: Path) -> None:
    told = _python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert "1 passed" in told, told


def test_it_keeps_the_rules_of_the_linters_and_types(folder: Path) -> None:
    settings = str(BUNDLED.parent / "pyproject.toml")
    checked = _python(folder, "-m", "ruff", "check", "--config", settings, ".")
    assert "All checks passed" in checked
    assert "would reformat" not in _python(
        folder, "-m", "ruff", "format", "--check", "--config", settings, "."
    )


async def test_its_migration_makes_its_tables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(folder)
    from lost_property.store import metadata  # type: ignore[import-not-found]

    branch = Branch("lost_property", folder / "lost_property" / "migrations", metadata)
    assert await schema_differences([CORE, branch], folder) == []


def _python(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return ran.stdout + ran.stderr
