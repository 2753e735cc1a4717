"""The device that asks to verify the bot; it speaks Matrix by itself, not with our code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import vodozemac

from coedu_bot.homeserver import Unreachable
from coedu_bot.matrix.exchange import Doors
from coedu_bot.matrix.sas import Party
from coedu_bot.matrix.verification import Verifications
from coedu_bot.matrix.verification_window import Window
from coedu_bot.testing import FakeClock

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
US, THEM = Party("@coedu:test", "BOT"), Party("@martin:test", "PHONE")
KEYS = {"ed25519:PHONE": "phone", "ed25519:MASTER": "master"}
ID = "transaction"
START = {
    "from_device": THEM.device,
    "method": "m.sas.v1",
    "key_agreement_protocols": ["curve25519-hkdf-sha256", "curve25519"],
    "hashes": ["sha256"],
    "message_authentication_codes": ["hkdf-hmac-sha256.v2", "hkdf-hmac-sha256"],
    "short_authentication_string": ["decimal", "emoji"],
    "transaction_id": ID,
}
REQUEST = {
    "from_device": THEM.device,
    "methods": ["m.sas.v1", "m.qr_code.show.v1"],
    "timestamp": NOW.timestamp() * 1000,
    "transaction_id": ID,
}


@dataclass
class Other:
    """A homeserver with one other device on it."""

    doors: Verifications = field(init=False)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    verified: list[Party] = field(default_factory=list)
    sas: Any = field(default_factory=vodozemac.Sas)
    agreed: Any = None
    is_away: bool = False
    has_others: bool = False
    own: str = ""

    def __post_init__(self) -> None:
        self.own = str(self.sas.public_key.to_base64())
        ways = (self.take, self.take_in_room, self.keys_of, self.our_keys, self.others_may_answer)
        doors = Doors(US, *ways, self.mark)
        self.doors = Verifications(doors, self.clock, may_ask=lambda user: user == THEM.user)

    async def take(self, type_: str, body: Any) -> None:
        if self.is_away:
            raise Unreachable("away")
        (devices,) = body["messages"].values()
        (content,) = devices.values()
        self.got.append((type_.removeprefix("m.key.verification."), content))

    async def take_in_room(self, room: str, type_: str, content: Any) -> None:
        self.got.append((type_.removeprefix("m.key.verification."), dict(content)))

    async def keys_of(self, party: Party) -> dict[str, str]:
        return KEYS if party == THEM else {}

    async def our_keys(self) -> dict[str, str]:
        return {"ed25519:BOT": "bot"}

    async def others_may_answer(self, party: Party) -> bool:
        return self.has_others

    async def mark(self, party: Party) -> None:
        self.verified.append(party)

    async def say(self, kind: str, content: dict[str, Any], sender: str = THEM.user) -> str:
        """Returns what comes back: the kind of the last message, or the code of a cancellation."""
        raw = {"type": f"m.key.verification.{kind}", "sender": sender, "content": content}
        before = len(self.got)
        self.doors.hear_devices({"to_device": {"events": [raw]}})
        await self.doors.keep_house()
        if len(self.got) == before:
            return ""
        last, answer = self.got[-1]
        return str(answer["code"]) if last == "cancel" else last

    async def in_room(self, event: dict[str, Any]) -> str:
        before = len(self.got)
        self.doors.hear_room(event, "!room:test")
        await self.doors.keep_house()
        return "" if len(self.got) == before else str(self.got[-1][1].get("code", self.got[-1][0]))

    def answer(self, kind: str) -> dict[str, Any]:
        return next(content for one, content in reversed(self.got) if one == kind)

    def key(self) -> str:
        return self.own

    def secret(self) -> Any:
        if self.agreed is None:  # a key agrees once
            key = vodozemac.Curve25519PublicKey.from_base64(self.answer("key")["key"])
            self.agreed = self.sas.diffie_hellman(key)
        return self.agreed

    def code(self) -> list[int]:
        theirs = f"{THEM.user}|{THEM.device}|{self.key()}"
        ours = f"{US.user}|{US.device}|{self.answer('key')['key']}"
        return list(self.secret().bytes(f"MATRIX_KEY_VERIFICATION_SAS|{theirs}|{ours}|{ID}").emoji_indices)

    def word(self, keys: dict[str, str]) -> dict[str, Any]:
        secret, about = (
            self.secret(),
            f"MATRIX_KEY_VERIFICATION_MAC{THEM.user}{THEM.device}{US.user}{US.device}",
        )
        macs = {id_: secret.calculate_mac(key, f"{about}{ID}{id_}") for id_, key in keys.items()}
        names = secret.calculate_mac(",".join(sorted(keys)), f"{about}{ID}KEY_IDS")
        return {"transaction_id": ID, "mac": macs, "keys": names}

    async def until_shown(self, window: Window | None = None) -> Window:
        window = self.doors.window = window or Window()
        assert await self.say("request", REQUEST) == "ready"
        assert await self.say("start", START) == "accept"
        assert await self.say("key", {"transaction_id": ID, "key": self.key()}) == "key"
        assert window.shown.is_set()
        return window
