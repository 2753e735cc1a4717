"""Where the control socket lies. The kernel takes only short names: long folders go through a handle."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "control.sock"
_LONGEST = 100


@contextmanager
def address_in(data: Path) -> Iterator[str]:
    """The address of the socket in a data folder, valid inside the block."""
    path = str(data.resolve() / NAME)
    if len(os.fsencode(path)) <= _LONGEST:
        yield path
        return
    handle = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{NAME}"
    finally:
        os.close(handle)
