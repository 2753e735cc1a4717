"""What the start needed goes back to the system before the bot waits for weeks."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress


def settle() -> None:
    """Let the collector leave alone what stays for ever, and return what imports left behind (glibc only)."""
    gc.collect()
    gc.freeze()
    gc.enable()
    with suppress(OSError, AttributeError):  # other C libraries do without
        ctypes.CDLL(None).malloc_trim(0)
