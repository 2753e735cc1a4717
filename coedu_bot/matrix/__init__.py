"""Everything that knows matrix-nio and HTTP: nobody else does."""

from coedu_bot.matrix.account import Login
from coedu_bot.matrix.client import MatrixClient, open_client

__all__ = ["Login", "MatrixClient", "open_client"]
