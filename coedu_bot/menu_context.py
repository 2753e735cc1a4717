"""What the handler of a menu is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coedu_bot.context import Context, S
from coedu_bot.effects import Post, Priority
from coedu_bot.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuContext(Context[S]):
    """Somebody chose from our menu `name`, by a vote or in words; the menu itself is gone by then.

    `words` is the choice as they read it; `voted_at` by the homeserver's clock, never later than now.
    """

    name: str
    choice: str
    words: str
    item: str | None
    payload: Any
    voted_at: datetime

    def respond(self, message: Message, *, item: str | None = None, **more: Any) -> Post:
        """A quiet answer in the direct room; it replies to words, never to a vote."""
        priority = more.pop("priority", Priority.ANSWER)
        return Post(
            room=self.room.id, message=message, item=item, answers=self.handle, priority=priority, **more
        )
