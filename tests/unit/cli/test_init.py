"""Six questions, and a configuration that loads."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from coedu_bot.cli import app
from coedu_bot.config import load_config

ANSWERS = ["https://m.fr", "@bot:m.fr", 'Collège "Ferry": #1', "L'école\\", "dpo@m.fr", "@moi:m.fr"]


def answered(path: Path, answers: list[str]) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["init", "--config", str(path)], input="\n".join(answers) + "\n")
    return result.exit_code, result.output


def test_the_answers_become_a_configuration_that_loads(tmp_path: Path) -> None:
    code, _ = answered(tmp_path / "c.yaml", ANSWERS)
    assert code == 0
    config = load_config(tmp_path / "c.yaml", env={})
    school = config.school([])
    assert (school.name, school.controller) == ('Collège "Ferry": #1', "L'école\\")
    assert [person.id for person in school.people.values()] == ["@moi:m.fr"]
    assert config.invited_by == ("m.fr",)


def test_enter_takes_what_is_offered(tmp_path: Path) -> None:
    assert answered(tmp_path / "c.yaml", [""] * 6)[0] == 0
    assert load_config(tmp_path / "c.yaml", env={}).model.homeserver == "https://matrix.ecole.example"


@pytest.mark.parametrize(("place", "wrong"), [(0, "m.fr"), (1, "bot"), (5, "moi")])
def test_an_answer_that_cannot_be_is_told_and_nothing_is_written(
    tmp_path: Path, place: int, wrong: str
) -> None:
    answers = [*ANSWERS[:place], wrong, *ANSWERS[place + 1 :]]
    code, output = answered(tmp_path / "c.yaml", answers)
    assert code == 2
    assert "expected" in output
    assert not (tmp_path / "c.yaml").exists()


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("mine")
    assert answered(tmp_path / "c.yaml", ANSWERS)[0] == 1
    assert (tmp_path / "c.yaml").read_text() == "mine"
