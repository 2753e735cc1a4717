"""What a verification needs of the account: ways to answer, and the keys on both sides."""

from __future__ import annotations

from uuid import uuid4

from coedu_bot.events import EventId, RoomId
from coedu_bot.matrix.exchange import Doors
from coedu_bot.matrix.homeserver import MatrixHomeserver
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.json_values import Raw, mapping_or_empty
from coedu_bot.matrix.opening import OpenAccount
from coedu_bot.matrix.sas import Party
from coedu_bot.matrix.signing import public_key


def doors_of(account: OpenAccount, http: Http, homeserver: MatrixHomeserver) -> Doors:
    """The account's, with its own names."""
    us = Party(account.session.user_id, account.session.device_id)
    signing = account.signing

    async def to_room(room: RoomId, type_: str, content: Raw) -> EventId:
        return await homeserver.send(room, type_, content, uuid4().hex)

    async def keys_of(party: Party) -> dict[str, str]:
        body = {"device_keys": {party.user: [party.device]}}
        return _shown_keys(party, await http.call("POST", "/v3/keys/query", body))

    async def our_keys() -> dict[str, str]:
        return {f"ed25519:{us.device}": account.encryption.fingerprint, **await signing.public_keys()}

    async def others_may_answer(party: Party) -> bool:
        answer = await http.call("POST", "/v3/keys/query", {"device_keys": {us.user: []}})
        devices = mapping_or_empty(mapping_or_empty(answer.get("device_keys")).get(us.user))
        return bool(devices.keys() - {us.device, party.device})

    async def verified(party: Party) -> None:
        if party.user == us.user:
            await signing.sign_another(party.device)
            signing.look_again()

    to_device = account.encryption.send_to_devices
    return Doors(us, to_device, to_room, keys_of, our_keys, others_may_answer, verified)


def _shown_keys(party: Party, answer: Raw) -> dict[str, str]:
    """The device's key and its owner's master key, by their ids; empty without the device."""
    devices = mapping_or_empty(mapping_or_empty(answer.get("device_keys")).get(party.user))
    key = mapping_or_empty(mapping_or_empty(devices.get(party.device)).get("keys"))
    fingerprint = key.get(f"ed25519:{party.device}")
    if not isinstance(fingerprint, str):
        return {}
    master = public_key(mapping_or_empty(answer.get("master_keys")).get(party.user))
    own = {f"ed25519:{party.device}": fingerprint}
    return {**own, f"ed25519:{master}": master} if master else own
