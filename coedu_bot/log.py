"""Structured logs, one line an event: never bodies, tokens or names; people by Matrix ID only at debug."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast


@contextmanager
def _without(package: str) -> Iterator[None]:
    """As if a package were not installed, for what is imported meanwhile."""
    absent = package not in sys.modules
    if absent:
        sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if absent:
            del sys.modules[package]


# structlog draws tracebacks with rich where it finds it: 3 MB and a tenth of the start, for what we never log
with _without("rich"):
    import structlog


class _StandardError(io.TextIOBase):
    """Standard error as it is when a line is written: loggers are kept, and it may be exchanged."""

    def write(self, text: str, /) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def logger(name: str) -> Any:
    """A bound logger for one module."""
    return structlog.get_logger(name)


def configure(*, debug: bool = False, json: bool = True, quiet: bool = False) -> None:
    """Set up logging for a process: JSON lines on standard error, or readable ones."""
    level = logging.DEBUG if debug else logging.ERROR if quiet else logging.INFO
    stream = cast("TextIO", _StandardError())
    logging.basicConfig(level=logging.WARNING, stream=stream, format="%(name)s %(levelname)s %(message)s")
    renderer: Any = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
