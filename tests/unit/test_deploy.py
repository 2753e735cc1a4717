"""What is shipped can be built: the image is given every file that the wheel is made of."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def copied() -> set[str]:
    """What the Dockerfile's first stage takes from the repository."""
    lines = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    taken = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    return {name for names in taken for name in names}


def test_the_image_gets_every_file_that_the_wheel_is_made_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    named = {project["project"]["readme"], *project["project"]["license-files"]}
    needed = {"pyproject.toml", "constraints.txt", *named, *wheel["packages"], *wheel["force-include"]}
    assert needed <= copied()
    assert all((ROOT / name).exists() for name in needed)
