"""Speaking to a running bot over its socket."""

from __future__ import annotations

import asyncio
import socket
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from coedu_bot.control import ControlServer, NotRunning, Refusal, Tell, ask


async def count(request: Mapping[str, Any], tell: Tell) -> Mapping[str, Any]:
    for number in range(request["to"]):
        await tell({"at": number})
    return {"counted": request["to"]}


async def refuse(_request: Mapping[str, Any], _tell: Tell) -> Mapping[str, Any]:
    raise Refusal("not now", until="18:00")


async def break_down(_request: Mapping[str, Any], _tell: Tell) -> Mapping[str, Any]:
    raise ZeroDivisionError("secret of a family")


def server() -> ControlServer:
    return ControlServer({"count": count, "refuse": refuse, "break": break_down})


async def asked(data: Path, verb: str, **arguments: Any) -> tuple[dict[str, Any], list[Any]]:
    seen: list[Any] = []
    answer = await asyncio.to_thread(ask, data, verb, arguments, progress=seen.append, within=10)
    return answer, seen


async def test_a_verb_tells_its_progress_and_then_its_answer(tmp_path: Path) -> None:
    async with server().open(tmp_path):
        assert await asked(tmp_path, "count", to=2) == ({"ok": True, "counted": 2}, [{"at": 0}, {"at": 1}])


async def test_refusals_faults_and_unknown_verbs_are_answers_too(tmp_path: Path) -> None:
    async with server().open(tmp_path):
        refused, _ = await asked(tmp_path, "refuse")
        broken, _ = await asked(tmp_path, "break")
        unknown, _ = await asked(tmp_path, "dance")
        again, _ = await asked(tmp_path, "count", to=0)
    assert refused == {"ok": False, "problem": "not now", "until": "18:00"}
    assert broken["problem"] == "ZeroDivisionError; the log has more"
    assert unknown["problem"] == "expected a verb: break, count, refuse"
    assert again["ok"]


@pytest.mark.parametrize(
    "sent", [b"\n", b"[]\n", b"\xff\n", b'{"verb": ["count"]}\n', b"{" * 2_000_000 + b"\n"]
)
async def test_what_is_no_request_does_no_harm(tmp_path: Path, sent: bytes) -> None:
    async with server().open(tmp_path):
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "control.sock"))
        writer.write(sent)
        assert b'"ok": false' in await reader.readline()
        writer.close()
        assert (await asked(tmp_path, "count", to=0))[0]["ok"]


async def test_only_its_owner_may_connect_and_it_is_gone_afterwards(tmp_path: Path) -> None:
    async with server().open(tmp_path):
        assert stat.S_IMODE((tmp_path / "control.sock").stat().st_mode) == 0o600
    assert not (tmp_path / "control.sock").exists()
    with pytest.raises(NotRunning):
        await asked(tmp_path, "count", to=0)


async def test_a_killed_process_s_socket_is_no_running_bot_and_in_nobody_s_way(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "control.sock"))
    with pytest.raises(NotRunning):
        await asked(tmp_path, "count", to=0)
    async with server().open(tmp_path):
        assert (await asked(tmp_path, "count", to=1))[0]["ok"]


async def test_a_data_folder_may_lie_deep(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-name-of-a-folder"] * 5)
    deep.mkdir(parents=True)
    async with server().open(deep):
        assert (await asked(deep, "count", to=0))[0]["ok"]
