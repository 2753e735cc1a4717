"""Every command and tap has its effect exactly once, whatever is killed or lost on the way."""

from __future__ import annotations

import asyncio
import random
import re
import signal
from collections import Counter
from contextlib import AsyncExitStack

import pytest

from coedu_bot.demo.client import Event, Person, coedu
from coedu_bot.demo.process import BotProcess
from tests.end_to_end.conftest import World
from tests.end_to_end.faulty import FaultyProxy

KILLS = 50
TEACHERS = 3
EACH = 50  # announcements of each teacher; each is tapped by one parent: 300 acts in all
NUMBER = re.compile(r"Numéro (\d+)\.")


async def test_three_hundred_acts_and_fifty_kills(world: World) -> None:
    bot = await world.bot()
    rooms = {}
    for index in range(TEACHERS):
        teacher, parent = await world.person(f"Mme T{index}"), await world.person(f"M. P{index}")
        rooms[await world.room(f"6{index}", teacher, parent)] = (teacher, parent)
    killing = asyncio.create_task(kill_again_and_again(bot))
    acting = [act(room, teacher, parent) for room, (teacher, parent) in rooms.items()]
    try:
        await asyncio.gather(*acting)
    finally:
        await killing
    for room, (_, parent) in rooms.items():
        await everything_once_and_in_order(world, room, parent)
    await asyncio.gather(*(every_tap_counted(world, teacher) for teacher, _ in rooms.values()))


async def kill_again_and_again(bot: BotProcess) -> None:
    """At random instants, start-up included."""
    chance = random.Random(20261006)
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.05, 0.9))
        await bot.end(signal.SIGKILL)
        await bot.start(ready=chance.random() < 0.6)
    await bot.end(signal.SIGKILL)
    await bot.start()


async def act(room: str, teacher: Person, parent: Person) -> None:
    """The teacher announces, the parent taps whatever appears; both go on whether the bot lives or not."""
    chance = random.Random(room)

    async def announce() -> None:
        for number in range(EACH):
            await teacher.say(room, f"!annonce Numéro {number}.")
            await asyncio.sleep(chance.uniform(0.2, 1.2))

    async def tap() -> None:
        for number in range(EACH):
            post = await parent.sees(lambda e, n=number: number_of(e) == n, room, within=240)  # type: ignore[misc]
            await parent.tap(room, post["event_id"])

    await asyncio.gather(announce(), tap())


def number_of(event: Event) -> int | None:
    if coedu(event).get("kind") != "announcement":
        return None
    match = NUMBER.match(event["content"]["body"])
    return int(match[1]) if match else None


async def everything_once_and_in_order(world: World, room: str, parent: Person) -> None:
    async with asyncio.timeout(60):  # what can be tapped comes after all that is to be read
        while len(offers(world, timeline := await whole_timeline(parent, room))) < EACH:
            await asyncio.sleep(0.5)
    numbers = [number for event in timeline if (number := number_of(event)) is not None]
    assert numbers == list(range(EACH))
    posts = {event["event_id"] for event in timeline if number_of(event) is not None}
    assert Counter(offers(world, timeline)) == dict.fromkeys(posts, 1)


def offers(world: World, timeline: list[Event]) -> list[str]:
    """The messages that the bot's reactions stand under, one for each reaction."""
    return [
        event["content"]["m.relates_to"]["event_id"]
        for event in timeline
        if event["type"] == "m.reaction" and event["sender"] == world.bot_id
    ]


async def whole_timeline(person: Person, room: str) -> list[Event]:
    """All of a room's events from the homeserver itself, oldest first."""
    events: list[Event] = []
    start = ""
    while True:
        more = {"from": start} if start else {}
        page = await person.call("GET", f"/rooms/{room}/messages", dir="b", limit="100", **more)
        events += page["chunk"]
        if not page.get("end"):
            return events[::-1]
        start = page["end"]


async def every_tap_counted(world: World, teacher: Person) -> None:
    private = await world.direct(teacher)
    await teacher.say(private, "annonces")
    overview = await teacher.sees_message("Annonces", room=private, kind="reply")
    for item in re.findall(r"\bA\d+\b", overview["content"]["body"]):
        await teacher.say(private, f"suivi {item}")
        await teacher.sees_message("1 sur 1 a lu.", room=private, kind="announcement.receipts", id=item)


@pytest.mark.parametrize(
    ("fault", "times"), [("429", 6), ("502", 4), ("drop-before", 6), ("drop-after", 6), ("truncate", 4)]
)
async def test_a_storm_of_failing_sends_delays_and_loses_nothing(
    world: World, fault: str, times: int
) -> None:
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultyProxy(world.synapse.base_url))
        world.base_url = proxy.base_url
        await world.bot()
        teacher, parent = await world.person("Mme Durand"), await world.person("M. Costa")
        room = await world.room("6B", teacher, parent)
        storm = proxy.fail(fault, times=times, method="PUT", path="/send/")  # type: ignore[arg-type]
        for number in range(5):
            await teacher.say(room, f"!annonce Numéro {number}.")
        await parent.sees(lambda e: number_of(e) == 4, room, within=60)
        post = next(event for event in parent.seen(room) if number_of(event) == 0)
        await parent.tap(room, post["event_id"])
        private = await world.direct(teacher)
        await teacher.say(private, f"suivi {coedu(post)['id']}")
        await teacher.sees_message("1 sur 1 a lu.", room=private)
        assert storm.met == times
        timeline = await whole_timeline(parent, room)
        assert [n for event in timeline if (n := number_of(event)) is not None] == list(range(5))


@pytest.mark.parametrize("fault", ["429", "502", "drop-before", "truncate"])
async def test_a_sync_that_fails_is_repeated_without_loss(world: World, fault: str) -> None:
    async with FaultyProxy(world.synapse.base_url) as proxy:
        world.base_url = proxy.base_url
        await world.bot()
        teacher, parent = await world.person("Mme Durand"), await world.person("M. Costa")
        room = await world.room("6B", teacher, parent)
        storm = proxy.fail(fault, times=3, path="/sync")  # type: ignore[arg-type]
        await teacher.say(room, "!annonce Numéro 0.")
        await teacher.say(room, "!annonce Numéro 1.")
        await parent.sees(lambda e: number_of(e) == 1, room, within=60)
        assert storm.met == 3
        timeline = await whole_timeline(parent, room)
        assert [n for event in timeline if (n := number_of(event)) is not None] == [0, 1]


async def test_two_hundred_messages_while_the_bot_was_down_are_all_read(world: World) -> None:
    bot = await world.bot()
    teacher, parent = await world.person("Mme Durand"), await world.person("M. Costa")
    room = await world.room("6B", teacher, parent)
    await teacher.say(room, "!annonce Numéro 0.")
    await parent.sees(lambda e: number_of(e) == 0, room)
    await bot.end(signal.SIGKILL)
    for number in range(20, 201, 20):
        await asyncio.gather(*(teacher.say(room, f"bavardage {one}") for one in range(number - 19, number)))
        await teacher.say(room, f"!annonce Numéro {number}.")
    await bot.start()
    await parent.sees(lambda e: number_of(e) == 200, room, within=60)
    timeline = await whole_timeline(parent, room)
    numbers = [n for event in timeline if (n := number_of(event)) is not None]
    assert numbers == [0, *range(20, 201, 20)]


async def test_a_stop_that_was_asked_for_ends_within_five_seconds(world: World) -> None:
    bot = await world.bot()
    async with asyncio.timeout(5):
        assert await bot.end(signal.SIGTERM) == 0
    await bot.start()


async def test_a_second_process_on_the_same_data_refuses_to_start(world: World) -> None:
    bot = await world.bot()
    second = BotProcess(bot.config, bot.password)
    await second.start(ready=False)
    assert await second.wait() == 1
    await second.end()
    assert any("cannot-run" in str(line.get("event")) for line in second.log)
