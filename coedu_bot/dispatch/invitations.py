"""Whose invitations the bot accepts: of people of the school, on the configured servers; nobody else's."""

from __future__ import annotations

from dataclasses import dataclass

from coedu_bot.current import Current
from coedu_bot.dispatch.belonging import belongs
from coedu_bot.events import Invitation
from coedu_bot.store.database import Transaction


@dataclass(frozen=True, slots=True)
class InvitationRule:
    """Allowed are server names, Matrix IDs, or `*`; bots and strangers to the school are not followed."""

    current: Current

    async def allows(self, db: Transaction, invitation: Invitation) -> bool:
        """Whether to accept."""
        sender = invitation.sender
        server = sender.partition(":")[2]
        invited = bool({"*", sender, server} & set(self.current.invited_by))
        return invited and await belongs(db, self.current.school, sender)
