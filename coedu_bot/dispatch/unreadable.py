"""A message whose key has not come: somebody has to be told that it was not heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from coedu_bot.effects import Effects, Wake
from coedu_bot.events import Undecryptable

_KEYS_COME_WITHIN = timedelta(minutes=1)
_STILL_NEWS = timedelta(days=1)


def wait_for_key(event: Undecryptable, now: datetime) -> Effects:
    """Look again in a minute; what is older than a day its author has long given up."""
    if now - event.sent_at > _STILL_NEWS:
        return ()
    about = {"event": event.event_id, "sender": event.sender, "sent_at": event.sent_at.isoformat()}
    return Wake(name="unreadable", at=now + _KEYS_COME_WITHIN, payload=about)
