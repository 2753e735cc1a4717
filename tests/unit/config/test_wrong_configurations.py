"""Wrong configurations of every kind: each says all that is wrong, with its line and a way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from coedu_bot.config import ConfigError, load_config

SHEET = yaml.safe_load(
    (Path(__file__).parents[2] / "data" / "wrong_configurations.yaml").read_text(encoding="utf-8")
)


def written(folder: Path, case: dict[str, Any]) -> Path:
    """The right configuration with what this case changes."""
    files = {name: text.encode() for name, text in SHEET["base"].items()}
    for change in case.get("change", ()):
        text = files[change["file"]].decode()
        assert change["from"] in text
        files[change["file"]] = text.replace(change["from"], change["to"], 1).encode()
    if "bytes" in case:
        files[case["bytes"]["file"]] = case["bytes"]["content"]
    if "readable" in case:
        files[case["readable"]] = b"correct horse"
    for name, data in files.items():
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o644)
    return folder / "config.yaml"


def test_the_configuration_they_are_made_from_is_right(tmp_path: Path) -> None:
    school = load_config(written(tmp_path, {}), env={}).school([])
    assert [pupil.name for pupil in school.families.pupils] == ["Inès Benali", "Lucas Petit", "Jules Moreau"]


@pytest.mark.parametrize("case", SHEET["cases"], ids=[case["what"] for case in SHEET["cases"]])
def test_a_wrong_configuration_says_what_is_wrong_where_and_what_to_do(
    tmp_path: Path, case: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError) as told:
        load_config(written(tmp_path, case), env={})
    assert [str(problem) for problem in told.value.problems] == case["says"]


def test_there_are_forty_of_them_and_nothing_secret_is_repeated() -> None:
    assert len(SHEET["cases"]) >= 40
    assert not [line for case in SHEET["cases"] for line in case["says"] if "geheim" in line]
