"""What the start made stays: the collector need not look at it again and again."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress


def settle() -> None:
    """Let the collector leave alone what stays for ever, and return what imports left behind (glibc only)."""
    gc.freeze()  # looking through it all once more would take a tenth of a second, and find nothing
    gc.enable()
    with suppress(OSError, AttributeError):  # other C libraries do without
        ctypes.CDLL(None).malloc_trim(0)
