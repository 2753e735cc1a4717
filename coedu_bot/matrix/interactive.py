"""Calls for which a homeserver asks for the password again: replacing an identity, removing a device."""

from __future__ import annotations

from typing import Any

from coedu_bot.events import UserId
from coedu_bot.homeserver import Refused
from coedu_bot.matrix.http import AuthenticationWanted, Http


async def call_with_password(
    http: Http, path: str, body: dict[str, Any], user: UserId, password: str | None
) -> dict[str, Any]:
    """POST, with the password only if it is asked for. Raises Refused without one, or with a wrong one."""
    try:
        return await http.call("POST", path, body)
    except AuthenticationWanted as wanted:
        if password is None:
            raise Refused("M_FORBIDDEN", "the homeserver asks for the account's password") from wanted
        auth = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": user},
            "password": password,
            "session": wanted.session,
        }
    return await http.call("POST", path, {**body, "auth": auth})
