"""The plugin of CONTRIBUTING.md, built from the page's own blocks."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
_BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def build_plugin(into: Path) -> list[str]:
    """Write every file that the page shows; returns their names."""
    blocks = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    for name, content in blocks:
        file = into / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return [name for name, _ in blocks]
