"""The end-to-end world once more, for tests that break it."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from tests.end_to_end.conftest import elements, synapse, world

__all__ = ["elements", "synapse", "world"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here shares one event loop with the homeserver."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents and inspect.iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
