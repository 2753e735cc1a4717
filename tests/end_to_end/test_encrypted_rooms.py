"""All that people and the bot send each other in encrypted rooms; clients trust only signed devices."""

from __future__ import annotations

import pytest

from coedu_bot.demo.client import Event, coedu
from coedu_bot.events import (
    MessageEdited,
    MessageReceived,
    PollAnswered,
    PollEnded,
    ReactionReceived,
)
from tests.end_to_end.conftest import World
from tests.end_to_end.element import ElementPerson, Elements
from tests.end_to_end.encrypted import encrypted_direct, is_clean
from tests.end_to_end.port import Port, open_port

UNSTABLE = "org.matrix.msc3381.poll"
PICTURE = bytes(range(256)) * 40


def text(body: str, **more: object) -> dict[str, object]:
    return {"msgtype": "m.text", "body": body, "org.coedu": {"kind": "reply"}, **more}


def poll_start(question: str, *answers: str) -> dict[str, object]:
    return {
        "org.matrix.msc1767.text": question,
        f"{UNSTABLE}.start": {
            "kind": f"{UNSTABLE}.disclosed",
            "max_selections": 1,
            "question": {"org.matrix.msc1767.text": question, "body": question, "msgtype": "m.text"},
            "answers": [{"id": one, "org.matrix.msc1767.text": one} for one in answers],
        },
    }


def about(event: str, **more: object) -> dict[str, object]:
    return {"m.relates_to": {"rel_type": "m.reference", "event_id": event}, **more}


@pytest.mark.parametrize("version", ["11", "12"])
async def test_both_sides_read_everything(world: World, elements: Elements, version: str) -> None:
    parent = await world.element(elements, "Ana", strict=True)
    async with open_port(world) as port:
        room = await encrypted_direct(world, parent, room_version=version)
        assert await port.homeserver.encryption.is_encrypted(room)
        asked = await parent.say(room, "bonjour")
        await port.hears(MessageReceived, text="bonjour")
        await the_parent_reads(port, parent, room, asked)
        await the_bot_reads(port, parent, room)
        await both_vote(port, parent, room)
        await both_open_files(port, parent, room)
        wires = {event["type"]: event["wire"] for event in parent.seen(room) if "state_key" not in event}
        assert set(wires.values()) == {"m.room.encrypted", "m.reaction"}  # reactions are clear everywhere


async def the_parent_reads(port: Port, parent: ElementPerson, room: str, asked: str) -> None:
    answer = {"m.relates_to": {"m.in_reply_to": {"event_id": asked}}}
    said = await port.homeserver.send(room, "m.room.message", text("salut", **answer), "t1")
    assert is_clean(await sees(parent, said))
    replace = {"rel_type": "m.replace", "event_id": said}
    edit = text("* salut Ana", **{"m.new_content": text("salut Ana"), "m.relates_to": replace})
    assert is_clean(await sees(parent, await port.homeserver.send(room, "m.room.message", edit, "t2")))
    assert [message["content"]["body"] for message in parent.messages(room)] == ["salut Ana"]
    tap = {"m.relates_to": {"rel_type": "m.annotation", "event_id": asked, "key": "✅"}}
    shown = await sees(parent, await port.homeserver.send(room, "m.reaction", tap, "t3"))
    assert shown["content"]["m.relates_to"]["key"] == "✅"


async def the_bot_reads(port: Port, parent: ElementPerson, room: str) -> None:
    said = await parent.say(room, "une question")
    await port.hears(MessageReceived, text="une question")
    await parent.edit(room, said, "une autre")
    assert (await port.hears(MessageEdited, target=said)).text == "une autre"
    await parent.say(room, "et la suite", reply_to=said)
    assert (await port.hears(MessageReceived, text="et la suite")).reply_to == said
    await parent.tap(room, said)
    assert (await port.hears(ReactionReceived, target=said)).key == "✅"


async def both_vote(port: Port, parent: ElementPerson, room: str) -> None:
    poll = await port.homeserver.send(
        room, f"{UNSTABLE}.start", poll_start("Quand ?", "lundi", "jeudi"), "t4"
    )
    assert is_clean(await sees(parent, poll))
    await parent.send(
        room, f"{UNSTABLE}.response", about(poll, **{f"{UNSTABLE}.response": {"answers": ["jeudi"]}})
    )
    assert (await port.hears(PollAnswered, target=poll)).answers == ("jeudi",)
    end = about(poll, **{f"{UNSTABLE}.end": {}, "org.matrix.msc1767.text": "jeudi"})
    await sees(parent, await port.homeserver.send(room, f"{UNSTABLE}.end", end, "t5"))
    shown = await parent.ask("poll", room=room, event=poll)
    assert ([one["text"] for one in shown["answers"]], shown["ended"]) == (["lundi", "jeudi"], True)
    theirs = await parent.send(room, f"{UNSTABLE}.start", poll_start("Où ?", "ici", "là"))
    vote = about(theirs, **{f"{UNSTABLE}.response": {"answers": ["ici"]}})
    await sees(parent, await port.homeserver.send(room, f"{UNSTABLE}.response", vote, "t6"))
    assert (await parent.ask("poll", room=room, event=theirs))["votes"][0][2][f"{UNSTABLE}.response"] == {
        "answers": ["ici"]
    }
    await parent.send(room, f"{UNSTABLE}.end", about(theirs, **{f"{UNSTABLE}.end": {}}))
    await port.hears(PollEnded, target=theirs)


async def both_open_files(port: Port, parent: ElementPerson, room: str) -> None:
    media = await port.homeserver.upload(PICTURE, mime="image/png", name="plan.png", encrypt=True)
    sent = {"msgtype": "m.image", "body": "plan.png", "file": media.encryption}
    shown = await sees(parent, await port.homeserver.send(room, "m.room.message", sent, "t7"))
    assert "plan" not in str(shown["content"]["file"])
    assert bytes.fromhex(await parent.ask("open", file=shown["content"]["file"])) == PICTURE
    file = await parent.ask("close", data=PICTURE.hex())
    await parent.send(room, "m.room.message", {"msgtype": "m.file", "body": "mot.pdf", "file": file})
    heard = await port.hears(MessageReceived, msgtype="m.file")
    assert heard.file is not None
    assert await port.homeserver.download(heard.file, 10_000_000) == PICTURE


async def sees(parent: ElementPerson, event_id: str) -> Event:
    """The event, once it is decrypted."""
    return await parent.sees(lambda e: e["event_id"] == event_id and e["failure"] is None)


async def test_a_client_that_trusts_only_signed_devices_refuses_an_unsigned_bot(
    world: World, elements: Elements
) -> None:
    """The same as above with an identity that the bot does not hold: it cannot sign its device."""
    parent = await world.element(elements, "Ana", strict=True)
    async with open_port(world, stranger=elements) as port:
        room = await encrypted_direct(world, parent)
        await parent.say(room, "bonjour")
        refused = await port.is_refused(parent.user_id)
        assert refused.code == "m.unverified"
        said = await port.homeserver.send(room, "m.room.message", text("salut"), "t1")
        shown = await parent.sees(lambda event: event["event_id"] == said)
        assert (shown["failure"] is not None, coedu(shown)) == (True, {})
        assert not any(isinstance(event, MessageReceived) for event in port.events)
