"""Keys on their way: uploaded, looked up, claimed, shared; every call repeated until it is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from nio.responses import KeysUploadResponse

from coedu_bot.events import RoomId
from coedu_bot.homeserver import HomeserverError, SessionLost
from coedu_bot.log import logger
from coedu_bot.matrix.convert import Raw
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.olm import GuardedOlm

log = logger(__name__)

_ALGORITHM = "signed_curve25519"


class Keys:
    """What a device owes the homeserver and other devices."""

    def __init__(self, http: Http, olm: GuardedOlm) -> None:
        self._http = http
        self._olm = olm
        self._fallback_used = True  # until the server says that it has one nobody has used

    def count(self, answer: Raw) -> None:
        """What a sync says of our keys; a count of 0 is the one that matters most."""
        counts = answer.get("device_one_time_keys_count")
        if isinstance(counts, dict):
            count = counts.get(_ALGORITHM, 0)
            if isinstance(count, int):
                self._olm.uploaded_key_count = count
        unused = answer.get("device_unused_fallback_key_types")
        if isinstance(unused, list):
            self._fallback_used = _ALGORITHM not in unused

    def look_up_again(self, users: Iterable[str]) -> None:
        """The devices of these users have changed."""
        self._olm.add_changed_users(set(users) & self._olm.tracked_users)

    async def keep(self) -> None:
        """Do what is due; a failure is tried again at the next round, SessionLost is raised."""
        try:
            if self._olm.should_upload_keys or self._fallback_used:
                await self._upload()
            if self._olm.users_for_key_query:
                await self._query(set(self._olm.users_for_key_query))
            await self._unwedge()
            await self._send_queued()
        except SessionLost:
            raise
        except HomeserverError as problem:
            log.info("keys-later", problem=type(problem).__name__)

    async def share(self, room: RoomId, members: set[str]) -> None:
        """Give the room's session to every device of its members.

        A failed call leaves the session unshared: the next attempt goes on with the devices that lack it.
        """
        await self._query((members - self._olm.tracked_users) | (members & self._olm.users_for_key_query))
        missing = self._olm.get_missing_sessions(sorted(members))
        if missing:
            await self._claim(missing)
        batches = self._olm.share_group_session_parallel(
            room, sorted(members), ignore_unverified_devices=True
        )
        for devices, messages in batches:
            await self._to_device("m.room.encrypted", messages)
            self._olm.outbound_group_sessions[room].users_shared_with.update(devices)
        self._olm.outbound_group_sessions[room].shared = True

    async def _upload(self) -> None:
        body = self._olm.share_keys() if self._olm.should_upload_keys else {}
        if self._fallback_used:
            body["fallback_keys"] = self._fallback_key()
        answer = await self._http.call("POST", "/v3/keys/upload", body)
        counts = answer.get("one_time_key_counts", {})
        self._olm.handle_response(KeysUploadResponse(0, int(counts.get(_ALGORITHM, 0))))
        self._fallback_used = False

    def _fallback_key(self) -> dict[str, Any]:
        """May be used more than once: nobody can make the bot deaf by using up the one-time keys."""
        account = self._olm.account._account
        account.generate_fallback_key()
        key_id, key = next(iter(account.fallback_key.items()))
        signed = {"key": key.to_base64(), "fallback": True}
        signature = self._olm.sign_json(dict(signed))
        signatures = {self._olm.user_id: {f"ed25519:{self._olm.device_id}": signature}}
        return {f"{_ALGORITHM}:{key_id}": {**signed, "signatures": signatures}}

    async def _query(self, users: set[str]) -> None:
        if not users:
            return
        body = {"device_keys": {user: [] for user in sorted(users)}, "timeout": 10_000}
        answer = await self._http.call("POST", "/v3/keys/query", body)
        found = answer.get("device_keys")
        self._olm.take_devices(found if isinstance(found, dict) else {})
        # who has no devices is known too, or they would be looked up for ever
        self._olm.users_for_key_query -= users
        self._olm.tracked_users |= users

    async def _claim(self, missing: Mapping[str, Iterable[str]]) -> None:
        wanted = {user: dict.fromkeys(devices, _ALGORITHM) for user, devices in missing.items()}
        answer = await self._http.call("POST", "/v3/keys/claim", {"one_time_keys": wanted, "timeout": 10_000})
        keys = answer.get("one_time_keys")
        self._olm.take_one_time_keys(keys if isinstance(keys, dict) else {})

    async def _unwedge(self) -> None:
        """New sessions with devices whose messages could not be read."""
        if self._olm.wedged_devices or self._olm.key_request_devices_no_session:
            await self._claim(self._olm.get_users_for_key_claiming())

    async def _send_queued(self) -> None:
        for message in list(self._olm.outgoing_to_device_messages):
            await self._to_device(message.type, message.as_dict())
            self._olm._mark_to_device_message_as_sent(message)

    async def _to_device(self, type_: str, body: Mapping[str, Any]) -> None:
        await self._http.call("PUT", f"/v3/sendToDevice/{quote(type_)}/{uuid4().hex}", body, within=60)
