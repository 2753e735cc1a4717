"""Who is to look when a table was written to: told by the database, so that no writer can forget it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable


class Watchers:
    """Listeners by the name of the table they care for."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)

    def add(self, table: str, listener: Callable[[], None]) -> None:
        """Call it after each commit that wrote to the table."""
        self._listeners[table].append(listener)

    def tell(self, written: Iterable[str]) -> None:
        """These tables were written to, and it is committed."""
        for table in written:
            for listener in self._listeners.get(table, ()):
                listener()
