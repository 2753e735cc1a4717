"""Keys on their way: uploaded, looked up, claimed, sent; every call may be repeated until it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

from nio.responses import KeysUploadResponse

from coedu_bot.events import UserId
from coedu_bot.matrix.http import Http, path_of
from coedu_bot.matrix.json_values import Raw, mapping_or_empty
from coedu_bot.matrix.olm import AT_ONCE, GuardedOlm
from coedu_bot.matrix.store_marks import StoreMarks

_ALGORITHM = "signed_curve25519"
_OTHER_SERVERS = 10_000
"""Milliseconds that our homeserver may wait for others."""


async def in_slices(by_user: Raw, take: Callable[[Raw], None]) -> None:
    """A few devices at a time: checking hundreds of signatures must not keep everything else waiting."""
    some: dict[str, Any] = {}
    for user, devices in by_user.items():
        some[user] = devices
        if sum(len(one) for one in some.values() if isinstance(one, Mapping)) >= AT_ONCE:
            take(some)
            some = {}
            await asyncio.sleep(0)
    if some:
        take(some)


class Keys:
    """What a device owes the homeserver and other devices."""

    def __init__(self, http: Http, olm: GuardedOlm, marks: StoreMarks) -> None:
        self._http = http
        self._olm = olm
        self._marks = marks
        self._fallback_used = not olm.account.shared

    def count(self, answer: Raw) -> None:
        """What a sync says of our keys; a count of 0 is the one that matters most."""
        counts = answer.get("device_one_time_keys_count")
        if isinstance(counts, Mapping):
            count = counts.get(_ALGORITHM, 0)
            self._olm.uploaded_key_count = count if isinstance(count, int) else 0
        unused = answer.get("device_unused_fallback_key_types")
        if isinstance(unused, list):
            self._fallback_used = _ALGORITHM not in unused

    @property
    def are_due(self) -> bool:
        """Whether there is something to upload or to send."""
        olm = self._olm
        waiting = olm.wedged_devices or olm.outgoing_to_device_messages
        return bool(olm.should_upload_keys or self._fallback_used or waiting)

    @property
    def has_fallback(self) -> bool:
        """Whether the homeserver has a fallback key of ours that nobody used yet."""
        return not self._fallback_used

    async def published(self) -> dict[str, str] | None:
        """The identity keys that the homeserver shows for this device; None if it has none."""
        user, device = self._olm.user_id, self._olm.device_id
        answer = await self._http.call("POST", "/v3/keys/query", {"device_keys": {user: []}})
        devices = mapping_or_empty(mapping_or_empty(answer.get("device_keys")).get(user))
        if device not in devices:
            return None
        keys = mapping_or_empty(mapping_or_empty(devices[device]).get("keys"))
        return {kind: str(keys.get(f"{kind}:{device}", "")) for kind in ("curve25519", "ed25519")}

    async def upload(self) -> bool:
        """Upload what the homeserver lacks; saved first, or a kill loses keys that others will use.

        True if there was something.
        """
        if not self._olm.should_upload_keys and not self._fallback_used:
            return False
        body = self._olm.share_keys() if self._olm.should_upload_keys else {}
        if self._fallback_used:
            body["fallback_keys"] = self._fallback_key()
        self._olm.save_account()
        answer = await self._http.call("POST", "/v3/keys/upload", body)
        count = mapping_or_empty(answer.get("one_time_key_counts")).get(_ALGORITHM, 0)
        self._olm.handle_response(KeysUploadResponse(0, count if isinstance(count, int) else 0))
        self._fallback_used = False
        return True

    def _fallback_key(self) -> dict[str, Any]:
        """May be used more than once: nobody can make the bot deaf by using up the one-time keys."""
        account = self._olm.account._account
        if not account.fallback_key:  # else one was made whose upload nobody answered
            account.generate_fallback_key()
        id_, key = next(iter(account.fallback_key.items()))
        unsigned = {"key": key.to_base64(), "fallback": True}
        signature = {f"ed25519:{self._olm.device_id}": self._olm.sign_json(unsigned)}
        return {f"{_ALGORITHM}:{id_}": {**unsigned, "signatures": {self._olm.user_id: signature}}}

    def look_up_again(self, users: Iterable[UserId]) -> None:
        """The devices of these users have changed; those we never wrote to do not concern us."""
        self._olm.add_changed_users(set(users) & self._olm.tracked_users)

    async def look_up(self, members: set[UserId]) -> bool:
        """Learn the devices of people where we do not know them; False if a server did not say."""
        signed = self._olm.signed
        unknown = members - self._olm.tracked_users | members & self._olm.users_for_key_query
        unknown |= signed.unknown(members)
        if not unknown:
            return True
        body = {"device_keys": {user: [] for user in sorted(unknown)}, "timeout": _OTHER_SERVERS}
        answer = await self._http.call("POST", "/v3/keys/query", body)
        await in_slices(mapping_or_empty(answer.get("device_keys")), self._olm.take_devices)
        for user in unknown if signed.required else ():
            signed.take(user, answer)
            await asyncio.sleep(0)
        silent = mapping_or_empty(answer.get("failures")).keys()
        # who has no devices is known too, or they would be looked up for ever
        known = {user for user in unknown if user.partition(":")[2] not in silent}
        self._olm.users_for_key_query -= known
        self._olm.tracked_users |= known
        return len(known) == len(unknown)

    async def claim(self, missing: Mapping[UserId, Iterable[str]]) -> None:
        """Begin Olm sessions with devices, by user; devices that give no usable key stay without."""
        if not missing:
            return
        wanted = {user: dict.fromkeys(devices, _ALGORITHM) for user, devices in missing.items()}
        body = {"one_time_keys": wanted, "timeout": _OTHER_SERVERS}
        answer = await self._http.call("POST", "/v3/keys/claim", body)
        await in_slices(mapping_or_empty(answer.get("one_time_keys")), self._olm.take_one_time_keys)

    async def unwedge(self) -> None:
        """New sessions with devices whose messages could not be read, and word to them of it."""
        if self._olm.wedged_devices:
            wedged = self._olm.get_users_for_key_claiming()
            await self.claim(wedged)
            self._olm.wedged_devices.clear()  # who gave no key now is tried at the next unreadable message
        if self._olm.outgoing_to_device_messages:
            await self.mark_use()
        for message in list(self._olm.outgoing_to_device_messages):
            await self.send(message.type, message.as_dict())
            self._olm.outgoing_to_device_messages.remove(message)

    async def mark_use(self) -> None:
        """Before messages to devices are encrypted; with an older store they would be encrypted alike."""
        await self._marks.move_on()

    async def send(self, type_: str, body: Raw) -> None:
        """Send to-device messages."""
        await self._http.call("PUT", path_of("v3", "sendToDevice", type_, uuid4().hex), body)
