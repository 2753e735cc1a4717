"""The least a bot can be: one sync and one send per command, nothing kept, nothing guarded.

What is slower than this is ours; what is not is the homeserver's and the network's.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from itertools import count
from urllib.parse import quote

import aiohttp

_FILTER = json.dumps({"presence": {"types": []}, "room": {"timeline": {"limit": 50}}})


async def main(base_url: str, user: str, password: str) -> None:
    """Log in, join what one is invited to, answer every `!ping`."""
    numbers = count()
    url = f"{base_url}/_matrix/client/v3"
    async with aiohttp.ClientSession() as http:
        identifier = {"type": "m.id.user", "user": user}
        body = {"type": "m.login.password", "identifier": identifier, "password": password}
        async with http.post(f"{url}/login", json=body) as answer:
            token = (await answer.json())["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        since: dict[str, str] = {}
        while True:
            params = {"timeout": "10000", "filter": _FILTER, **since}
            async with http.get(f"{url}/sync", params=params) as answer:
                sync = await answer.json()
            since = {"since": sync["next_batch"]}
            for room in sync.get("rooms", {}).get("invite", {}):
                async with http.post(f"{url}/join/{quote(room)}", json={}):
                    pass
            for room, update in sync.get("rooms", {}).get("join", {}).items():
                for event in update["timeline"]["events"]:
                    if event["sender"] == user or not str(event["content"].get("body", "")).startswith("!"):
                        continue
                    reply = {
                        "msgtype": "m.notice",
                        "body": event["content"]["body"][1:],
                        "m.relates_to": {"m.in_reply_to": {"event_id": event["event_id"]}},
                    }
                    path = f"/rooms/{quote(room)}/send/m.room.message/{next(numbers)}"
                    async with http.put(url + path, json=reply):
                        pass


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], os.environ["COEDU_PASSWORD"]))
