"""Before the morning: a private homeserver, everybody's account and client, the rooms, and the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.progress import Progress, TaskID

from coedu_bot.clock import SystemClock
from coedu_bot.demo import school
from coedu_bot.demo.client import Event, Person
from coedu_bot.demo.process import BotProcess
from coedu_bot.demo.stage import Stage
from coedu_bot.demo.synapse import PrivateSynapse
from coedu_bot.demo.transcript import Transcript

SERVER = "ecole.example"
MORNING = datetime(2026, 10, 6, 7, 40, tzinfo=ZoneInfo("Europe/Paris"))


@asynccontextmanager
async def opened(transcript: Transcript, pace: float) -> AsyncIterator[tuple[Stage, PrivateSynapse]]:
    """The school as it is at 7:40, everybody in their rooms; all of it is gone afterwards."""
    async with AsyncExitStack() as stack:
        with Progress(console=transcript.console, transient=True) as progress:
            steps = progress.add_task("Opening the school …", total=len(school.accounts()) + 4)
            synapse = await stack.enter_async_context(PrivateSynapse(SERVER))
            progress.advance(steps)
            bot_id = await synapse.register("coedu", school.PASSWORD, display_name=school.BOT_NAME)
            bot = BotProcess(school.write_config(synapse.folder, synapse.base_url), school.PASSWORD)
            stage = Stage(bot, bot_id, SystemClock(), transcript, pace)
            for name in school.accounts():
                stage.add(name, await _client(synapse, stack, name))
                progress.advance(steps)
            await _fill(stage, stack, progress, steps)
        yield stage, synapse


async def _client(synapse: PrivateSynapse, stack: AsyncExitStack, name: str) -> Person:
    local = school.accounts()[name].partition(":")[0].removeprefix("@")
    user = await synapse.register(local, school.PASSWORD, display_name=name)
    return await stack.enter_async_context(Person(synapse.base_url, user, school.PASSWORD))


async def _fill(stage: Stage, stack: AsyncExitStack, progress: Progress, steps: TaskID) -> None:
    """The bot and the rooms, then wait until everybody is where they belong."""
    stage.clock.offset = MORNING - stage.clock.now()
    stage.bot.clock_offset = stage.clock.offset.total_seconds()
    await asyncio.gather(stack.enter_async_context(stage.bot), _make_rooms(stage))
    progress.advance(steps, 2)
    await asyncio.gather(*(_everybody_is_in(stage, class_id) for class_id in school.classes()))
    head = stage.person(school.HEAD).client
    await head.sees(lambda event: is_join(event, stage.bot_id), stage.rooms["staff"])
    progress.advance(steps)


async def _make_rooms(stage: Stage) -> None:
    head = stage.person(school.HEAD).client
    for class_id, name in school.classes().items():
        stage.rooms[class_id] = await _room(stage, name, class_id.lower(), school.members(class_id))
    stage.rooms["staff"] = await _room(stage, school.STAFF_ROOM, "staff", school.teachers())
    stage.rooms["space"] = await _space(stage, head)


async def _room(stage: Stage, name: str, alias: str, members: list[str]) -> str:
    """The head makes a room, with these people and the bot."""
    ids = school.accounts()
    staff = [ids[member] for member in members if member in school.teachers()]
    return await stage.person(school.HEAD).client.create_room(
        name,
        (*(ids[member] for member in members), stage.bot_id),
        room_alias_name=alias,
        power_level_content_override={"users": dict.fromkeys([*staff, stage.bot_id], 50)},
    )


async def _space(stage: Stage, head: Person) -> str:
    """The school's space, with its rooms in it."""
    everybody = [player.client.user_id for player in stage.people.values() if player.client is not head]
    space = await head.create_room(
        school.sample().name, tuple(everybody), creation_content={"type": "m.space"}
    )
    for room in stage.rooms.values():
        await head.set_state(space, "m.space.child", {"via": [SERVER]}, room)
    return space


async def _everybody_is_in(stage: Stage, class_id: str) -> None:
    room = stage.rooms[class_id]
    await asyncio.gather(*(one.client.is_in(room) for one in stage.members(class_id)))
    for member in stage.members(class_id):
        await member.client.sees(lambda event: is_join(event, stage.bot_id), room)


def is_join(event: Event, user: str) -> bool:
    """Whether this event is the joining of a user."""
    member: tuple[str, Any] = (event["type"], event.get("state_key"))
    return member == ("m.room.member", user) and event["content"].get("membership") == "join"
