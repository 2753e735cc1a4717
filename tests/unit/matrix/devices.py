"""Two people with devices, made of real Olm machines, and what the one sends to the other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import vodozemac
from nio.crypto import Olm, OutboundSession
from nio.events import ToDeviceEvent
from nio.store import SqliteStore
from unpaddedbase64 import encode_base64

ALICE, MALLORY = "@alice:test", "@mallory:test"
ROOM = "!room:test"

AnyOlm = TypeVar("AnyOlm", bound=Olm)


def machine(folder: Path, user: str, kind: type[AnyOlm], device: str = "") -> AnyOlm:
    """An Olm machine with a store of its own."""
    device = device or user[1:6].upper()
    store = SqliteStore(user, device, str(folder), "key", f"{kind.__name__}-{device}.db")
    return kind(user, device, store)


def device_keys(olm: Olm) -> dict[str, Any]:
    """The signed keys of a device, as /keys/query shows them."""
    olm.account.shared = False
    keys: dict[str, Any] = olm.share_keys()["device_keys"]
    return {olm.user_id: {olm.device_id: keys}}


def one_time_key(olm: Olm) -> dict[str, Any]:
    """One signed key of a device, as /keys/claim shows it; not given out again."""
    olm.account.shared = False
    name, key = next(iter(olm.share_keys()["one_time_keys"].items()))
    olm.account.mark_keys_as_published()
    return {olm.user_id: {olm.device_id: {name: key}}}


def acquaint(sender: Olm, recipient: Olm) -> Any:
    """The sender learns the recipient's device and begins an Olm session with it."""
    sender._handle_key_query(SimpleNamespace(device_keys=device_keys(recipient)))
    sender._handle_key_claiming(SimpleNamespace(one_time_keys=one_time_key(recipient)))
    return sender.device_store[recipient.user_id][recipient.device_id]


def olm_message(sender: Olm, recipient: Olm, type_: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A to-device message that really is encrypted for the recipient."""
    device = acquaint(sender, recipient)
    session = sender.session_store.get(device.curve25519)
    encrypted = sender._olm_encrypt(session, device, type_, dict(content))
    return {"type": "m.room.encrypted", "sender": sender.user_id, "content": encrypted}


def garbage(recipient: Olm, ciphertext: Any, sender_key: str = "A" * 43) -> dict[str, Any]:
    """A to-device message with anything at all for the recipient in it."""
    own = recipient.account.identity_keys["curve25519"]
    content = {
        "algorithm": "m.olm.v1.curve25519-aes-sha2",
        "sender_key": sender_key,
        "ciphertext": {own: ciphertext},
    }
    return {"type": "m.room.encrypted", "sender": MALLORY, "content": content}


def to_unknown_key(sender: Olm, recipient: Olm) -> dict[str, Any]:
    """A message made with a one-time key that the recipient never had, or lost."""
    lost = vodozemac.Account().curve25519_key.to_base64()
    session = OutboundSession(sender.account, recipient.account.identity_keys["curve25519"], lost)
    kind, body = session.encrypt("{}").to_parts()
    key = sender.account.identity_keys["curve25519"]
    return garbage(recipient, {"type": kind, "body": encode_base64(body)}, key)


def receive_as_stock(olm: Olm, raw: Mapping[str, Any]) -> Any:
    """What nio's own sync does with a to-device message."""
    return olm.handle_to_device_event(ToDeviceEvent.parse_event(raw))


def room_key(room: str = ROOM) -> tuple[vodozemac.GroupSession, dict[str, Any]]:
    """A room's session and the content of the m.room_key that carries it."""
    session = vodozemac.GroupSession()
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "room_id": room,
        "session_id": session.session_id,
        "session_key": session.session_key.to_base64(),
    }
    return session, content
