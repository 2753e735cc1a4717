"""Senders may say why they give no key: they do not trust our device, or could not reach it."""

from __future__ import annotations

from coedu_bot.events import KeyWithheld
from coedu_bot.matrix.json_values import Malformed, Raw, identifier, mapping_or_empty, text

_CODES = frozenset({"m.blacklisted", "m.unverified", "m.unauthorised", "m.unavailable", "m.no_olm"})


def withheld_key(raw: Raw) -> KeyWithheld | None:
    """The refusal in a to-device message; None if it is something else, or nonsense."""
    content = mapping_or_empty(raw.get("content"))
    if raw.get("type") != "m.room_key.withheld" or content.get("code") not in _CODES:
        return None
    try:
        return KeyWithheld(
            session_id=text(content.get("session_id", "")),
            room_id=identifier(content.get("room_id", "!"), "!") if "room_id" in content else "",
            sender=identifier(raw.get("sender"), "@"),
            code=content["code"],
        )
    except Malformed:
        return None
