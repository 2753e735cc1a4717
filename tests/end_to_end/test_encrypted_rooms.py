"""Encrypted rooms between the bot and people whose client encrypts as Element does."""

from __future__ import annotations

import pytest

from tests.end_to_end.conftest import World
from tests.end_to_end.element import Elements
from tests.end_to_end.encrypted import encrypted_direct, is_clean


@pytest.mark.parametrize("version", ["11", "12"])
async def test_a_command_is_read_and_its_answer_too(world: World, elements: Elements, version: str) -> None:
    await world.bot()
    parent = await world.element(elements, "Ana")
    room = await encrypted_direct(world, parent, room_version=version)
    await parent.say(room, "ping hello")
    assert is_clean(await parent.sees_message("hello", kind="reply"))
