"""Whatever is in a families file that a coordinator sends, nothing changes before it is understood."""

from __future__ import annotations

import io
import zipfile

import pytest

from coedu_bot.events import MediaFile
from tests.unit.dispatch.test_family_files import AFTER, HEAD, MARTIN, Office, office

__all__ = ["office"]


def _zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", bytes(20_000_000))
    return packed.getvalue()


ROW = "Inès B.;6B;Benali;Mme Benali;@b:test;fr;;;\n"
HOSTILE = {
    "a workbook that unpacks to a thousand times its size": _zip_bomb(),
    "more than it says": HEAD.encode() + ROW.encode() * 60_000,
    "a cell without end": (HEAD + '"' + "x" * 1_500_000).encode(),
    "nothing but quotation marks": (HEAD + '"' * 1_000_001).encode(),
    "a thousand columns": (";".join(f"c{n}" for n in range(20_000)) + "\n").encode(),
    "columns of one name": (";".join(["élève"] * 2_000) + "\n" + ROW).encode(),
    "nothing": b"",
    "null bytes": HEAD.encode() + b"\x00" * 1000,
    "half a letter": HEAD.encode("utf-16")[:-1],
    "letters that are none": b"\xff\xfe" + b"\x00\xd8" * 1000,
    "an identifier that is markup": (HEAD + ROW.replace("@b:test", "<script>alert(1)</script>")).encode(),
    "a household in two classes": (HEAD + ROW + ROW.replace("6B", "6C")).encode(),
}


async def send(office: Office, data: bytes, name: str) -> None:
    direct = await office.bot.direct(MARTIN)
    url = "mxc://test/hostile"
    office.bot.homeserver.files[url] = data
    await direct.share(MARTIN, MediaFile(url, name, "text/csv", 10, "m.file"))
    await office.bot.settle()


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_file_is_refused_in_words_and_changes_nothing(office: Office, data: bytes) -> None:
    before = (office.folder / "6b.csv").read_bytes()
    await send(office, data, "6b.csv")
    direct = await office.bot.direct(MARTIN)
    assert direct.last.kind == "error"
    assert len(direct.last.body) < 10_000
    assert "<script" not in direct.last.html
    assert (office.folder / "6b.csv").read_bytes() == before
    assert office.households == ["Benali", "Petit"]


@pytest.mark.parametrize(
    "name", ["../../6b.csv", "/etc/cron.d/6b.csv", "..\\6b.csv", "6b.csv\x00.csv", ".csv"]
)
async def test_no_name_of_a_file_leads_out_of_the_folder(office: Office, name: str) -> None:
    there = set(office.folder.parent.rglob("*"))
    await send(office, AFTER.encode("cp1252"), name)
    direct = await office.bot.direct(MARTIN)
    if direct.polls:
        await direct.vote(MARTIN, 1)
        await office.bot.settle()
    assert set(office.folder.parent.rglob("*")) - there <= {office.folder / "6b.csv~"}


async def test_a_name_in_a_file_is_text_wherever_it_is_shown(office: Office) -> None:
    data = AFTER.replace("Nguyen;", "<img src=x onerror=alert(1)> @room [x](javascript:1);")
    await send(office, data.encode("cp1252"), "6b.csv")
    direct = await office.bot.direct(MARTIN)
    assert "onerror" in direct.menu.body
    for one in (*direct.shown, *direct.polls):
        assert "<img" not in one.html
        assert "javascript:" not in one.html
        assert one.content["m.mentions"] == {}
