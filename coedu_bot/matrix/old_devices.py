"""Devices the bot has left behind are removed from the account: nobody should encrypt for them any more."""

from __future__ import annotations

from coedu_bot.homeserver import HomeserverError, SessionLost
from coedu_bot.log import logger
from coedu_bot.matrix.account import DEVICE_NAME, Login, Session
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.interactive import call_with_password
from coedu_bot.matrix.json_values import items, mapping_or_empty

log = logger(__name__)


async def earlier_devices(http: Http, session: Session) -> list[str]:
    """The bot's devices on machines that are gone: they bear its name; a person's own do not."""
    answer = await http.call("GET", "/v3/devices")
    found = [mapping_or_empty(device) for device in items(answer.get("devices"))]
    ours = [str(device.get("device_id")) for device in found if device.get("display_name") == DEVICE_NAME]
    return [device for device in ours if device != session.device_id]


async def remove_devices(http: Http, login: Login, session: Session, devices: list[str]) -> bool:
    """True when they are gone; without the password it has to wait."""
    try:
        await call_with_password(
            http, "/v3/delete_devices", {"devices": devices}, session.user_id, login.password
        )
    except SessionLost:
        raise
    except HomeserverError as problem:
        log.warning("old-devices-stay", devices=devices, problem=str(problem))
        return False
    log.info("old-devices-removed", devices=devices)
    return True
