"""The least a bot can be in encrypted rooms: one sync, decryption, encryption and send per command.

Keys are exchanged as the bot does it, before anybody looks at the clock; nothing in what is measured is.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coedu_bot.clock import SystemClock
from coedu_bot.matrix import Login, MatrixClient, open_client

_NOTHING: dict[str, list[str]] = {"types": []}


def _filter(user: str) -> str:
    timeline = {"limit": 250, "types": ["m.room.encrypted"], "not_senders": [user]}
    room = {"timeline": timeline, "state": _NOTHING, "ephemeral": _NOTHING, "account_data": _NOTHING}
    return json.dumps({"presence": _NOTHING, "account_data": _NOTHING, "room": room})


async def main(base_url: str, user: str, kept: Path, password: str) -> None:
    """Join what one is invited to, answer every `!ping`."""
    folder = kept.with_suffix("")
    folder.mkdir()
    client = await open_client(Login(base_url, user, password), folder, SystemClock(timedelta()))
    params = {"filter": _filter(user)}
    while True:
        sync = await client.http.call("GET", "/v3/sync", params=params, within=60)
        client.encryption.take(sync)
        rooms = sync.get("rooms", {})
        for room in rooms.get("invite", {}):
            await client.http.call("POST", f"/v3/join/{quote(room)}", {})
        for room, update in rooms.get("join", {}).items():
            for event in update["timeline"]["events"]:
                await _answer(client, room, event)
        params |= {"since": sync["next_batch"], "timeout": "10000"}
        kept.write_text(json.dumps({"since": sync["next_batch"]}))


async def _answer(client: MatrixClient, room: str, event: Any) -> None:
    olm, closed = client.encryption.olm, event["content"]
    session = next(iter(olm.inbound_group_store[room].values()))[closed["session_id"]]
    command = json.loads(session.decrypt(closed["ciphertext"])[0])["content"]["body"]
    relation = {"m.in_reply_to": {"event_id": event["event_id"]}}
    content = {"msgtype": "m.notice", "body": command[1:], "m.relates_to": relation}
    if room not in olm.outbound_group_sessions:
        await client.encryption.encrypted(room, "m.room.message", content)  # gives the key to everybody
    ours = olm.outbound_group_sessions[room]
    inside = {"type": "m.room.message", "content": content, "room_id": room}
    sent = {
        "algorithm": closed["algorithm"],
        "sender_key": olm.account.identity_keys["curve25519"],
        "ciphertext": ours._session.encrypt(json.dumps(inside).encode()).to_base64(),
        "session_id": ours.id,
        "device_id": olm.device_id,
        "m.relates_to": relation,
    }
    path = f"/v3/rooms/{quote(room)}/send/m.room.encrypted/{quote(event['event_id'])}"
    await client.http.call("PUT", path, sent)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), os.environ["COEDU_PASSWORD"]))
