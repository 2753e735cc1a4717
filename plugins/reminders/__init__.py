"""Reminders: a text said again at its hour, to oneself or to a room, once or every Monday.

Dates are read as people write them; the answer always spells out what was understood.
"""

from plugins.reminders import changing, handlers, saying
from plugins.reminders.registration import plugin

__all__ = ["changing", "handlers", "plugin", "saying"]
