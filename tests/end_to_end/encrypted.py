"""What the tests of encrypted rooms have in common."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from coedu_bot.demo.client import Event, NotSeenError, is_message
from tests.end_to_end.conftest import World, is_join
from tests.end_to_end.element import ElementPerson

NO_SHIELD = 0
RED = 2
ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


async def encrypted_direct(world: World, person: ElementPerson, **more: Any) -> str:
    """A direct room as Element's "Start chat" makes it with a user who has device keys."""
    room = await person.create_room("", (world.bot_id,), is_direct=True, initial_state=[ENCRYPTION], **more)
    await person.sees(lambda event: is_join(event, world.bot_id), room)
    return room


async def until_answered(person: ElementPerson, room: str, text: str) -> None:
    """The bot reads the person and is read; a new device of its own may be known a little later."""
    for _ in range(10):
        await person.say(room, f"!ping {text}")
        with suppress(NotSeenError):
            answer = await person.sees(lambda event: is_message(event, text, kind="reply"), room, within=3)
            assert is_clean(answer)
            return
    raise NotSeenError(f"no answer to {text}")


def is_clean(event: Event) -> bool:
    """Sent encrypted, and shown without a shield or a padlock."""
    return (event["wire"], event["shield"]) == ("m.room.encrypted", NO_SHIELD)


async def bot_devices(world: World, person: ElementPerson) -> list[dict[str, Any]]:
    """The bot's devices as the person's client knows them."""
    devices: list[dict[str, Any]] = await person.ask("devices", user=world.bot_id)
    return devices
