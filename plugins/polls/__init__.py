"""Polls: a question to a room, every voice counted once, openly, at the end, or in secret.

Families answer on the poll itself or privately; dates are found together the same way.
"""

from plugins.polls import handlers
from plugins.polls.registration import plugin

__all__ = ["handlers", "plugin"]
