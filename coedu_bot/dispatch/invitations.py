"""Whose invitations the bot accepts: of the configured servers or people, nobody else's."""

from __future__ import annotations

from dataclasses import dataclass

from coedu_bot.current import Current
from coedu_bot.events import Invitation, UserId
from coedu_bot.store import people
from coedu_bot.store.database import Transaction


@dataclass(frozen=True, slots=True)
class InvitationRule:
    """Allowed are server names, Matrix IDs, or `*`; bots are never followed."""

    current: Current

    async def allows(self, db: Transaction, invitation: Invitation) -> bool:
        """Whether to accept."""
        sender = invitation.sender
        server = sender.partition(":")[2]
        allowed = set(self.current.invited_by)
        return sender not in self.current.school.bots and bool({"*", sender, server} & allowed)

    async def lacks_direct(self, db: Transaction, user: UserId) -> bool:
        direct = await people.get_direct(db, user)
        return direct is None or direct.state in ("left", "creating")
