"""The asking side: a verb of the command line speaks to the running bot."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from coedu_bot.control.place import address_in


class NotRunning(Exception):
    """No bot runs on this data folder."""


def ask(
    data: Path,
    verb: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    progress: Callable[[Mapping[str, Any]], None] = lambda _: None,
    within: float | None = 300.0,
) -> dict[str, Any]:
    """The answer of the running bot; `within` seconds between two lines. Raises NotRunning."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking, address_in(data) as address:
            asking.settimeout(within)
            asking.connect(address)
            asking.sendall(json.dumps({**(arguments or {}), "verb": verb}).encode() + b"\n")
            return _last(asking, progress)
    except (FileNotFoundError, ConnectionError) as problem:
        raise NotRunning(f"no bot runs on {data}") from problem


def _last(asking: socket.socket, progress: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    with asking.makefile("r", encoding="utf-8") as lines:
        for line in lines:
            answer: dict[str, Any] = json.loads(line)
            if "progress" not in answer:
                return answer
            progress(answer["progress"])
    raise NotRunning("the bot ended before it answered")
