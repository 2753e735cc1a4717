"""Tables as files that spreadsheets open, in which nothing that people wrote becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from coedu_bot.effects import Attachment

# at the beginning of a cell, and after whatever a spreadsheet of another country may take for its end
_FORMULA = re.compile(r"""(?:^\s*|[,;\t\r\n|]\s*)["']?(?=[=+\-@＝＋－＠])""")


def spreadsheet(name: str, rows: Iterable[Sequence[str]]) -> Attachment:
    """A CSV file of this name; spreadsheets take UTF-8 only with its mark."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return Attachment(f"{name}.csv", "text/csv", file.getvalue().encode("utf-8-sig"))


def safe_cell(value: str) -> str:
    """The text with an apostrophe before all that could begin a formula."""
    return _FORMULA.sub(lambda found: f"{found[0]}'", value)
