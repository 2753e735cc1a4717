"""Speaking to a running bot: `data/control.sock`, one verb a connection, JSON lines.

A request is `{"verb": "reload", …arguments}`; the answers are any number of `{"progress": …}` and at last
`{"ok": true, …}` or `{"ok": false, "problem": "…"}`. Only the user who runs the bot may connect (0600).
"""

from coedu_bot.control.client import NotRunning, ask
from coedu_bot.control.server import ControlServer, Refusal, Tell, Verb

__all__ = ["ControlServer", "NotRunning", "Refusal", "Tell", "Verb", "ask"]
