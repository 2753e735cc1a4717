"""Announcements: one text to one or more rooms, read by everyone at the same moment.

Families say "read" with one tap; teachers see who has not, and write to them.
"""

from plugins.announcements import follow_up, handlers
from plugins.announcements.registration import plugin

__all__ = ["follow_up", "handlers", "plugin"]
